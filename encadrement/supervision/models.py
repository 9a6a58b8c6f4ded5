"""Les pannes constatées : une ligne du premier constat au dernier, et un seul avis."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class Panne(models.Model):
    """Ce qu’un contrôle a trouvé arrêté, jusqu’à ce qu’il le retrouve en marche."""

    controle = models.CharField("contrôle", max_length=30)
    phrase = models.CharField("constat", max_length=300)
    debut = models.DateTimeField("constatée le", default=timezone.now)
    fin = models.DateTimeField("terminée le", null=True)

    class Meta:
        verbose_name = "panne"
        ordering = ["-debut", "-id"]
        constraints = [
            # Deux veilles à la fois n’ouvrent qu’une panne, donc n’écrivent qu’un avis.
            models.UniqueConstraint(fields=["controle"], condition=Q(fin=None), name="panne_une_ouverte_par_controle"),
        ]

    def __str__(self):
        return self.phrase

    def get_absolute_url(self):
        return reverse("supervision:courriels")
