"""Les questionnaires, les campagnes, qui est invité, et des réponses que rien ne relie à qui les a données (N-06)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.sondages.champs import ChampSansHeure
from encadrement.sondages.questions import lire


class EtatQuestionnaire(models.TextChoices):
    BROUILLON = "brouillon", "brouillon"
    PUBLIE = "publie", "publié"


class Questionnaire(models.Model):
    """Une version d’un questionnaire ; publiée, elle ne change plus : on en écrit une nouvelle (Q-11)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("code", max_length=60)
    version = models.PositiveSmallIntegerField("version", default=1)
    nom = models.CharField("nom", max_length=150)
    consigne = models.TextField("consigne", blank=True, max_length=2000)
    questions = models.JSONField("questions", default=list)
    etat = models.CharField("état", max_length=10, choices=EtatQuestionnaire, default=EtatQuestionnaire.BROUILLON)

    class Meta:
        verbose_name = "questionnaire"
        ordering = ["nom", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_une_fois_par_version"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(etat="brouillon"),
                name="questionnaire_un_brouillon",
                violation_error_message="Une nouvelle version de ce questionnaire est déjà en préparation.",
            ),
        ]

    def __str__(self):
        return f"{self.nom}, version {self.version}"

    def get_absolute_url(self):
        return reverse("sondages:questionnaire", args=[self.uuid])

    @property
    def publie(self):
        return self.etat == EtatQuestionnaire.PUBLIE

    @property
    def liste(self):
        """Rend les questions, dans l’ordre, en `Question`."""
        return lire(self.questions)


class Lot(models.Model):
    """Des campagnes fermées dont les réponses paraissent ensemble : cinq personnes au moins, pour toujours (N-06).

    Un lot ne change jamais, et un résultat n’additionne que des lots entiers : la différence entre deux résultats est
    encore faite de lots entiers, jamais d’une réponse.
    """

    repondants = models.PositiveIntegerField("personnes différentes")
    reponses = models.PositiveIntegerField("réponses")
    # Relire dix mille réponses coûterait plus que toute la page qui en montre la moyenne.
    comptes = models.JSONField("réponses comptées, par question", default=list)

    class Meta:
        verbose_name = "lot de réponses"
        verbose_name_plural = "lots de réponses"
        constraints = [
            models.CheckConstraint(
                condition=Q(repondants__gte=5) & Q(reponses__gte=F("repondants")), name="lot_de_cinq_au_moins"
            )
        ]

    def __str__(self):
        return f"Lot de {self.reponses} réponses"


class CampagneQuerySet(models.QuerySet):
    def ouvertes(self):
        """Campagnes auxquelles on peut répondre aujourd’hui."""
        return self.filter(Q(fin=None) | Q(fin__gte=jour_local()), fermee_le=None)

    def echues(self, jour):
        """Campagnes dont le dernier jour est passé et qui restent à fermer."""
        return self.filter(fermee_le=None, fin__lt=jour)


class Campagne(models.Model):
    """Un questionnaire posé à un groupe de personnes, pour une année financière, jusqu’à sa fermeture (Q-18)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cle = models.CharField("clé", max_length=120, unique=True)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="campagnes")
    mesure = models.CharField("mesure", max_length=30)
    groupe = models.CharField("groupe", max_length=60, blank=True)
    annee = models.PositiveSmallIntegerField("année financière (1er avril)")
    libelle = models.CharField("libellé", max_length=200)
    ouverte_le = models.DateField("ouverte le", default=jour_local)
    fin = models.DateField("dernier jour pour répondre", null=True)
    fermee_le = models.DateField("fermée le", null=True)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="campagnes")

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne"
        ordering = ["-ouverte_le", "libelle"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lot=None) | Q(fermee_le__isnull=False), name="campagne_rien_avant_la_fermeture"
            )
        ]
        indexes = [
            models.Index(fields=["fin"], condition=Q(fermee_le=None), name="campagne_a_fermer"),
            models.Index(fields=["mesure", "annee", "groupe"], name="campagne_mesure_annee"),
        ]

    def __str__(self):
        return self.libelle

    def get_absolute_url(self):
        return reverse("sondages:campagne", args=[self.uuid])

    @property
    def ouverte(self):
        return self.fermee_le is None and (self.fin is None or self.fin >= jour_local())

    @property
    def code(self):
        return self.questionnaire.code

    @property
    def annee_financiere(self):
        return AnneeFinanciere(self.annee)


class Invitation(models.Model):
    """Ce qu’on attend d’une personne : on sait si elle a répondu, jamais quoi ni quand (R-445).

    `sujet` distingue deux invitations de la même personne à la même campagne ; `dossier` est ce qu’elle en lit.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="invitations")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="invitations")
    sujet = models.CharField("sujet", max_length=60, blank=True)
    dossier = models.CharField("dossier", max_length=200, blank=True)
    demandee_le = models.DateField("demandée le", default=jour_local)
    attendue_le = models.DateField("attendue le")
    remplie = models.BooleanField("remplie", default=False)

    class Meta:
        verbose_name = "invitation à répondre"
        verbose_name_plural = "invitations à répondre"
        ordering = ["personne__nom", "personne__prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "personne", "sujet"], name="invitation_une_par_personne_et_sujet"
            )
        ]
        indexes = [models.Index(fields=["demandee_le"], condition=Q(remplie=False), name="invitation_attendue")]

    def __str__(self):
        return f"{self.campagne} : {self.personne}"

    def get_absolute_url(self):
        return reverse("sondages:repondre", args=[self.uuid])


class Reponse(models.Model):
    """Une réponse sans personne, sans invitation et sans heure : elle ne connaît que sa campagne (R-073, N-06)."""

    # Identifiant tiré au sort : un numéro d’ordre redonnerait l’ordre des réponses, donc leur auteur.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="reponses")
    contenu = ChampSansHeure("réponses")

    class Meta:
        verbose_name = "réponse"

    def __str__(self):
        return f"Réponse, {self.campagne}"
