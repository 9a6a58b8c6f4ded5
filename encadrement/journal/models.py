"""Le journal : qui a fait ou consulté quoi. Il s’ajoute ; il ne se corrige ni ne s’efface."""

import hashlib
import json
import uuid

from django.db import models

from encadrement.personnes.models import Personne


class LigneInalterable(Exception):
    """On a tenté de corriger ou d’effacer une ligne qui ne fait que s’ajouter."""


class AjoutSeulQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise LigneInalterable("Ces lignes ne se corrigent pas.")

    def delete(self):
        raise LigneInalterable("Ces lignes ne s’effacent pas.")


class AjoutSeul(models.Model):
    """Table où l’on n’ajoute que des lignes ; PostgreSQL le garantit aussi par un déclencheur."""

    objects = AjoutSeulQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise LigneInalterable("Cette ligne ne se corrige pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise LigneInalterable("Cette ligne ne s’efface pas.")


class Tete(models.Model):
    """Le bout d’une chaîne : dernier rang et dernière empreinte ; verrouillé pendant un ajout."""

    chaine = models.CharField(max_length=80, unique=True)
    rang = models.PositiveBigIntegerField(default=0)
    empreinte = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = "tête de chaîne"
        verbose_name_plural = "têtes de chaîne"

    def __str__(self):
        return f"{self.chaine} n° {self.rang}"


class Entree(AjoutSeul):
    """Un fait du journal ; aucune clé étrangère vers l’objet, pour lui survivre."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    chaine = models.CharField("chaîne", max_length=80)
    rang = models.PositiveBigIntegerField("rang")
    quand = models.DateTimeField("quand")
    par = models.ForeignKey(Personne, models.PROTECT, null=True, related_name="+", verbose_name="par")
    titre = models.CharField("à titre de", max_length=120, blank=True)
    acte = models.CharField("acte", max_length=80)
    objet_type = models.CharField("type d’objet", max_length=80, blank=True)
    objet_uuid = models.UUIDField("objet", null=True)
    details = models.JSONField("détails", default=dict)
    precedente = models.CharField(max_length=64, blank=True)
    empreinte = models.CharField(max_length=64)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["chaine", "rang"], name="entree_un_rang_par_chaine")]
        indexes = [
            models.Index(fields=["objet_uuid", "id"], name="entree_par_objet"),
            models.Index(fields=["par", "id"], name="entree_par_personne"),
        ]

    def __str__(self):
        return f"{self.chaine} n° {self.rang} : {self.acte}"

    def calculer_empreinte(self):
        """Rend le SHA-256 de la ligne et de l’empreinte précédente, en JSON canonique."""
        contenu = {
            "uuid": str(self.uuid),
            "chaine": self.chaine,
            "rang": self.rang,
            "quand": self.quand.isoformat(timespec="microseconds"),
            "par": self.par_id,
            "titre": self.titre,
            "acte": self.acte,
            "objet_type": self.objet_type,
            "objet_uuid": str(self.objet_uuid) if self.objet_uuid else None,
            "details": self.details,
            "precedente": self.precedente,
        }
        canonique = json.dumps(contenu, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonique.encode()).hexdigest()
