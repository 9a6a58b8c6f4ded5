"""La demande de service à la DSM, volet pratiques professionnelles (annexe 11, R-400) : un formulaire, trois volets.

Le formulaire est une base abstraite : la consultation d’experts en fait une étape de sa demande, le comité aura sa propre
table, chiffrée autrement. Le soutien d’un APPR, commun à toutes les mesures, vit ici (R-065, R-136).
"""

from django.db import models
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.signatures.models import Instantane
from encadrement.socle.champs import ChampChiffre
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class Volet(models.TextChoices):
    EXPERT = "expert", "consultation d’un expert"
    COMITE = "comite", "comité de concertation pour les cas complexes"
    SOUTIEN = "soutien", "soutien d’un APPR"


class FormulaireDSM(models.Model):
    """Ce que la DSM demande à chaque volet ; les textes, qui parlent d’une situation, sont chiffrés au repos (Q-01, Q-19)."""

    question = ChampChiffre("question précise", blank=True, default="")
    contexte = ChampChiffre("contexte clinique dépersonnalisé", blank=True, default="")
    recherches = ChampChiffre("recherches et démarches déjà faites", blank=True, default="")
    attentes = ChampChiffre("attentes", blank=True, default="")
    partenaires = ChampChiffre("programmes et partenaires en cause", blank=True, default="")
    disponibilites = models.CharField("disponibilités", max_length=300, blank=True)
    discutee_le = models.DateField("discutée avec le gestionnaire le", null=True, blank=True)
    instantane = models.ForeignKey(
        Instantane, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="formulaire signé"
    )

    CHAMPS = ("question", "contexte", "recherches", "attentes", "partenaires", "disponibilites")

    class Meta:
        abstract = True

    @property
    def reponses(self):
        """Rend les champs du formulaire : de quoi remplir un autre volet sans rien ressaisir."""
        return {champ: getattr(self, champ) for champ in FormulaireDSM.CHAMPS}


class EtatService(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    TRANSMISE = "transmise", "transmise à la DSM"
    PRISE_EN_CHARGE = "prise_en_charge", "prise en charge"
    CLOSE = "close", "close"
    RETIREE = "retiree", "retirée"


class DemandeService(FormulaireDSM, ObjetSuivi):
    """Une demande adressée à la DSM : soutien d’un APPR, ou cas à présenter au comité (R-065, R-136, R-220)."""

    numero = models.CharField("numéro", max_length=20, unique=True)
    volet = models.CharField("volet", max_length=10, choices=Volet)
    demandeur = models.ForeignKey(Personne, models.PROTECT, related_name="demandes_service", verbose_name="demandeur")
    mesure = models.CharField("mesure", max_length=20, blank=True)
    etat = models.CharField("état", max_length=20, choices=EtatService, default=EtatService.BROUILLON)
    prise_en_charge_par = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")
    suite = ChampChiffre("ce qui a été fait", blank=True, default="")
    minutes = models.PositiveIntegerField("temps donné (minutes)", null=True, blank=True)

    class Meta:
        verbose_name = "demande de service à la DSM"
        verbose_name_plural = "demandes de service à la DSM"
        ordering = ["-cree_le"]
        indexes = [
            models.Index(
                fields=["depuis"],
                condition=models.Q(etat__in=["brouillon", "transmise", "prise_en_charge"]),
                name="demande_service_en_attente",
            )
        ]

    def __str__(self):
        return f"Demande à la DSM {self.numero}"

    def get_absolute_url(self):
        return reverse("demandes:demande", args=[self.uuid])

    @property
    def est_modifiable(self):
        return self.etat == EtatService.BROUILLON


class PassageDemandeService(PassageAbstrait):
    demande = models.ForeignKey(DemandeService, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une demande de service"
