"""Un PDF scellé par instantané signé : demandé dans la transaction qui signe, produit ensuite, jamais modifié."""

import secrets
import uuid

from django.db import models

from encadrement.journal.models import LigneInalterable
from encadrement.signatures.models import Instantane

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGUEUR_CODE = 16


def nouveau_code():
    """Rend un code de vérification tiré au sort : seize signes sans I, L, O ni U (80 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR_CODE))


def lire_code(texte):
    """Rend le code tapé ou numérisé sous sa forme gardée en base, ou "" s’il n’a pas la longueur voulue."""
    plat = "".join(signe for signe in texte.upper() if signe.isascii() and signe.isalnum())
    code = plat.replace("O", "0").replace("I", "1").replace("L", "1")
    return code if len(code) == LONGUEUR_CODE and set(code) <= set(ALPHABET) else ""


class Etat(models.TextChoices):
    DEMANDE = "demande", "demandé"
    EN_COURS = "en_cours", "en préparation"
    PRODUIT = "produit", "produit"
    ECHEC = "echec", "en échec, sera repris"


class Horodatage(models.TextChoices):
    ABSENT = "absent", "sans horodatage"
    EN_ATTENTE = "en_attente", "horodatage en attente"
    POSE = "pose", "horodaté"


class Numerotation(models.Model):
    """Le dernier rang donné dans une série et une année ; verrouillé pendant qu’on en donne un."""

    serie = models.CharField("série", max_length=10)
    annee = models.PositiveSmallIntegerField("année")
    dernier = models.PositiveIntegerField("dernier rang", default=0)

    class Meta:
        verbose_name = "numérotation"
        constraints = [models.UniqueConstraint(fields=["serie", "annee"], name="numerotation_une_par_serie_et_annee")]

    def __str__(self):
        return f"{self.serie}-{self.annee} : {self.dernier}"


class DocumentQuerySet(models.QuerySet):
    def a_produire(self):
        """Documents sans PDF : les moins essayés d’abord, pour qu’un document malade n’en retienne aucun autre."""
        return self.exclude(etat=Etat.PRODUIT).order_by("essais", "demande_le", "pk")


class Document(models.Model):
    """Le PDF d’un instantané : son numéro, son code de vérification, son état et son empreinte une fois scellé."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    instantane = models.OneToOneField(Instantane, models.PROTECT, related_name="document")
    numero = models.CharField("numéro", max_length=20, unique=True)
    code = models.CharField("code de vérification", max_length=LONGUEUR_CODE, unique=True, default=nouveau_code)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.DEMANDE)
    demande_le = models.DateTimeField("demandé le", auto_now_add=True)
    reclame_le = models.DateTimeField("réclamé le", null=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    erreur = models.CharField("sorte d’erreur", max_length=80, blank=True)
    fichier = models.FileField("fichier", max_length=160, blank=True)
    empreinte_rendu = models.CharField("empreinte SHA-256 avant le sceau", max_length=64, blank=True)
    empreinte_pdf = models.CharField("empreinte SHA-256 du PDF scellé", max_length=64, blank=True, db_index=True)
    horodatage = models.CharField("horodatage", max_length=10, choices=Horodatage, default=Horodatage.ABSENT)
    produit_le = models.DateTimeField("produit le", null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(etat=Etat.PRODUIT)
                | (~models.Q(fichier="") & ~models.Q(empreinte_pdf="") & models.Q(produit_le__isnull=False)),
                name="document_produit_complet",
            )
        ]
        indexes = [
            models.Index(fields=["demande_le"], condition=~models.Q(etat=Etat.PRODUIT), name="document_a_produire")
        ]

    def __str__(self):
        return self.numero

    def save(self, *args, **kwargs):
        if not self._state.adding and type(self).objects.filter(pk=self.pk, etat=Etat.PRODUIT).exists():
            raise LigneInalterable("Un document produit ne change plus.")
        super().save(*args, **kwargs)

    def delete(self, *_args, **_kwargs):
        raise LigneInalterable("Un document ne s’efface pas.")

    @property
    def nature(self):
        return self.instantane.nature

    @property
    def est_produit(self):
        return self.etat == Etat.PRODUIT

    @property
    def code_lisible(self):
        """Le code en quatre groupes de quatre, comme il est imprimé."""
        return "-".join(self.code[rang : rang + 4] for rang in range(0, LONGUEUR_CODE, 4))
