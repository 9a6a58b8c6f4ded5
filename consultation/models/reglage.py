"""Ce que chaque direction choisit : le gestionnaire autorise-t-il la consultation, ou en est-il seulement informé (Q-17)."""

from django.db import models

from encadrement.personnes.models import Direction, Personne


class Approbation(models.TextChoices):
    EXIGEE = "exigee", "le gestionnaire autorise la consultation"
    INFORMATIVE = "informative", "la discussion suffit"


class ReglageDirection(models.Model):
    """Le choix d’une direction ; sans réglage, l’autorisation est exigée."""

    direction = models.OneToOneField(Direction, models.PROTECT, related_name="reglage_consultation")
    approbation = models.CharField("après la discussion", max_length=12, choices=Approbation)
    motif = models.CharField("motif", max_length=300)
    modifie_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "réglage d’une direction"
        verbose_name_plural = "réglages des directions"
        ordering = ["direction__nom"]

    def __str__(self):
        return f"{self.direction} : {self.get_approbation_display()}"


def approbation_exigee(direction):
    """Dit si le gestionnaire de cette direction doit autoriser la consultation (R-202, Q-17).

    Le réglage se lit sur la direction : une liste l’a joint d’avance (`select_related`).
    """
    reglage = getattr(direction, "reglage_consultation", None)
    return reglage is None or reglage.approbation == Approbation.EXIGEE
