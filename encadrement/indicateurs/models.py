"""Ce que la DSM retient elle-même : le nombre d’éligibles d’une direction, à la place de celui des données RH (Q-21)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from encadrement.journal.models import AjoutSeul, AjoutSeulQuerySet
from encadrement.personnes.models import Direction, Personne
from encadrement.socle.temps import AnneeFinanciere


class EligiblesRetenusQuerySet(AjoutSeulQuerySet):
    def derniers(self):
        """Rend, de chaque direction et de chaque année, ce qui a été retenu en dernier."""
        plus_recent = EligiblesRetenus.objects.filter(
            direction=OuterRef("direction"), annee=OuterRef("annee"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(plus_recent))

    def en_vigueur(self):
        """Rend ce qui remplace aujourd’hui le calcul ; une direction revenue au calcul n’y est plus."""
        return self.derniers().filter(nombre__isnull=False)


class EligiblesRetenus(AjoutSeul):
    """Un nombre d’éligibles retenu pour une direction et une année, avec son motif ; vide, on revient au calcul."""

    direction = models.ForeignKey(Direction, models.PROTECT, related_name="+", verbose_name="direction")
    annee = models.PositiveSmallIntegerField("année financière (1er avril)")
    nombre = models.PositiveIntegerField("nombre d’éligibles retenu", null=True, blank=True)
    motif = models.CharField("motif", max_length=300)
    par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="retenu par")
    le = models.DateTimeField("retenu le", auto_now_add=True)

    objects = EligiblesRetenusQuerySet.as_manager()

    class Meta:
        verbose_name = "nombre d’éligibles retenu"
        verbose_name_plural = "nombres d’éligibles retenus"
        ordering = ["-annee", "direction__nom", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="eligibles_retenus_motives",
                violation_error_message="Dites pourquoi ce nombre remplace celui des données RH.",
            )
        ]
        indexes = [models.Index(fields=["annee", "direction"], name="eligibles_retenus_par_annee")]

    def __str__(self):
        quoi = "calcul des données RH" if self.nombre is None else f"{self.nombre} éligibles"
        return f"{self.direction}, {self.annee_financiere} : {quoi}"

    @property
    def annee_financiere(self):
        return AnneeFinanciere(self.annee)
