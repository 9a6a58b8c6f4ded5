"""Un objet suivi change d’état par `franchir()` seulement, et garde la trace de chaque passage."""

import uuid

from django.db import models, transaction
from django.utils import timezone

from encadrement.journal.actions import consigner
from encadrement.journal.models import AjoutSeul
from encadrement.notifications.actions import retirer_relances
from encadrement.personnes.models import Personne
from encadrement.trajectoire.transition import MotifRequis, RaisonRequise, TransitionImpossible


class PassageAbstrait(AjoutSeul):
    """Un passage : de quel état vers quel autre, par qui, à quel titre, avec quel motif ; ne se corrige pas."""

    transition = models.CharField("transition", max_length=60)
    de = models.CharField("de", max_length=30)
    vers = models.CharField("vers", max_length=30)
    par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="par")
    titre = models.CharField("à titre de", max_length=120)
    au_nom_de = models.ForeignKey(
        Personne, models.PROTECT, null=True, related_name="+", verbose_name="par délégation de"
    )
    motif = models.TextField("motif", blank=True)
    avertissements = models.JSONField("avertissements levés", default=list)
    quand = models.DateTimeField("quand", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return f"{self.de} → {self.vers}"

    @property
    def texte(self):
        """Le motif tel qu’on le lit ; une mesure qui le chiffre l’ouvre ici."""
        return self.motif


class ObjetSuivi(models.Model):
    """Un dossier avec un état, une adresse publique et des passages (`related_name="passages"`)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    depuis = models.DateTimeField("dans cet état depuis", auto_now_add=True)

    class Meta:
        abstract = True

    def verrouiller(self):
        """Verrouille la ligne et relit ses champs ; à appeler dans une transaction."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update(of=("self",)))
        return self

    @transaction.atomic
    def franchir(self, transition, *, par, motif="", raison=""):
        """Verrouille, relit, vérifie droit, état et règles ; écrit l’état, le passage et le journal ; rend le passage.

        Lève AccesRefuse (pas à ce titre), TransitionImpossible (état ou règle de force D), RaisonRequise
        (recommandation de force S sans raison) ou MotifRequis. Rien n’est écrit en cas de refus.
        """
        self.verrouiller()
        titre = self._titre(transition, par)
        if raisons := transition.refus(self):
            raise TransitionImpossible(raisons)
        ecarts = transition.avertit(self)
        if ecarts and not raison.strip():
            raise RaisonRequise(ecarts)
        if transition.motif_requis and not motif.strip():
            raise MotifRequis("Écrivez le motif : la personne concernée doit pouvoir comprendre la décision.")
        return self._passer(transition, par, titre, motif, raison, ecarts)

    def _titre(self, transition, par):
        if transition.automatique and par.pk == Personne.objects.systeme().pk:
            return None
        return transition.droits.exiger(par, transition.code, self)

    def ecrire_motif(self, texte):
        """Rend le motif tel que le passage le garde ; une mesure dont les motifs sont confidentiels le chiffre ici."""
        return texte

    def _passer(self, transition, par, titre, motif, raison, ecarts):
        depart = self.etat
        if transition.vers is not None and transition.vers != depart:
            self.etat = transition.vers
            self.depuis = timezone.now()
            self.save(update_fields=["etat", "depuis"])
            # Une relance encore en file parlait de l’état qu’on quitte.
            retirer_relances(self)
        consigner(
            f"{self._meta.label_lower}.{transition.code}",
            self,
            par=par,
            titre=titre.libelle if titre else "application",
            details={"de": depart, "vers": self.etat},
        )
        return self.passages.create(
            transition=transition.code,
            de=depart,
            vers=self.etat,
            par=par,
            titre=titre.libelle if titre else "application",
            au_nom_de=titre.au_nom_de(par, self) if titre else None,
            motif=self.ecrire_motif("\n".join(texte for texte in (motif.strip(), raison.strip()) if texte)),
            avertissements=[ecart.texte for ecart in ecarts],
        )
