"""Le registre des incidents de confidentialité : huit éléments, deux régimes selon la zone (O-11, O-12).

Règlement sur certaines modalités d’application de la LRSSS (R-22.1, r. 1, a. 15) pour les renseignements des usagers ;
Règlement sur les incidents de confidentialité (A-2.1, r. 3.1, a. 7) pour ceux du personnel. Les textes sont chiffrés : ils
peuvent redire ce qui n’aurait pas dû sortir.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.socle.champs import ChampChiffre
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class ZoneIncident(models.TextChoices):
    """De qui sont les renseignements : la loi, donc les avis, en dépendent."""

    USAGERS = "usagers", "des usagers des services"
    PERSONNEL = "personnel", "du personnel"


class EtatIncident(models.TextChoices):
    SIGNALE = "signale", "signalé"
    EN_ANALYSE = "en_analyse", "en analyse"
    CLOS = "clos", "clos"


class Incident(ObjetSuivi):
    """Un incident de confidentialité, du signalement à la clôture du registre."""

    numero = models.CharField("numéro", max_length=20, unique=True)
    etat = models.CharField("état", max_length=12, choices=EtatIncident, default=EtatIncident.SIGNALE)
    signale_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="signalé par")
    zone = models.CharField("renseignements", max_length=10, choices=ZoneIncident)
    # 1 et 2 : les renseignements visés et les circonstances.
    renseignements = ChampChiffre("renseignements visés", blank=True, default="")
    circonstances = ChampChiffre("circonstances de l’incident")
    # 3 : la date ou la période.
    survenu_du = models.DateField("survenu le, ou à partir du", null=True, blank=True)
    survenu_au = models.DateField("jusqu’au", null=True, blank=True)
    periode_estimee = models.BooleanField("période approximative", default=False)
    # 4 : la prise de connaissance.
    connu_le = models.DateField("connu de l’établissement le", default=jour_local)
    # 5 : le nombre de personnes concernées.
    nombre = models.PositiveIntegerField("nombre de personnes concernées", null=True, blank=True)
    nombre_estime = models.BooleanField("nombre approximatif", default=False)
    # 6 : ce qui mène à conclure à un risque de préjudice sérieux, ou non.
    prejudice = ChampChiffre("ce qui mène à conclure à un risque de préjudice sérieux, ou non", blank=True, default="")
    risque_serieux = models.BooleanField("risque de préjudice sérieux", null=True, blank=True)
    # 7 : la transmission des avis.
    ministre_le = models.DateField("avis au ministre transmis le", null=True, blank=True)
    cai_le = models.DateField("avis à la Commission d’accès à l’information transmis le", null=True, blank=True)
    personnes_le = models.DateField("avis aux personnes concernées transmis le", null=True, blank=True)
    avis_public = ChampChiffre("avis public, et pourquoi", blank=True, default="")
    # 8 : les mesures prises.
    mesures = ChampChiffre("mesures prises pour diminuer les risques", blank=True, default="")
    # Ce que l’avis aux personnes leur conseille, et que le registre n’exige pas.
    conseils = ChampChiffre("ce que les personnes concernées peuvent faire", blank=True, default="")

    ECRITS = (
        "zone",
        "renseignements",
        "circonstances",
        "survenu_du",
        "survenu_au",
        "periode_estimee",
        "connu_le",
        "nombre",
        "nombre_estime",
        "prejudice",
        "risque_serieux",
        "ministre_le",
        "cai_le",
        "personnes_le",
        "avis_public",
        "mesures",
        "conseils",
    )

    class Meta:
        verbose_name = "incident de confidentialité"
        verbose_name_plural = "incidents de confidentialité"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(survenu_au__isnull=True) | Q(survenu_au__gte=F("survenu_du")),
                name="incident_fin_apres_debut",
                violation_error_message="La fin de la période doit suivre son début.",
            )
        ]
        indexes = [models.Index(fields=["depuis"], condition=~Q(etat="clos"), name="incident_ouvert")]

    def __str__(self):
        return f"Incident {self.numero}"

    def get_absolute_url(self):
        return reverse("incidents:incident", args=[self.uuid])

    @property
    def est_modifiable(self):
        return self.etat != EtatIncident.CLOS


class PassageIncident(PassageAbstrait):
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’un incident"
