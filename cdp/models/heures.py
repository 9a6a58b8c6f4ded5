"""Les heures : 24 par membre et par année, et celles qu’on demande en plus (R-126 à R-128, R-463)."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cdp.models.communaute import Communaute
from encadrement.personnes.models import Personne
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait

PLAFOND_MINUTES = 24 * 60


class SorteHeures(models.TextChoices):
    PREPARATION = "preparation", "préparation"
    RECHERCHE = "recherche", "recherche"
    ANIMATION = "animation", "animation"
    ADMINISTRATION = "administration", "administration"


# Ce que le plafond compte, avec les rencontres ; animer et administrer se comptent à part.
PLAFONNEES = (SorteHeures.PREPARATION, SorteHeures.RECHERCHE)


class Heures(models.Model):
    """Du temps donné à la communauté hors des rencontres."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="heures")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="heures_cdp")
    jour = models.DateField("date")
    sorte = models.CharField("sorte", max_length=16, choices=SorteHeures)
    minutes = models.PositiveIntegerField("durée (minutes)")
    precision = models.CharField("précision", max_length=200, blank=True)
    consignees_le = models.DateTimeField("consignées le", auto_now_add=True)

    class Meta:
        verbose_name = "heures"
        verbose_name_plural = "heures"
        ordering = ["jour", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=24 * 60),
                name="heures_duree_possible",
                violation_error_message="La durée va de 1 minute à 24 heures dans une journée.",
            )
        ]
        indexes = [
            models.Index(fields=["communaute", "personne", "jour"], name="heures_par_personne"),
            models.Index(fields=["jour"], include=["minutes", "personne"], name="heures_par_jour"),
        ]

    def __str__(self):
        return f"{self.jour} : {self.get_sorte_display()}"


class EtatDepassement(models.TextChoices):
    DEMANDE = "demande", "demandé"
    ACCORDE = "accorde", "accordé"
    REFUSE = "refuse", "refusé"


class Depassement(ObjetSuivi):
    """La demande d’heures en plus du plafond, pour un membre ou pour tous, que le parrain décide (R-128)."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="depassements")
    annee = models.PositiveSmallIntegerField("année financière (1er avril)")
    personne = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pour (vide : chaque membre)"
    )
    minutes = models.PositiveIntegerField("heures en plus (minutes)")
    justification = models.TextField("mandat ou raison", max_length=2000)
    etat = models.CharField("état", max_length=12, choices=EtatDepassement, default=EtatDepassement.DEMANDE)
    demande_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "demande d’heures supplémentaires"
        verbose_name_plural = "demandes d’heures supplémentaires"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="depassement_positif"),
            models.UniqueConstraint(
                fields=["communaute", "annee", "personne"],
                condition=Q(etat="demande"),
                name="depassement_un_en_attente",
                violation_error_message="Une demande semblable attend déjà la réponse du parrain.",
            ),
            models.UniqueConstraint(
                fields=["communaute", "annee"],
                condition=Q(etat="demande", personne__isnull=True),
                name="depassement_un_en_attente_pour_tous",
                violation_error_message="Une demande pour chaque membre attend déjà la réponse du parrain.",
            ),
        ]

    def __str__(self):
        return f"Heures supplémentaires, {self.communaute}"

    def get_absolute_url(self):
        return reverse("cdp:depassement", args=[self.uuid])


class PassageDepassement(PassageAbstrait):
    depassement = models.ForeignKey(Depassement, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une demande d’heures"
