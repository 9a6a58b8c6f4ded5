"""Les impasses qui reviennent : des thèmes codés, et le dossier d’une solution durable, sans rien d’un cas (R-226)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from encadrement.personnes.models import Personne, sans_accents
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class Theme(models.Model):
    """Un thème d’impasse de la liste du comité ; jamais un texte libre sur une situation."""

    libelle = models.CharField("thème", max_length=120)
    cle = models.CharField(max_length=120, unique=True, editable=False)
    retire = models.BooleanField("retiré de la liste", default=False)

    class Meta:
        verbose_name = "thème d’impasse"
        verbose_name_plural = "thèmes d’impasse"
        ordering = ["libelle"]

    def __str__(self):
        return self.libelle

    @staticmethod
    def cle_de(libelle):
        return sans_accents(libelle)[:120]


class EtatImpasse(models.TextChoices):
    OUVERTE = "ouverte", "solution cherchée"
    EN_COURS = "en_cours", "solution en cours"
    RESOLUE = "resolue", "solution en place"
    ABANDONNEE = "abandonnee", "abandonnée"


class ImpasseRecurrente(ObjetSuivi):
    """Une impasse qui revient d’une situation à l’autre, et la solution durable que quelqu’un porte (R-226)."""

    titre = models.CharField("impasse", max_length=200)
    themes = models.ManyToManyField(Theme, related_name="impasses")
    solution = models.TextField("solution durable cherchée", max_length=4000, blank=True)
    responsable = models.ForeignKey(Personne, models.PROTECT, related_name="impasses", verbose_name="responsable")
    echeance = models.DateField("échéance", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatImpasse, default=EtatImpasse.OUVERTE)

    class Meta:
        verbose_name = "impasse récurrente"
        verbose_name_plural = "impasses récurrentes"
        ordering = ["titre"]
        indexes = [
            models.Index(fields=["depuis"], condition=Q(etat__in=["ouverte", "en_cours"]), name="impasse_en_cours")
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("concertation:impasse", args=[self.uuid])


class PassageImpasse(PassageAbstrait):
    impasse = models.ForeignKey(ImpasseRecurrente, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une impasse récurrente"
