"""Les sujets de consultation : une liste tenue par la DSM, que le texte libre enrichit (R-184, R-187)."""

import uuid

from django.db import models
from django.db.models import Q

from encadrement.personnes.models import sans_accents


class SujetConsultationQuerySet(models.QuerySet):
    def proposes(self):
        """Rend les sujets que l’on peut choisir : ni fusionnés, ni retirés."""
        return self.filter(fusionne_dans__isnull=True, retire=False)


class SujetConsultation(models.Model):
    """Un sujet ; fusionné dans un autre, il y renvoie tout ce qui le portait, sans rien récrire."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    libelle = models.CharField("sujet", max_length=120)
    cle = models.CharField(max_length=120, editable=False)
    fusionne_dans = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="fusionnes", verbose_name="fusionné dans"
    )
    a_classer = models.BooleanField("proposé en texte libre, à classer", default=False)
    retire = models.BooleanField("retiré de la liste", default=False)

    objects = SujetConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "sujet de consultation"
        verbose_name_plural = "sujets de consultation"
        ordering = ["libelle"]
        constraints = [
            models.UniqueConstraint(
                fields=["cle"],
                name="sujet_consultation_unique",
                violation_error_message="Ce sujet est déjà à la liste.",
            ),
            models.CheckConstraint(
                condition=Q(fusionne_dans__isnull=True) | ~Q(fusionne_dans=models.F("id")),
                name="sujet_consultation_pas_dans_lui_meme",
                violation_error_message="Un sujet ne se fusionne pas dans lui-même.",
            ),
        ]

    def __str__(self):
        return self.libelle

    @staticmethod
    def cle_de(libelle):
        """Rend ce qui distingue deux sujets : ni la casse, ni les accents, ni la ponctuation."""
        return sans_accents(libelle)[:120]
