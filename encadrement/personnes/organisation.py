"""L’établissement : directions, services, installations, titres d’emploi."""

from django.db import models


class RLS(models.TextChoices):
    """Les quatre réseaux locaux de services ; leur éloignement compte dans un jumelage."""

    COTE_DE_GASPE = "cote-de-gaspe", "Côte-de-Gaspé"
    ROCHER_PERCE = "rocher-perce", "Rocher-Percé"
    BAIE_DES_CHALEURS = "baie-des-chaleurs", "Baie-des-Chaleurs"
    HAUTE_GASPESIE = "haute-gaspesie", "Haute-Gaspésie"


class SorteDirection(models.TextChoices):
    CLINIQUE = "clinique", "direction clinique"
    SOUTIEN = "soutien", "direction de soutien"


class Direction(models.Model):
    nom = models.CharField("nom", max_length=160, unique=True)
    sorte = models.CharField("sorte", max_length=10, choices=SorteDirection, default=SorteDirection.CLINIQUE)
    directeur = models.ForeignKey(
        "personnes.Personne", models.PROTECT, null=True, blank=True, related_name="directions_dirigees"
    )

    class Meta:
        verbose_name = "direction"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class Service(models.Model):
    nom = models.CharField("nom", max_length=160)
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="services")

    class Meta:
        verbose_name = "service"
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["direction", "nom"], name="service_unique_par_direction")]

    def __str__(self):
        return self.nom


class Installation(models.Model):
    nom = models.CharField("nom", max_length=160, unique=True)
    rls = models.CharField("RLS", max_length=20, choices=RLS)

    class Meta:
        verbose_name = "installation"
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class TitreEmploi(models.Model):
    code = models.CharField("code", max_length=10, unique=True)
    libelle = models.CharField("libellé", max_length=160)
    discipline = models.CharField("discipline", max_length=120)

    class Meta:
        verbose_name = "titre d’emploi"
        ordering = ["libelle"]

    def __str__(self):
        return self.libelle
