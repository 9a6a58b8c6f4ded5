"""La situation complexe : un code, jamais un nom ; tout ce qui parle de la personne est chiffré par la clé du dossier (O-01).

Aucune colonne ne porte de texte sur la situation. Le récit ne s’ouvre que par `concertation.actions.recits`, qui écrit au
journal avant de montrer.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from concertation.models.impasse import Theme
from encadrement.demandes.models import DemandeService
from encadrement.personnes.models import Direction, Personne
from encadrement.socle import coffre
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class EtatSituation(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    A_ATTESTER = "a_attester", "à attester par le gestionnaire"
    TRANSMISE = "transmise", "recevabilité à analyser"
    RECEVABLE = "recevable", "à inscrire à une rencontre"
    INSCRITE = "inscrite", "inscrite à une rencontre"
    PRESENTEE = "presentee", "plan de concertation à établir"
    EN_SUIVI = "en_suivi", "orientations en suivi"
    FERMEE = "fermee", "fermée"
    NON_RECEVABLE = "non_recevable", "non recevable"
    RETIREE = "retiree", "retirée"
    DETRUITE = "detruite", "détruite"


FINALES = (EtatSituation.FERMEE, EtatSituation.NON_RECEVABLE, EtatSituation.RETIREE)
DEPOSEES = tuple(set(EtatSituation) - {EtatSituation.BROUILLON, EtatSituation.A_ATTESTER, EtatSituation.DETRUITE})


class SorteImpasse(models.TextChoices):
    """De quoi vient l’impasse (R-212, R-215)."""

    CLINIQUE = "clinique", "clinique"
    ORGANISATION = "organisation", "d’organisation de services"
    LES_DEUX = "les_deux", "clinique et d’organisation de services"


class Information(models.TextChoices):
    """Comment la personne a été informée que sa situation serait présentée (O-06)."""

    VERBALEMENT = "verbalement", "verbalement"
    ECRIT = "ecrit", "par écrit"
    REPRESENTANT = "representant", "par son représentant"


class Reorientation(models.TextChoices):
    """Où va une demande non recevable : jamais nulle part (Q-03)."""

    EXPERT = "expert", "vers la consultation d’un expert"
    SERVICE = "service", "vers un programme ou un service"
    EQUIPE = "equipe", "vers l’équipe, avec le soutien du gestionnaire"
    JEUNESSE = "jeunesse", "vers le mécanisme destiné aux moins de 18 ans"
    AUTRE = "autre", "vers une autre ressource"


class SituationComplexe(ObjetSuivi):
    """La situation d’un adulte, présentée au comité sous un code (R-213, R-220) ; son récit est ailleurs, chiffré."""

    numero = models.CharField("code", max_length=20, unique=True)
    demandeur = models.ForeignKey(
        Personne, models.PROTECT, related_name="situations", verbose_name="intervenant responsable"
    )
    etat = models.CharField("état", max_length=15, choices=EtatSituation, default=EtatSituation.BROUILLON)
    adulte = models.BooleanField("la personne a 18 ans ou plus", default=False)
    impasse = models.CharField("impasse", max_length=15, choices=SorteImpasse, blank=True)
    directions = models.ManyToManyField(Direction, blank=True, related_name="situations")
    informee_le = models.DateField("personne informée le", null=True, blank=True)
    informee_comment = models.CharField("informée", max_length=15, choices=Information, blank=True)
    discutee_le = models.DateField("discutée avec le gestionnaire le", null=True, blank=True)
    attestee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="démarches attestées par"
    )
    attestee_le = models.DateTimeField("attestée le", null=True, blank=True)
    reorientation = models.CharField("réorientation", max_length=12, choices=Reorientation, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="situations")
    # D’où elle vient quand une consultation y a mené : rien n’a été ressaisi.
    demande_service = models.OneToOneField(
        DemandeService, models.PROTECT, null=True, blank=True, related_name="situation"
    )
    fermee_le = models.DateTimeField("fermée le", null=True, blank=True)
    # Trente jours après la fermeture, le dossier se referme pour tous.
    verrou_le = models.DateTimeField("se referme le", null=True, blank=True)
    detruire_le = models.DateField("à détruire le", null=True, blank=True)

    class Meta:
        verbose_name = "situation complexe"
        verbose_name_plural = "situations complexes"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "retiree", "detruite"]) | Q(adulte=True),
                name="situation_d_un_adulte",
                violation_error_message="Le comité traite la situation d’adultes de 18 ans et plus.",
            )
        ]
        indexes = [
            models.Index(
                fields=["depuis"],
                condition=~Q(etat__in=["fermee", "non_recevable", "retiree", "detruite"]),
                name="situation_en_cours",
            )
        ]

    def __str__(self):
        return f"Situation {self.numero}"

    def get_absolute_url(self):
        return reverse("concertation:situation", args=[self.uuid])

    def ecrire_motif(self, texte):
        return coffre.chiffrer(self.uuid, texte) if texte else ""

    @property
    def est_modifiable(self):
        return self.etat == EtatSituation.BROUILLON

    @property
    def inscription(self):
        """L’inscription en vigueur à une rencontre, ou None."""
        return self.inscriptions.filter(reportee=False).select_related("rencontre").order_by("-pk").first()


def motif_en_clair(nom, motif):
    """Rend le motif d’un passage, ou ce qu’il en reste une fois la clé détruite."""
    if not motif:
        return ""
    return coffre.dechiffrer(nom, motif) if coffre.a_une_cle(nom) else "Contenu détruit."


class PassageSituation(PassageAbstrait):
    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une situation complexe"
        indexes = [models.Index(fields=["transition", "quand"], include=["situation"], name="passage_situation_quand")]

    @property
    def texte(self):
        return motif_en_clair(self.situation.uuid, self.motif)


class Recit(models.Model):
    """Ce qui parle de la personne : le formulaire, ce qui a été entendu, le plan. Un seul champ, illisible sans la clé."""

    situation = models.OneToOneField(SituationComplexe, models.PROTECT, related_name="recit")
    chiffre = models.TextField("contenu chiffré")
    # Vérifié à l’écriture : une règle n’a pas à ouvrir le coffre.
    complet = models.BooleanField("l’essentiel est écrit", default=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    CHAMPS = (
        "question",
        "contexte",
        "recherches",
        "attentes",
        "partenaires",
        "disponibilites",
        "precision_impasse",
        "precision_information",
        "discussion",
        "plan",
    )
    REQUIS = ("question", "contexte", "recherches", "attentes")

    class Meta:
        verbose_name = "récit d’une situation"

    def __str__(self):
        return f"Récit, {self.situation}"
