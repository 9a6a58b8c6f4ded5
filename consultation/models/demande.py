"""La demande de consultation, échelon par échelon, de ses propres recherches au RUISSS UL (R-166 à R-183, annexe 12)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from consultation.models.sujet import SujetConsultation
from encadrement.demandes.models import DemandeService, FormulaireDSM
from encadrement.personnes.models import Personne
from encadrement.socle.champs import ChampChiffre
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class EtatConsultation(models.TextChoices):
    BROUILLON = "brouillon", "recherches à consigner"
    A_DISCUTER = "a_discuter", "à discuter avec le gestionnaire"
    AUTORISEE = "autorisee", "expert à choisir"
    CHEZ_EXPERT = "chez_expert", "chez l’expert"
    ACCEPTEE = "acceptee", "acceptée par l’expert"
    AVIS_RENDU = "avis_rendu", "avis rendu"
    FORMULAIRE = "formulaire", "formulaire de la DSM à remplir"
    TRANSMISE = "transmise", "à analyser par la DSM"
    ANALYSEE = "analysee", "analysée par la DSM"
    AU_RUISSS = "au_ruisss", "acheminée au RUISSS UL"
    EN_CONTACT = "en_contact", "en contact avec l’expert du RUISSS UL"
    FERMEE = "fermee", "fermée"
    NON_PERTINENTE = "non_pertinente", "jugée non pertinente"
    AU_COMITE = "au_comite", "confiée au comité de concertation"
    RETIREE = "retiree", "retirée"


FINALES = (
    EtatConsultation.FERMEE,
    EtatConsultation.NON_PERTINENTE,
    EtatConsultation.AU_COMITE,
    EtatConsultation.RETIREE,
)


class Ampleur(models.TextChoices):
    INDIVIDUELLE = "individuelle", "individuelle"
    GROUPE = "groupe", "de groupe"


class Suite(models.TextChoices):
    """Ce que la consultation a changé (produit, section 8)."""

    DENOUEE = "denouee", "l’impasse est dénouée"
    EVITEE = "evitee", "une demande à la DSM est évitée"
    ENCORE_NECESSAIRE = "encore_necessaire", "une demande à la DSM est encore nécessaire"
    SANS_OBJET = "sans_objet", "sans objet"


class DemandeConsultation(FormulaireDSM, ObjetSuivi):
    """Une demande ponctuelle, d’une personne ou d’un groupe, pour un avis sur une question précise (R-166).

    `recherches` dit ce qui a été cherché et `constats` ce qui a été trouvé : le premier échelon, et le début du formulaire
    de la DSM s’il faut y venir.
    """

    numero = models.CharField("numéro", max_length=20, unique=True)
    demandeur = models.ForeignKey(
        Personne, models.PROTECT, related_name="demandes_consultation", verbose_name="demandeur"
    )
    etat = models.CharField("état", max_length=20, choices=EtatConsultation, default=EtatConsultation.BROUILLON)
    ampleur = models.CharField("ampleur", max_length=12, choices=Ampleur, default=Ampleur.INDIVIDUELLE)
    participants = models.ManyToManyField(Personne, blank=True, related_name="consultations_de_groupe")
    sujet = models.ForeignKey(
        SujetConsultation, models.PROTECT, null=True, blank=True, related_name="demandes", verbose_name="sujet"
    )
    constats = ChampChiffre("ce que j’ai trouvé", blank=True, default="")
    # Ce que la discussion a donné : qui l’a tenue, et si elle valait autorisation.
    discutee_avec = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="discutée avec"
    )
    a_la_dsm = models.BooleanField("transmise à la DSM", default=False)
    suite = models.CharField("suite", max_length=20, choices=Suite, blank=True)
    demande_comite = models.OneToOneField(
        DemandeService, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="demande au comité"
    )

    class Meta:
        verbose_name = "demande de consultation"
        verbose_name_plural = "demandes de consultation"
        ordering = ["-cree_le"]
        indexes = [
            models.Index(
                fields=["depuis"],
                condition=~Q(etat__in=["fermee", "non_pertinente", "au_comite", "retiree"]),
                name="consultation_en_cours",
            ),
            models.Index(
                fields=["depuis"],
                include=["suite", "demandeur"],
                condition=Q(etat="fermee"),
                name="consultation_fermee_le",
            ),
        ]

    def __str__(self):
        return f"Consultation {self.numero}"

    def get_absolute_url(self):
        return reverse("consultation:demande", args=[self.uuid])

    @property
    def sollicitation(self):
        """L’expert du CISSS sollicité en ce moment, ou celui qui a rendu l’avis ; None avant, et après un refus."""
        return self.sollicitations.en_vigueur().select_related("expert", "plage").order_by("-pk").first()

    @property
    def acheminement(self):
        """Ce que le RUISSS UL a reçu en dernier, ou None."""
        return self.acheminements.order_by("-pk").first()

    @property
    def contact(self):
        """L’acheminement dont le contact est établi, ou None : le RUISSS UL peut n’avoir pas répondu."""
        return self.acheminements.filter(contact_le__isnull=False).order_by("-pk").first()

    @property
    def est_modifiable(self):
        return self.etat in {EtatConsultation.BROUILLON, EtatConsultation.FORMULAIRE}


class PassageConsultation(PassageAbstrait):
    demande = models.ForeignKey(DemandeConsultation, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une demande de consultation"
        indexes = [
            models.Index(fields=["transition", "quand"], include=["demande"], name="passage_consultation_quand"),
            models.Index(
                fields=["quand"],
                include=["vers", "de", "demande"],
                condition=Q(vers__in=[etat.value for etat in FINALES]),
                name="passage_consultation_final",
            ),
        ]
