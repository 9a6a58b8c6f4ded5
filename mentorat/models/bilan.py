"""Les bilans de l’annexe 4, à la mi-temps et à la fin (R-335 à R-342)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from encadrement.parametres.lecture import valeur
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Instantane
from encadrement.socle.temps import ecrire_duree, jour_local
from mentorat.models.entente import Activite, Entente, Objectif


class Sorte(models.TextChoices):
    MI_TEMPS = "mi_temps", "bilan de mi-temps"
    FINAL = "final", "évaluation finale"


class Couleur(models.TextChoices):
    """L’état d’un objectif ou d’une activité (R-337)."""

    VERT = "vert", "atteint ou réalisé"
    JAUNE = "jaune", "partiellement atteint ou réalisé"
    ROUGE = "rouge", "non atteint ou non réalisé"


class Bilan(models.Model):
    """Un bilan de l’entente ; ses nombres viennent du journal des rencontres, jamais d’une saisie."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="bilans")
    sorte = models.CharField("sorte", max_length=10, choices=Sorte)
    commentaires = models.TextField("commentaires", blank=True)
    forces = models.TextField("forces du mentoré", blank=True)
    cibles = models.TextField("cibles de développement", blank=True)
    recommandations = models.TextField("recommandations du mentor", blank=True)
    poursuite = models.BooleanField("une poursuite est nécessaire au-delà de la période prévue", default=False)
    justification = models.TextField("justification de la poursuite", blank=True)
    version = models.PositiveIntegerField(default=0)
    confirme_mentor_le = models.DateTimeField("confirmé par le mentor le", null=True)
    confirme_mentore_le = models.DateTimeField("confirmé par le mentoré le", null=True)
    instantane = models.ForeignKey(Instantane, models.PROTECT, null=True, related_name="+")
    modifie_le = models.DateTimeField("modifié le", null=True)
    modifie_par = models.ForeignKey(Personne, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "bilan"
        constraints = [
            models.UniqueConstraint(fields=["entente", "sorte"], name="bilan_un_par_sorte"),
            models.CheckConstraint(
                condition=~Q(sorte="final") | Q(confirme_mentor_le__isnull=True, confirme_mentore_le__isnull=True),
                name="bilan_final_signe_non_confirme",
            ),
        ]

    def __str__(self):
        return f"{self.get_sorte_display()}, entente {self.entente.numero}"

    @property
    def est_confirme(self):
        return bool(self.confirme_mentor_le and self.confirme_mentore_le)

    @property
    def jour_d_arret(self):
        """Le dernier jour dont les rencontres comptent : celui de la confirmation, sinon aujourd’hui."""
        confirmations = [le for le in (self.confirme_mentor_le, self.confirme_mentore_le) if le]
        return jour_local(max(confirmations)) if self.est_confirme else jour_local()

    def rencontres(self):
        return self.entente.rencontres.filter(jour__lte=self.jour_d_arret)

    def lignes(self):
        """Rend les objectifs avec leur état et ceux de leurs activités, et l’état de mi-temps pour le mouvement."""
        etats, activites = self._couleurs(self.sorte)
        avant, activites_avant = self._couleurs(Sorte.MI_TEMPS) if self.sorte == Sorte.FINAL else ({}, {})
        return [
            {
                "objectif": objectif,
                "etat": etats.get(objectif.pk, ""),
                "avant": avant.get(objectif.pk, ""),
                "activites": [
                    {
                        "activite": activite,
                        "etat": activites.get(activite.pk, ""),
                        "avant": activites_avant.get(activite.pk, ""),
                    }
                    for activite in objectif.activites.all()
                ],
            }
            for objectif in self.entente.objectifs.prefetch_related("activites")
        ]

    def _couleurs(self, sorte):
        return tuple(
            dict(modele.objects.filter(bilan__entente=self.entente, bilan__sorte=sorte).values_list(cle, "couleur"))
            for modele, cle in ((EtatObjectif, "objectif_id"), (EtatActivite, "activite_id"))
        )

    def contenu(self):
        """Rend le contenu à figer (annexe 4, mi-temps ou finale), fait de valeurs simples."""
        nombre, _, moyenne = self.rencontres().bilan()
        contenu = {
            "entente": self.entente.en_tete(),
            "nombre_rencontres": nombre,
            "duree_moyenne": ecrire_duree(moyenne),
            "objectifs": [
                {
                    "texte": ligne["objectif"].texte,
                    "etat": ligne["etat"],
                    "avant": ligne["avant"],
                    "activites": [
                        {"texte": rangee["activite"].texte, "etat": rangee["etat"]} for rangee in ligne["activites"]
                    ],
                }
                for ligne in self.lignes()
            ],
            "commentaires": self.commentaires,
            "etablissement": settings.ETABLISSEMENT_NOM,
            "courriel_dsm": valeur("adresses.dsm"),
        }
        return {**contenu, **(self._contenu_final() if self.sorte == Sorte.FINAL else self._contenu_mi_temps())}

    def _contenu_final(self):
        return {
            "forces": self.forces,
            "cibles": self.cibles,
            "recommandations": self.recommandations,
            "poursuite": self.poursuite,
            "justification": self.justification,
        }

    def _contenu_mi_temps(self):
        parties = (
            (self.entente.mentor, "mentor", self.confirme_mentor_le),
            (self.entente.mentore, "mentoré", self.confirme_mentore_le),
        )
        return {
            "confirmations": [
                {"nom": personne.nom_complet, "titre": titre, "le": jour_local(le).isoformat()}
                for personne, titre, le in parties
                if le
            ]
        }


class EtatObjectif(models.Model):
    # CASCADE : l’état d’une ligne n’existe que dans son bilan.
    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="etats_objectifs")
    objectif = models.ForeignKey(Objectif, models.PROTECT, related_name="etats")
    couleur = models.CharField("état", max_length=6, choices=Couleur)

    class Meta:
        verbose_name = "état d’un objectif"
        constraints = [models.UniqueConstraint(fields=["bilan", "objectif"], name="etat_objectif_unique")]

    def __str__(self):
        return f"{self.objectif} : {self.couleur}"


class EtatActivite(models.Model):
    # CASCADE : l’état d’une ligne n’existe que dans son bilan.
    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="etats_activites")
    activite = models.ForeignKey(Activite, models.PROTECT, related_name="etats")
    couleur = models.CharField("état", max_length=6, choices=Couleur)

    class Meta:
        verbose_name = "état d’une activité"
        constraints = [models.UniqueConstraint(fields=["bilan", "activite"], name="etat_activite_unique")]

    def __str__(self):
        return f"{self.activite} : {self.couleur}"
