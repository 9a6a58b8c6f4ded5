"""On signe un contenu figé, jamais une ligne vivante : modifier le contenu rend les signatures caduques."""

import hashlib
import json
import uuid

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from encadrement.journal.models import AjoutSeul
from encadrement.personnes.models import Personne


def canoniser(contenu):
    """Rend le JSON canonique (clés triées, sans espace, UTF-8) d’un contenu fait de valeurs simples."""
    return json.dumps(contenu, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def empreinte_de(contenu):
    """Rend le SHA-256 hexadécimal du JSON canonique d’un contenu."""
    return hashlib.sha256(canoniser(contenu).encode()).hexdigest()


class Instantane(AjoutSeul):
    """Un contenu figé et son empreinte ; le PDF en est tiré et les signatures s’y attachent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    objet_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    objet_id = models.PositiveBigIntegerField()
    objet = GenericForeignKey("objet_type", "objet_id")
    nature = models.CharField("nature", max_length=40)
    gabarit = models.CharField("gabarit du PDF", max_length=80)
    contenu = models.TextField("contenu canonique (JSON)")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    cree_le = models.DateTimeField("figé le", auto_now_add=True)

    class Meta:
        verbose_name = "instantané"
        constraints = [
            models.UniqueConstraint(
                fields=["objet_type", "objet_id", "nature", "gabarit", "empreinte"], name="instantane_unique"
            )
        ]

    def __str__(self):
        return f"{self.nature} {self.empreinte[:12]}"

    @property
    def donnees(self):
        return json.loads(self.contenu)

    @property
    def est_intact(self):
        return hashlib.sha256(self.contenu.encode()).hexdigest() == self.empreinte


class Methode(models.TextChoices):
    MOT_DE_PASSE = "mot_de_passe", "mot de passe confirmé au moment de signer"
    ETABLISSEMENT = "etablissement", "réauthentification par le compte de l’établissement"


class Signature(AjoutSeul):
    """Qui a signé quoi, à quel titre, quand, comment, d’où, et sur quelle empreinte (LCCJTI, art. 38 et 39)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    instantane = models.ForeignKey(Instantane, models.PROTECT, related_name="signatures")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="signatures")
    nom = models.CharField("nom au moment de signer", max_length=170)
    titre = models.CharField("à titre de (code)", max_length=30)
    titre_libelle = models.CharField("à titre de", max_length=120)
    au_nom_de = models.ForeignKey(
        Personne, models.PROTECT, null=True, related_name="+", verbose_name="par délégation de"
    )
    au_nom_de_nom = models.CharField("nom de la personne représentée au moment de signer", max_length=170, blank=True)
    engagement = models.TextField("engagement accepté")
    methode = models.CharField("méthode", max_length=20, choices=Methode)
    adresse = models.GenericIPAddressField("adresse", null=True)
    signee_le = models.DateTimeField("signée le")

    class Meta:
        verbose_name = "signature"
        ordering = ["signee_le", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instantane", "titre"],
                name="signature_une_par_titre",
                violation_error_message="Ce document porte déjà une signature à ce titre.",
            )
        ]

    def __str__(self):
        return f"{self.nom}, {self.titre_libelle}"
