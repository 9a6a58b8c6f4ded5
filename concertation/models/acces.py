"""Qui ne doit pas lire, qui le déclare, et l’exception à deux : ce qui l’emporte sur tous les rôles (N-02, N-03, N-12, X-7)."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from concertation.models.situation import SituationComplexe
from encadrement.personnes.models import Direction, Personne, Service
from encadrement.socle.champs import ChampChiffre

DUREE_EXCEPTION = datetime.timedelta(minutes=60)
# Une urgence qui n’a pas trouvé de seconde personne en un jour n’en est plus une.
ATTENTE_EXCEPTION = datetime.timedelta(hours=24)


class Exclusion(models.Model):
    """Une personne, un service ou une direction à qui la situation est cachée, jusqu’à son existence (O-05, N-02)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="exclusions")
    personne = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    direction = models.ForeignKey(Direction, models.PROTECT, null=True, blank=True, related_name="+")
    avis_le = models.DateField("avis écrit de la personne, reçu le", null=True, blank=True)
    declaree = models.BooleanField("déclarée par l’intéressé", default=False)
    posee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="posée par")
    posee_le = models.DateTimeField("posée le", auto_now_add=True)
    levee_le = models.DateTimeField("levée le", null=True, blank=True)

    class Meta:
        verbose_name = "exclusion"
        ordering = ["posee_le", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(personne__isnull=False) | Q(service__isnull=False) | Q(direction__isnull=False),
                name="exclusion_de_quelqu_un",
                violation_error_message="Dites qui est exclu : une personne, un service ou une direction.",
            )
        ]
        indexes = [models.Index(fields=["situation"], condition=Q(levee_le__isnull=True), name="exclusion_en_vigueur")]

    def __str__(self):
        return f"Exclusion, {self.situation}"


class DeclarationInteret(models.Model):
    """Ce que chacun déclare avant d’ouvrir une situation : aucun lien avec la personne, ou qu’il y en a un (N-03)."""

    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="declarations")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    en_conflit = models.BooleanField("déclare un lien")
    declaree_le = models.DateTimeField("déclarée le", auto_now_add=True)

    class Meta:
        verbose_name = "déclaration d’intérêt"
        verbose_name_plural = "déclarations d’intérêt"
        ordering = ["declaree_le", "id"]
        constraints = [models.UniqueConstraint(fields=["situation", "personne"], name="declaration_une_par_personne")]

    def __str__(self):
        return f"Déclaration, {self.situation}"


class ExceptionQuerySet(models.QuerySet):
    def ouvertes(self, instant=None):
        instant = instant or timezone.now()
        return self.filter(approuve_le__lte=instant, ferme_le__gt=instant)

    def en_attente(self):
        return self.filter(approuve_le=None, demande_le__gt=timezone.now() - ATTENTE_EXCEPTION)


class AccesExceptionnel(models.Model):
    """Ouvrir en urgence une situation qu’on n’a pas à lire : deux personnes, un motif, soixante minutes (X-7)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="acces_exceptionnels")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="pour")
    motif = ChampChiffre("motif")
    demande_le = models.DateTimeField("demandé le", auto_now_add=True)
    approuve_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="approuvé par"
    )
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True)
    ferme_le = models.DateTimeField("se referme le", null=True, blank=True)

    objects = ExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "accès exceptionnel"
        verbose_name_plural = "accès exceptionnels"
        ordering = ["-demande_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approuve_par__isnull=True) | ~Q(approuve_par=F("personne")),
                name="exception_a_deux",
                violation_error_message="Une autre personne que celle qui demande doit approuver.",
            )
        ]

    def __str__(self):
        return f"Accès exceptionnel, {self.situation}"

    def get_absolute_url(self):
        return reverse("concertation:exceptions")

    @property
    def attend(self):
        return self.approuve_le is None and self.demande_le > timezone.now() - ATTENTE_EXCEPTION

    @property
    def est_ouvert(self):
        return bool(self.approuve_le and self.approuve_le <= timezone.now() < self.ferme_le)
