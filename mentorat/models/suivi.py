"""Ce qui se passe entre la signature et la fin : rencontres, notes, suivi au gestionnaire, mésentente."""

import uuid

from django.db import models
from django.db.models import Count, Q, Sum
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.socle.champs import ChampChiffre
from encadrement.socle.temps import ecrire_duree
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait
from mentorat.models.entente import Entente


class Mode(models.TextChoices):
    PRESENCE = "presence", "en présence"
    TEAMS = "teams", "Teams"
    TELEPHONE = "telephone", "téléphone"


class RencontreMentoratQuerySet(models.QuerySet):
    def bilan(self):
        """Rend (nombre, minutes de mentorat en tout, minutes en moyenne) ; l’orientation est déjà exclue (R-067)."""
        compte = self.aggregate(nombre=Count("pk"), total=Sum("minutes"))
        nombre, minutes = compte["nombre"], compte["total"] or 0
        return nombre, minutes, round(minutes / nombre) if nombre else 0


class RencontreMentorat(models.Model):
    """Une rencontre du journal de la dyade ; `minutes` ne compte que le mentorat."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="rencontres")
    jour = models.DateField("date")
    minutes = models.PositiveIntegerField("durée (minutes de mentorat)")
    minutes_orientation = models.PositiveIntegerField("dont orientation exclue (minutes)", default=0)
    mode = models.CharField("mode", max_length=12, choices=Mode, default=Mode.PRESENCE)
    precision = models.CharField("lieu ou précision", max_length=120, blank=True)
    consignee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    consignee_le = models.DateTimeField("consignée le", auto_now_add=True)

    objects = RencontreMentoratQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre de mentorat"
        verbose_name_plural = "rencontres de mentorat"
        ordering = ["jour", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=24 * 60),
                name="rencontre_duree_possible",
                violation_error_message="Une rencontre dure de 1 minute à 24 heures.",
            ),
            models.UniqueConstraint(
                fields=["entente", "jour", "minutes", "mode"],
                name="rencontre_pas_deux_fois",
                violation_error_message="Cette rencontre est déjà au journal.",
            ),
        ]
        indexes = [
            models.Index(fields=["jour"], include=["minutes", "entente"], name="rencontre_mentorat_par_jour"),
        ]

    def __str__(self):
        return f"{self.jour} — {ecrire_duree(self.minutes)}"


class NoteDyade(models.Model):
    """Une note que seuls le mentor et le mentoré lisent (R-354, X-6) ; chiffrée au repos."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="notes_dyade")
    auteur = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    texte = ChampChiffre("note partagée")
    ecrite_le = models.DateTimeField("écrite le", auto_now_add=True)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "note de la dyade"
        verbose_name_plural = "notes de la dyade"
        ordering = ["-ecrite_le"]

    def __str__(self):
        return f"Note de la dyade, entente {self.entente.numero}"


class NotePersonnelle(models.Model):
    """Une note que seul son auteur lit, pour toujours ; chiffrée au repos."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="notes_personnelles")
    auteur = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    texte = ChampChiffre("note personnelle")
    ecrite_le = models.DateTimeField("écrite le", auto_now_add=True)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "note personnelle"
        verbose_name_plural = "notes personnelles"
        ordering = ["-ecrite_le"]

    def __str__(self):
        return f"Note personnelle, entente {self.entente.numero}"


class SuiviGestionnaire(models.Model):
    """Ce que le mentor transmet au gestionnaire sur les apprentissages ; le mentoré le lit aussi (R-064, R-358)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="suivis")
    auteur = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    texte = ChampChiffre("observations sur les apprentissages")
    ecrit_le = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "suivi au gestionnaire"
        verbose_name_plural = "suivis au gestionnaire"
        ordering = ["-ecrit_le"]

    def __str__(self):
        return f"Suivi, entente {self.entente.numero}"


class EtatMesentente(models.TextChoices):
    SIGNALEE = "signalee", "signalée"
    PRISE_EN_CHARGE = "prise_en_charge", "prise en charge"
    REGLEE = "reglee", "réglée"


class Mesentente(ObjetSuivi):
    """Une difficulté signalée par une partie, à ceux qu’elle choisit seulement (R-089, R-102, R-110, R-448)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="mesententes")
    auteur = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    etat = models.CharField("état", max_length=20, choices=EtatMesentente, default=EtatMesentente.SIGNALEE)
    parle_a_l_autre = models.BooleanField("j’en ai d’abord parlé à l’autre personne", default=False)
    au_gestionnaire = models.BooleanField("au gestionnaire", default=True)
    a_la_dsm = models.BooleanField("à la DSM (APPR)", default=False)
    texte = ChampChiffre("ce qui se passe")
    suite = ChampChiffre("suite donnée", blank=True, default="")

    class Meta:
        verbose_name = "mésentente"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au_gestionnaire=True) | Q(a_la_dsm=True),
                name="mesentente_a_quelqu_un",
                violation_error_message="Choisissez à qui vous vous adressez.",
            )
        ]

    def __str__(self):
        return f"Mésentente, entente {self.entente.numero}"

    def get_absolute_url(self):
        return reverse("mentorat:mesentente", args=[self.uuid])


class PassageMesentente(PassageAbstrait):
    mesentente = models.ForeignKey(Mesentente, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une mésentente"
