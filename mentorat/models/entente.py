"""L’entente de mentorat de l’annexe 4 : parties, besoins, objectifs, fréquence, période (R-327 à R-334)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from encadrement.cadre.ressources import empreinte, ressource
from encadrement.parametres.lecture import valeur
from encadrement.personnes.identite import identite
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Instantane
from encadrement.socle.temps import ajouter_mois, ecrire_duree, jour_local
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait
from mentorat.models.demande import Besoins, DemandeMentorat

DUREE_MAXIMALE_MOIS = 6
TEXTE_MAXIMAL = 20_000
OBJECTIFS_MAXIMUM = 40


class EtatEntente(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    A_SIGNER = "a_signer", "à signer"
    A_APPROUVER = "a_approuver", "à approuver"
    ACTIVE = "active", "active"
    EN_EVALUATION = "en_evaluation", "en évaluation finale"
    A_CLORE = "a_clore", "à clore"
    CLOSE = "close", "close"
    FIN_DEMANDEE = "fin_demandee", "fin demandée"
    CESSEE = "cessee", "cessée"
    ABANDONNEE = "abandonnee", "abandonnée"
    REFUSEE = "refusee", "refusée"


# Les états où l’entente a été approuvée : ce que la DSM, les APPR et la DRHCAJ peuvent voir commence là.
APPROUVEES = (
    EtatEntente.ACTIVE,
    EtatEntente.EN_EVALUATION,
    EtatEntente.A_CLORE,
    EtatEntente.CLOSE,
    EtatEntente.FIN_DEMANDEE,
    EtatEntente.CESSEE,
)
VIVANTES = (EtatEntente.ACTIVE, EtatEntente.EN_EVALUATION, EtatEntente.FIN_DEMANDEE)
# Les états où quelqu’un doit signer, approuver ou conclure.
EN_ATTENTE = (
    EtatEntente.A_SIGNER,
    EtatEntente.A_APPROUVER,
    EtatEntente.EN_EVALUATION,
    EtatEntente.A_CLORE,
    EtatEntente.FIN_DEMANDEE,
)


class EntenteQuerySet(models.QuerySet):
    def avec_parties(self):
        return self.select_related(
            "mentor__service__direction",
            "mentor__titre_emploi",
            "mentore__service__direction",
            "mentore__titre_emploi",
            "mentore__superieur",
        )

    def vivantes(self):
        return self.filter(etat__in=VIVANTES)

    def de_la_personne(self, personne):
        return self.filter(Q(mentor=personne) | Q(mentore=personne))


class Entente(Besoins, ObjetSuivi):
    """L’engagement signé du mentor, du mentoré et du gestionnaire du mentoré."""

    numero = models.CharField("numéro", max_length=20, unique=True)
    demande = models.OneToOneField(DemandeMentorat, models.PROTECT, null=True, related_name="entente")
    mentor = models.ForeignKey(Personne, models.PROTECT, related_name="ententes_mentor")
    mentore = models.ForeignKey(Personne, models.PROTECT, related_name="ententes_mentore", verbose_name="mentoré")
    etat = models.CharField("état", max_length=20, choices=EtatEntente, default=EtatEntente.BROUILLON)
    frequence = models.CharField("fréquence des rencontres", max_length=200, blank=True)
    duree_rencontres = models.PositiveIntegerField("durée des rencontres (minutes)", null=True, blank=True)
    debut = models.DateField("du", null=True, blank=True)
    fin = models.DateField("au", null=True, blank=True)
    fin_initiale = models.DateField("fin convenue à la signature", null=True, blank=True)
    prise_d_effet = models.DateTimeField("approuvée le", null=True, blank=True)
    regles_ethique_version = models.PositiveSmallIntegerField("version des règles d’éthique", default=1)
    # Deux jours gardés pour que le balayage des relances ne lise que les dossiers qu’il peut concerner.
    mi_temps_le = models.DateField("bilan de mi-temps attendu le", null=True, blank=True)
    sans_rencontre_depuis = models.DateField("sans rencontre depuis le", null=True, blank=True)
    instantane = models.ForeignKey(Instantane, models.PROTECT, null=True, blank=True, related_name="+")
    modifiee_le = models.DateTimeField("modifiée le", null=True, blank=True)
    modifiee_par = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")

    objects = EntenteQuerySet.as_manager()

    class Meta:
        verbose_name = "entente de mentorat"
        verbose_name_plural = "ententes de mentorat"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(mentor=F("mentore")),
                name="entente_deux_personnes",
                violation_error_message="Le mentor et le mentoré sont deux personnes différentes.",
            ),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(debut__isnull=True) | Q(fin__gte=F("debut")),
                name="entente_fin_apres_debut",
                violation_error_message="La fin de l’entente doit suivre son début.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[etat.value for etat in VIVANTES]) | Q(debut__isnull=False, fin__isnull=False),
                name="entente_active_a_une_periode",
            ),
        ]
        indexes = [
            models.Index(fields=["fin"], condition=Q(etat__in=[e.value for e in VIVANTES]), name="entente_a_echeance"),
            # Partiels, à la condition même des relances.
            models.Index(
                fields=["mi_temps_le"],
                condition=Q(etat="active", mi_temps_le__isnull=False),
                name="entente_mi_temps_attendue",
            ),
            models.Index(fields=["sans_rencontre_depuis"], condition=Q(etat="active"), name="entente_sans_rencontre"),
            models.Index(
                fields=["etat", "depuis"],
                condition=Q(etat__in=[e.value for e in EN_ATTENTE]),
                name="entente_en_attente",
            ),
            # Ceux du tableau de bord : par le jour qu’il demande, avec ce qu’il compte.
            models.Index(
                fields=["fin", "debut"],
                include=["mentore"],
                condition=Q(prise_d_effet__isnull=False),
                name="entente_par_periode",
            ),
            models.Index(
                fields=["prise_d_effet"],
                include=["mentore"],
                condition=Q(prise_d_effet__isnull=False),
                name="entente_par_approbation",
            ),
            models.Index(fields=["depuis"], include=["mentore"], condition=Q(etat="close"), name="entente_par_cloture"),
        ]

    def __str__(self):
        return f"Entente {self.numero} : {self.mentor} et {self.mentore}"

    def get_absolute_url(self):
        return reverse("mentorat:entente", args=[self.uuid])

    @property
    def gestionnaire(self):
        return self.mentore.superieur

    @property
    def regles_ethique(self):
        """Le texte daté des règles d’éthique que l’entente fait accepter (annexe 6, R-333)."""
        return ressource("annexe-6", version=self.regles_ethique_version)

    @property
    def est_modifiable(self):
        return self.etat == EtatEntente.BROUILLON

    @property
    def fin_maximale(self):
        """Le dernier jour permis sans prolongation : six mois civils après le début (R-056)."""
        return ajouter_mois(self.debut, DUREE_MAXIMALE_MOIS) if self.debut else None

    @property
    def mi_temps(self):
        """Le jour du milieu de la période, arrondi au jour précédent (R-057)."""
        if not (self.debut and self.fin):
            return None
        return self.debut + datetime.timedelta(days=(self.fin - self.debut).days // 2)

    @property
    def debut_du_journal(self):
        """Le premier jour où une rencontre pouvait être consignée : le début, ou l’approbation si elle l’a suivi."""
        return max(self.debut, jour_local(self.prise_d_effet)) if self.prise_d_effet else self.debut

    @property
    def est_en_retard(self):
        return self.etat in VIVANTES and self.fin is not None and self.fin < jour_local()

    def contenu_entente(self):
        """Rend le contenu à signer, fait de valeurs simples : c’est lui que le PDF reproduit (annexe 4)."""
        return {
            "numero": self.numero,
            "mentor": identite(self.mentor),
            "mentore": identite(self.mentore),
            "gestionnaire": identite(self.gestionnaire),
            "besoins": {
                "nouvel_intervenant": self.besoin_nouvel_intervenant,
                "nouveau_programme": self.besoin_nouveau_programme,
                "competences": self.besoin_competences,
            },
            "besoin_identifie_par": self.get_identifie_par_display(),
            "objectifs": [
                {
                    "texte": objectif.texte,
                    "activites": [activite.texte for activite in objectif.activites.all() if activite.texte],
                }
                for objectif in self.objectifs.exclude(texte="").prefetch_related("activites")
            ],
            "frequence": self.frequence,
            "duree_rencontres": ecrire_duree(self.duree_rencontres),
            "debut": self.debut.isoformat(),
            "fin": self.fin.isoformat(),
            "regles_ethique": {"version": self.regles_ethique_version, "empreinte": empreinte(self.regles_ethique)},
            "etablissement": settings.ETABLISSEMENT_NOM,
            "courriel_dsm": valeur("adresses.dsm"),
        }

    def en_tete(self):
        """Rend l’identification reprise par les bilans et les attestations."""
        return {
            "numero": self.numero,
            "mentor": identite(self.mentor),
            "mentore": identite(self.mentore),
            "gestionnaire": identite(self.gestionnaire),
            "debut": self.debut.isoformat() if self.debut else "",
            "fin": self.fin.isoformat() if self.fin else "",
        }


class PassageEntente(PassageAbstrait):
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une entente"
        indexes = [
            models.Index(fields=["entente", "-quand"], condition=Q(vers="a_approuver"), name="entente_presentee_le")
        ]


class Objectif(models.Model):
    """Un objectif d’apprentissage S.M.A.R.T. du mentoré (R-329, R-330)."""

    # CASCADE : un objectif n’a pas d’existence hors du brouillon de son entente ; signé, il vit dans l’instantané.
    entente = models.ForeignKey(Entente, models.CASCADE, related_name="objectifs")
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.TextField("objectif d’apprentissage", blank=True)

    class Meta:
        verbose_name = "objectif"
        ordering = ["rang", "id"]

    def __str__(self):
        return self.texte[:60]


class Activite(models.Model):
    """Une activité à réaliser pour atteindre un objectif (R-329)."""

    # CASCADE : retirer un objectif d’un brouillon retire ses activités.
    objectif = models.ForeignKey(Objectif, models.CASCADE, related_name="activites")
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.TextField("activité à réaliser", blank=True)

    class Meta:
        verbose_name = "activité"
        ordering = ["rang", "id"]

    def __str__(self):
        return self.texte[:60]


class Destinataire(models.TextChoices):
    DSM = "dsm", "DSM"
    DRHCAJ = "drhcaj", "DRHCAJ"


class Transmission(models.Model):
    """La copie transmise à la DSM ou à la DRHCAJ, et son accusé de réception (R-070, R-343, Q-15)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="transmissions")
    nature = models.CharField(
        "document", max_length=20, choices=[("entente", "entente"), ("finale", "évaluation finale")]
    )
    destinataire = models.CharField("destinataire", max_length=10, choices=Destinataire)
    envoyee_le = models.DateTimeField("transmise le", auto_now_add=True)
    recue_le = models.DateTimeField("reçue le", null=True)
    recue_par = models.ForeignKey(Personne, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "transmission"
        ordering = ["envoyee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["entente", "nature", "destinataire"], name="transmission_une_par_destinataire"
            )
        ]

    def __str__(self):
        return f"{self.get_nature_display()} → {self.get_destinataire_display()}"


class ConditionsFavorables(models.Model):
    """Le gestionnaire confirme les conditions du mentorat : charge, rencontres, reconnaissance (R-030, R-088)."""

    entente = models.OneToOneField(Entente, models.PROTECT, related_name="conditions")
    charge_ajustee = models.BooleanField("la charge de travail est ajustée", default=False)
    rencontres_autorisees = models.BooleanField("les rencontres sont autorisées", default=False)
    reconnaissance = models.BooleanField("l’engagement du mentor est reconnu", default=False)
    precision = models.CharField("précision", max_length=300, blank=True)
    par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    le = models.DateTimeField("confirmées le", auto_now=True)

    class Meta:
        verbose_name = "conditions favorables"
        verbose_name_plural = "conditions favorables"

    def __str__(self):
        return f"Conditions de {self.entente.numero}"
