"""Ce que la gouvernance des renseignements de santé demande aux gens : se former chaque année, revoir les rôles (O-09, O-10)."""

import datetime
import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from encadrement.fichiers.models import Fichier
from encadrement.journal.models import AjoutSeul
from encadrement.personnes.models import Attribution, Personne
from encadrement.socle.temps import ajouter_mois, jour_local

VALIDITE_MOIS = 12
AVERTIR_MOIS = 11


def premiere_date_valide(jour):
    """Rend la plus ancienne date de formation qui vaut encore le jour `jour` : douze mois au plus."""
    limite = ajouter_mois(jour, -VALIDITE_MOIS)
    # Le 29 février : une formation du 28 ne vaut pas un jour de plus l’année suivante.
    return limite if ajouter_mois(limite, VALIDITE_MOIS) >= jour else limite + datetime.timedelta(days=1)


class AttestationQuerySet(models.QuerySet):
    def retenues(self):
        """Celles qu’on n’a pas annulées."""
        return self.filter(annulee_le=None)

    def en_vigueur(self, jour=None):
        """Celles d’une formation de douze mois au plus le jour `jour` (aujourd’hui par défaut)."""
        jour = jour or jour_local()
        return self.retenues().filter(suivie_le__lte=jour, suivie_le__gte=premiere_date_valide(jour))


class Attestation(models.Model):
    """Une formation sur la protection des renseignements, suivie tel jour ; elle ouvre la zone des usagers douze mois (O-09).

    Règlement sur la gouvernance (R-22.1, r. 2), art. 1 et 2. Une attestation ne se corrige pas : elle s’annule, avec un motif.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="attestations", verbose_name="personne")
    titre = models.CharField("titre de la formation", max_length=200)
    suivie_le = models.DateField("suivie le")
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, blank=True, related_name="+")
    consignee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="consignée par")
    consignee_le = models.DateTimeField("consignée le", auto_now_add=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annulée par"
    )
    motif_annulation = models.CharField("motif", max_length=300, blank=True)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de formation"
        verbose_name_plural = "attestations de formation"
        ordering = ["-suivie_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "titre", "suivie_le"],
                condition=Q(annulee_le__isnull=True),
                name="attestation_une_par_formation",
                violation_error_message="Cette formation est déjà attestée.",
            ),
            models.CheckConstraint(
                condition=Q(annulee_le__isnull=True, annulee_par__isnull=True)
                | (Q(annulee_le__isnull=False, annulee_par__isnull=False) & ~Q(motif_annulation="")),
                name="attestation_annulee_avec_motif",
                violation_error_message="Écrivez pourquoi l’attestation est annulée.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["personne", "suivie_le"], condition=Q(annulee_le__isnull=True), name="attestation_par_personne"
            ),
            models.Index(fields=["suivie_le"], condition=Q(annulee_le__isnull=True), name="attestation_par_date"),
        ]

    def __str__(self):
        return f"Attestation de {self.personne}, {self.titre}"

    def get_absolute_url(self):
        return reverse("protection:attestations")

    @property
    def vaut_jusqu_au(self):
        return ajouter_mois(self.suivie_le, VALIDITE_MOIS)

    @property
    def a_renouveler_le(self):
        """Le début du douzième mois : d’ici là, rien à faire."""
        return ajouter_mois(self.suivie_le, AVERTIR_MOIS)

    @property
    def etat(self):
        """Rend (code, mot) : ce que vaut l’attestation aujourd’hui."""
        jour = jour_local()
        if self.annulee_le is not None:
            return "annulee", "annulée"
        if jour > self.vaut_jusqu_au:
            return "expiree", "échue"
        return ("en_pause", "à renouveler") if jour >= self.a_renouveler_le else ("active", "en vigueur")


class RevueRoles(models.Model):
    """La revue des rôles d’une année : chacun des rôles en vigueur à son ouverture est confirmé, ou prend fin (O-10)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    annee = models.PositiveSmallIntegerField("année", unique=True)
    ouverte_le = models.DateField("ouverte le", default=jour_local)

    class Meta:
        verbose_name = "revue des rôles"
        verbose_name_plural = "revues des rôles"
        ordering = ["-annee"]

    def __str__(self):
        return f"Revue des rôles de {self.annee}"

    def get_absolute_url(self):
        return reverse("protection:revue")

    def a_revoir(self):
        """Rend les rôles encore en vigueur, donnés avant l’ouverture de la revue, que personne n’a confirmés."""
        confirmes = self.confirmations.values("attribution")
        donnes = Attribution.objects.en_vigueur().filter(debut__lte=self.ouverte_le, personne__is_active=True)
        return donnes.exclude(pk__in=confirmes)


class RoleConfirme(AjoutSeul):
    """Un rôle confirmé à la revue d’une année : par qui, quand ; ne se corrige pas."""

    revue = models.ForeignKey(RevueRoles, models.PROTECT, related_name="confirmations")
    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="confirmations")
    par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="confirmé par")
    quand = models.DateTimeField("confirmé le", auto_now_add=True)

    class Meta:
        verbose_name = "rôle confirmé"
        verbose_name_plural = "rôles confirmés"
        ordering = ["-quand", "-pk"]
        constraints = [models.UniqueConstraint(fields=["revue", "attribution"], name="role_confirme_une_fois")]

    def __str__(self):
        return f"{self.attribution}, {self.revue.annee}"
