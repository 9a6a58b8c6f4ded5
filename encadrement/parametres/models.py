"""Ce que la DSM a réglé, version par version : on ajoute une version, on n’en corrige ni n’en efface aucune."""

from django.db import models
from django.db.models import Exists, OuterRef

from encadrement.journal.models import AjoutSeul, AjoutSeulQuerySet
from encadrement.personnes.models import Personne


class VersionParametreQuerySet(AjoutSeulQuerySet):
    def en_vigueur(self):
        """La dernière version de chaque paramètre."""
        plus_recente = VersionParametre.objects.filter(code=OuterRef("code"), rang__gt=OuterRef("rang"))
        return self.filter(~Exists(plus_recente))


class VersionParametre(AjoutSeul):
    """Une valeur donnée à un paramètre : l’ancienne, la nouvelle, par qui, à quel titre, quand et pourquoi.

    `avant` et `valeur` sont vides (None) quand c’est la valeur d’origine qui vaut.
    """

    code = models.CharField("paramètre", max_length=80)
    rang = models.PositiveIntegerField("version")
    avant = models.JSONField("ancienne valeur", null=True)
    valeur = models.JSONField("valeur", null=True)
    motif = models.CharField("motif", max_length=300)
    par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="par")
    titre = models.CharField("à titre de", max_length=120)
    le = models.DateTimeField("le", auto_now_add=True)

    objects = VersionParametreQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’un paramètre"
        verbose_name_plural = "versions des paramètres"
        ordering = ["code", "-rang"]
        constraints = [models.UniqueConstraint(fields=["code", "rang"], name="parametre_un_rang_par_code")]

    def __str__(self):
        return f"{self.code}, version {self.rang}"
