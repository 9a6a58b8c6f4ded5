"""Quelqu’un part, ou change de gestionnaire ou de service : ses dossiers ouverts sont proposés, jamais réglés seuls."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from encadrement.personnes.models import Personne


class Sorte(models.TextChoices):
    DEPART = "depart", "a quitté"
    GESTIONNAIRE = "gestionnaire", "a changé de gestionnaire"
    SERVICE = "service", "a changé de service"


class Regard(models.TextChoices):
    """Qui a ces dossiers à connaître : ceux du comité restent au comité."""

    MESURES = "mesures", "le gestionnaire et la DSM"
    COMITE = "comite", "le coordonnateur du comité"


class Mouvement(models.Model):
    """Un départ ou un changement que les données RH ont apporté, avec ce qui restait ouvert ce jour-là."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="mouvements")
    sorte = models.CharField("sorte", max_length=12, choices=Sorte)
    regard = models.CharField("à qui", max_length=8, choices=Regard, default=Regard.MESURES)
    responsable = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="gestionnaire"
    )
    ancien = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="gestionnaire d’avant"
    )
    resume = models.CharField("ce qui restait ouvert", max_length=300)
    # L’importation qui l’a apporté : l’annuler retire le mouvement, tant que personne ne l’a acquitté.
    origine = models.UUIDField("importation", null=True, blank=True, db_index=True)
    releve_le = models.DateTimeField("relevé le", default=timezone.now)
    decision = models.TextField("ce qui a été décidé", blank=True)
    acquitte_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="acquitté par"
    )
    acquitte_le = models.DateTimeField("acquitté le", null=True, blank=True)

    class Meta:
        verbose_name = "mouvement de personnel"
        verbose_name_plural = "mouvements de personnel"
        ordering = ["-releve_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "sorte", "regard", "responsable"],
                condition=Q(acquitte_le__isnull=True),
                name="mouvement_un_ouvert_par_responsable",
            ),
            models.UniqueConstraint(
                fields=["personne", "sorte", "regard"],
                condition=Q(acquitte_le__isnull=True, responsable__isnull=True),
                name="mouvement_un_ouvert_sans_responsable",
            ),
            models.CheckConstraint(
                condition=Q(acquitte_le__isnull=True, acquitte_par__isnull=True, decision="")
                | (Q(acquitte_le__isnull=False, acquitte_par__isnull=False) & ~Q(decision="")),
                name="mouvement_acquitte_en_entier",
            ),
        ]

    def __str__(self):
        return f"{self.personne} {self.get_sorte_display()}"

    def get_absolute_url(self):
        return reverse("mouvements:mouvement", args=[self.uuid])
