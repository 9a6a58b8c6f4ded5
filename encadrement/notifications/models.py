"""La boîte d’envoi, les relances, les préférences : la base est la file, le courtier n’est qu’un coup de pouce."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from encadrement.personnes.models import Personne


class EtatCourriel(models.TextChoices):
    A_REGROUPER = "a_regrouper", "attend le prochain résumé"
    REGROUPE = "regroupe", "repris dans un résumé"
    A_ENVOYER = "a_envoyer", "à envoyer"
    EN_COURS = "en_cours", "en cours d’envoi"
    ENVOYE = "envoye", "envoyé"
    AMBIGU = "ambigu", "peut-être envoyé"
    ECHEC = "echec", "refusé"
    ABANDONNE = "abandonne", "abandonné"


# Ce qu’une personne doit trancher : la machine ne sait pas si le message est parti, ou le sait refusé.
EN_SOUFFRANCE = (EtatCourriel.AMBIGU, EtatCourriel.ECHEC)


class CourrielQuerySet(models.QuerySet):
    def a_envoyer(self, instant):
        """Lignes prêtes à partir à `instant`, la plus ancienne d’abord."""
        return self.filter(etat=EtatCourriel.A_ENVOYER, pas_avant__lte=instant).order_by("pas_avant", "id")

    def reclames_avant(self, instant):
        """Lignes réclamées avant `instant` par un travailleur qui n’en a pas rendu compte."""
        return self.filter(etat=EtatCourriel.EN_COURS, reclame_le__lt=instant)

    def en_souffrance(self):
        """Lignes qu’une personne doit regarder : envoi incertain ou refusé."""
        return self.filter(etat__in=EN_SOUFFRANCE).order_by("-cree_le")

    def fil_de(self, personne):
        """« Ce qui a bougé » pour cette personne, le plus récent d’abord ; sans les résumés."""
        return self.filter(a=personne).exclude(gabarit=GABARIT_RESUME).order_by("-cree_le", "-id")


GABARIT_RESUME = "notifications/resume"


class Courriel(models.Model):
    """Un message à une personne ou à une boîte fonctionnelle, écrit dans la transaction du fait qu’il annonce."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cle = models.CharField("clé", max_length=200, unique=True)
    a = models.ForeignKey(Personne, models.PROTECT, null=True, related_name="courriels", verbose_name="à")
    adresse = models.EmailField("adresse", blank=True)
    gabarit = models.CharField("gabarit", max_length=80)
    objet_type = models.CharField("type de dossier", max_length=80, blank=True)
    objet_uuid = models.UUIDField("dossier", null=True)
    objet = models.CharField("objet", max_length=200)
    texte = models.TextField("texte")
    html = models.TextField("version HTML", blank=True)
    calendrier = models.TextField("convocation", blank=True)
    url = models.CharField("adresse de la page", max_length=300, blank=True)
    urgent = models.BooleanField("immédiat", default=True)
    etat = models.CharField("état", max_length=12, choices=EtatCourriel, default=EtatCourriel.A_ENVOYER)
    cree_le = models.DateTimeField("créé le", default=timezone.now)
    pas_avant = models.DateTimeField("pas avant", default=timezone.now)
    reclame_le = models.DateTimeField("réclamé le", null=True)
    reclame_par = models.CharField("réclamé par", max_length=80, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)
    message_id = models.CharField("Message-ID", max_length=200)
    resume = models.ForeignKey("self", models.PROTECT, null=True, related_name="reprises", verbose_name="résumé")
    lu_le = models.DateTimeField("lu le", null=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-cree_le", "-id"]
        # Index partiels : leur condition est exactement celle des balayages, rattrapage compris.
        indexes = [
            models.Index(fields=["pas_avant", "id"], name="courriel_a_envoyer", condition=Q(etat="a_envoyer")),
            models.Index(fields=["reclame_le"], name="courriel_en_cours", condition=Q(etat="en_cours")),
            models.Index(fields=["cree_le", "a"], name="courriel_a_regrouper", condition=Q(etat="a_regrouper")),
            models.Index(fields=["cree_le"], name="courriel_souffrance", condition=Q(etat__in=("ambigu", "echec"))),
            models.Index(fields=["a", "-cree_le"], name="courriel_fil"),
            models.Index(fields=["objet_uuid"], name="courriel_dossier"),
        ]

    def __str__(self):
        return self.objet

    @property
    def titre(self):
        return self.objet

    @property
    def est_lu(self):
        return self.lu_le is not None


class StatutRappel(models.TextChoices):
    PARTI = "parti", "partie"
    REMPLACE = "remplace", "remplacée par une relance plus récente"


class Rappel(models.Model):
    """Une relance : une seule par dossier, jalon et destinataire, quoi qu’il arrive au serveur."""

    cle = models.CharField("clé", max_length=200, unique=True)
    mesure = models.CharField("mesure", max_length=30)
    objet_type = models.CharField("type de dossier", max_length=80)
    objet_uuid = models.UUIDField("dossier")
    jalon = models.CharField("jalon", max_length=80)
    destinataire = models.ForeignKey(Personne, models.PROTECT, related_name="rappels")
    jour = models.DateField("jour")
    statut = models.CharField("statut", max_length=10, choices=StatutRappel)
    courriel = models.ForeignKey(Courriel, models.PROTECT, null=True, related_name="rappels")
    cree_le = models.DateTimeField("créée le", default=timezone.now)

    class Meta:
        verbose_name = "relance"
        ordering = ["-cree_le", "-id"]
        indexes = [models.Index(fields=["objet_uuid", "jalon"], name="rappel_dossier_jalon")]

    def __str__(self):
        return f"{self.jalon} → {self.destinataire}"


class Cadence(models.TextChoices):
    QUOTIDIEN = "quotidien", "un résumé par jour"
    HEBDOMADAIRE = "hebdomadaire", "un résumé par semaine, le lundi"
    IMMEDIAT = "immediat", "tout de suite, un courriel par nouvelle"


class Preference(models.Model):
    """Comment la personne veut recevoir ce qui n’attend pas de décision ; sans préférence, un résumé par jour."""

    personne = models.OneToOneField(Personne, models.PROTECT, related_name="preference")
    resume = models.CharField("ce qui n’est pas urgent", max_length=12, choices=Cadence, default=Cadence.QUOTIDIEN)

    class Meta:
        verbose_name = "préférence"

    def __str__(self):
        return f"{self.personne} : {self.get_resume_display()}"


class Battement(models.Model):
    """Le dernier signe de vie de ce qui doit revenir à intervalle fixe (`battements.py`) ; le silence se voit à /sante/pret/."""

    nom = models.CharField("nom", max_length=40, unique=True)
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "signe de vie"
        verbose_name_plural = "signes de vie"

    def __str__(self):
        return self.nom
