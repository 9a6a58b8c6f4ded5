"""Le matériel didactique que la DSM diffuse aux experts : techniques de recadrage, pratique réflexive… (R-198)."""

import uuid
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.encoding import punycode

from encadrement.fichiers.models import Fichier
from encadrement.personnes.models import Personne


class MaterielQuerySet(models.QuerySet):
    def presents(self):
        return self.filter(retire_le__isnull=True)


class Materiel(models.Model):
    """Un document ou un lien pour les experts ; retiré, sa trace reste."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    titre = models.CharField("titre", max_length=200)
    description = models.CharField("à quoi il sert", max_length=500, blank=True)
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, blank=True, related_name="+")
    lien = models.URLField("lien", max_length=500, blank=True)
    depose_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = MaterielQuerySet.as_manager()

    class Meta:
        verbose_name = "matériel didactique"
        verbose_name_plural = "matériel didactique"
        ordering = ["titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fichier__isnull=False) | ~Q(lien=""),
                name="materiel_fichier_ou_lien",
                violation_error_message="Déposez un fichier, ou donnez un lien.",
            )
        ]

    def __str__(self):
        return self.titre

    @property
    def domaine(self):
        """Le site où mène le lien, dans l’écriture qui ne trompe pas : une lettre d’un autre alphabet s’y voit."""
        return punycode(urlsplit(self.lien).hostname or "")
