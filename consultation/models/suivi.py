"""Le tableau de suivi des consultations : ses huit colonnes, une ligne par consultation tenue (annexe 13, R-402)."""

import uuid

from django.db import models
from django.db.models import Q

from consultation.models.sollicitation import Acheminement, Sollicitation
from consultation.models.sujet import SujetConsultation
from encadrement.personnes.models import Direction, Personne
from encadrement.socle.temps import jour_local

MINUTES_MAXIMUM = 100 * 60


class LigneSuivi(models.Model):
    """Une consultation tenue ; née d’une demande fermée, ou écrite par l’expert consulté entre deux portes (R-205)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sollicitation = models.OneToOneField(
        Sollicitation, models.PROTECT, null=True, blank=True, related_name="ligne_suivi"
    )
    acheminement = models.OneToOneField(Acheminement, models.PROTECT, null=True, blank=True, related_name="ligne_suivi")
    expert = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="lignes_suivi", verbose_name="nom de l’expert"
    )
    expert_externe = models.CharField("expert du RUISSS UL", max_length=170, blank=True)
    expertise = models.CharField("expertise", max_length=200)
    jour = models.DateField("date de la consultation", default=jour_local)
    demandeur = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="nom du demandeur")
    # La direction du jour de la consultation : un demandeur qui change d’équipe ne déplace pas l’histoire.
    direction = models.ForeignKey(
        Direction, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="direction du demandeur"
    )
    minutes = models.PositiveIntegerField("durée (minutes)")
    sujet = models.ForeignKey(SujetConsultation, models.PROTECT, related_name="lignes", verbose_name="sujet")
    commentaires = models.CharField("commentaires", max_length=500, blank=True)
    creee_le = models.DateTimeField("inscrite le", auto_now_add=True)

    class Meta:
        verbose_name = "ligne du tableau de suivi"
        verbose_name_plural = "tableau de suivi"
        ordering = ["-jour", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MINUTES_MAXIMUM),
                name="ligne_suivi_duree_possible",
                violation_error_message="Une consultation dure de 1 minute à 100 heures.",
            ),
            models.CheckConstraint(
                condition=Q(expert__isnull=False) | ~Q(expert_externe=""),
                name="ligne_suivi_un_expert",
                violation_error_message="Une ligne nomme l’expert du CISSS ou celui du RUISSS UL.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["jour"],
                include=["direction", "sujet", "minutes", "expert"],
                name="ligne_suivi_par_jour",
            ),
            # Une par provenance : le tableau de bord compte à part le CISSS et le RUISSS UL.
            models.Index(
                fields=["jour"],
                include=["minutes", "sujet", "demandeur"],
                condition=Q(expert_externe=""),
                name="ligne_suivi_du_cisss",
            ),
            models.Index(
                fields=["jour"],
                include=["minutes", "demandeur"],
                condition=~Q(expert_externe=""),
                name="ligne_suivi_du_ruisss",
            ),
            models.Index(fields=["expert", "-jour"], name="ligne_suivi_par_expert"),
        ]

    def __str__(self):
        return f"{self.jour}, {self.sujet}"

    @property
    def est_automatique(self):
        return self.sollicitation_id is not None or self.acheminement_id is not None

    @property
    def est_du_ruisss(self):
        return bool(self.expert_externe)

    @property
    def nom_expert(self):
        return self.expert_externe or str(self.expert)
