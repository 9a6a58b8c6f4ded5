"""L’expert que l’on sollicite et ce qu’il répond ; ce que le RUISSS UL reçoit ; les rencontres (R-174, R-175, R-180 à R-183)."""

import uuid

from django.db import models
from django.db.models import Q, Sum

from consultation.models.bottin import Plage
from consultation.models.demande import DemandeConsultation
from encadrement.personnes.models import Personne
from encadrement.socle.champs import ChampChiffre
from encadrement.socle.temps import ecrire_duree


class ReponseExpert(models.TextChoices):
    ATTENDUE = "attendue", "sans réponse"
    ACCEPTEE = "acceptee", "acceptée"
    RENDUE = "rendue", "avis rendu"
    DECLINEE = "declinee", "déclinée"
    REPRISE = "reprise", "reprise par le demandeur"


# L’expert a quelque chose à répondre ou à rendre : une seule sollicitation à la fois.
EN_COURS = (ReponseExpert.ATTENDUE, ReponseExpert.ACCEPTEE)
EN_VIGUEUR = (*EN_COURS, ReponseExpert.RENDUE)


class SollicitationQuerySet(models.QuerySet):
    def en_vigueur(self):
        return self.filter(reponse__in=EN_VIGUEUR)


class Sollicitation(models.Model):
    """Un expert du CISSS à qui la demande est allée ; chacun laisse sa trace, jusqu’au motif d’un refus."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    demande = models.ForeignKey(DemandeConsultation, models.PROTECT, related_name="sollicitations")
    expert = models.ForeignKey(Personne, models.PROTECT, related_name="sollicitations", verbose_name="expert")
    expertise = models.CharField("expertise au moment de la demande", max_length=200, blank=True)
    plage = models.ForeignKey(Plage, models.PROTECT, null=True, blank=True, related_name="sollicitations")
    reponse = models.CharField("réponse", max_length=10, choices=ReponseExpert, default=ReponseExpert.ATTENDUE)
    motif = models.TextField("motif du refus", blank=True)
    # Le moment convenu ; `moment_propose` attend l’accord du demandeur.
    moment = models.DateTimeField("moment convenu", null=True, blank=True)
    moment_propose = models.DateTimeField("moment proposé", null=True, blank=True)
    lieu = models.CharField("lieu ou lien", max_length=200, blank=True)
    # Numérote les versions envoyées aux agendas (RFC 5546).
    sequence = models.PositiveIntegerField("version envoyée aux calendriers", default=0)
    avis = ChampChiffre("avis et pistes", blank=True, default="")
    choisie_le = models.DateTimeField("choisie le", auto_now_add=True)

    objects = SollicitationQuerySet.as_manager()

    class Meta:
        verbose_name = "sollicitation d’un expert"
        verbose_name_plural = "sollicitations d’experts"
        ordering = ["choisie_le", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(reponse__in=["attendue", "acceptee"]),
                name="sollicitation_une_a_la_fois",
                violation_error_message="Cette demande est déjà chez un expert.",
            ),
            models.UniqueConstraint(
                fields=["plage"],
                condition=Q(reponse__in=["attendue", "acceptee", "rendue"]),
                name="sollicitation_une_par_plage",
                violation_error_message="Cette plage vient d’être réservée par quelqu’un d’autre.",
            ),
        ]

    def __str__(self):
        return f"{self.expert} ({self.get_reponse_display()})"


class Acheminement(models.Model):
    """Ce qui sort de l’établissement vers le RUISSS UL : à qui, pourquoi, puis avec qui le contact s’est fait (O-03)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    demande = models.ForeignKey(DemandeConsultation, models.PROTECT, related_name="acheminements")
    destinataire = models.CharField("destinataire au RUISSS UL", max_length=170)
    finalite = models.CharField("finalité", max_length=500)
    justification = models.CharField("justification", max_length=500)
    achemine_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="acheminé par")
    achemine_le = models.DateTimeField("acheminé le", auto_now_add=True)
    expert_externe = models.CharField("expert du RUISSS UL", max_length=170, blank=True)
    organisme = models.CharField("établissement de l’expert", max_length=170, blank=True)
    expertise = models.CharField("expertise", max_length=200, blank=True)
    contact_le = models.DateField("contact établi le", null=True, blank=True)

    class Meta:
        verbose_name = "acheminement au RUISSS UL"
        verbose_name_plural = "acheminements au RUISSS UL"
        ordering = ["achemine_le", "id"]

    def __str__(self):
        return f"{self.destinataire}, {self.achemine_le:%Y-%m-%d}"


class ModeConsultation(models.TextChoices):
    PRESENCE = "presence", "en présence"
    TEAMS = "teams", "Teams ou visioconférence"
    TELEPHONE = "telephone", "téléphone"
    ECRIT = "ecrit", "par écrit"


class RencontreConsultationQuerySet(models.QuerySet):
    def minutes(self):
        """Rend la durée totale, en minutes."""
        return self.aggregate(total=Sum("minutes"))["total"] or 0


class RencontreConsultation(models.Model):
    """Une rencontre, avec l’expert du CISSS ou avec celui du RUISSS UL (R-174, R-188)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sollicitation = models.ForeignKey(Sollicitation, models.PROTECT, null=True, blank=True, related_name="rencontres")
    acheminement = models.ForeignKey(Acheminement, models.PROTECT, null=True, blank=True, related_name="rencontres")
    jour = models.DateField("date")
    minutes = models.PositiveIntegerField("durée (minutes)")
    mode = models.CharField("mode", max_length=10, choices=ModeConsultation, default=ModeConsultation.TEAMS)
    consignee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    consignee_le = models.DateTimeField("consignée le", auto_now_add=True)

    objects = RencontreConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre de consultation"
        verbose_name_plural = "rencontres de consultation"
        ordering = ["jour", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=24 * 60),
                name="rencontre_consultation_duree_possible",
                violation_error_message="Une rencontre dure de 1 minute à 24 heures.",
            ),
            models.CheckConstraint(
                condition=Q(sollicitation__isnull=True) ^ Q(acheminement__isnull=True),
                name="rencontre_consultation_avec_qui",
                violation_error_message="Une rencontre est avec l’expert du CISSS ou avec celui du RUISSS UL.",
            ),
            models.UniqueConstraint(
                fields=["sollicitation", "jour", "minutes", "mode"],
                name="rencontre_consultation_pas_deux_fois",
                violation_error_message="Cette rencontre est déjà consignée.",
            ),
            models.UniqueConstraint(
                fields=["acheminement", "jour", "minutes", "mode"],
                name="rencontre_ruisss_pas_deux_fois",
                violation_error_message="Cette rencontre est déjà consignée.",
            ),
        ]

    def __str__(self):
        return f"{self.jour}, {ecrire_duree(self.minutes)}"
