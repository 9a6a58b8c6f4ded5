"""La vie entre les rencontres : outils partagés, sujets d’intérêt, appels à tous (R-293, R-452, R-469, R-470)."""

import uuid
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.encoding import punycode

from cdp.models.communaute import Communaute
from cdp.models.rencontre import EtatRencontre
from encadrement.fichiers.models import Fichier
from encadrement.personnes.models import Personne


class PublicationQuerySet(models.QuerySet):
    def visibles(self):
        return self.filter(retiree_le__isnull=True)


class Publication(models.Model):
    """Ce qu’un membre publie ; l’animateur peut le retirer, et la trace reste (N-10)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    auteur = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    publiee_le = models.DateTimeField("publiée le", auto_now_add=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    retiree_par = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")
    motif_retrait = models.CharField("motif du retrait", max_length=300, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-publiee_le", "-id"]

    @property
    def est_visible(self):
        return self.retiree_le is None


class SorteOutil(models.TextChoices):
    MINISTERIEL = "ministeriel", "outil ministériel"
    ADAPTE = "adapte", "outil adapté par un membre"
    COCONSTRUIT = "coconstruit", "outil coconstruit"
    LECTURE = "lecture", "lecture ou donnée probante"


class Outil(Publication):
    """Un outil clinique de la bibliothèque : un fichier, ou un lien (R-452)."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="outils")
    titre = models.CharField("titre", max_length=200)
    sorte = models.CharField("sorte", max_length=12, choices=SorteOutil)
    description = models.TextField("description", blank=True, max_length=2000)
    fichier = models.ForeignKey(Fichier, models.PROTECT, null=True, blank=True, related_name="+")
    lien = models.URLField("lien", max_length=500, blank=True)

    class Meta(Publication.Meta):
        verbose_name = "outil clinique"
        verbose_name_plural = "outils cliniques"
        constraints = [
            models.CheckConstraint(
                condition=Q(fichier__isnull=False) | ~Q(lien=""),
                name="outil_fichier_ou_lien",
                violation_error_message="Déposez un fichier, ou donnez un lien.",
            )
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("cdp:outil", args=[self.uuid])

    @property
    def domaine(self):
        """Le site où mène le lien, dans l’écriture qui ne trompe pas : une lettre d’un autre alphabet s’y voit."""
        return punycode(urlsplit(self.lien).hostname or "")


class SujetQuerySet(PublicationQuerySet):
    def par_votes(self):
        return self.annotate(nombre_de_votes=Count("votes")).order_by("-nombre_de_votes", "publiee_le")


class Sujet(Publication):
    """Un sujet d’intérêt de la banque, que les membres appuient d’un vote (R-469)."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="sujets")
    texte = models.CharField("sujet", max_length=300)
    traite_a = models.ForeignKey(
        "cdp.RencontreCdp",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mis à l’ordre du jour",
    )

    objects = SujetQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = "sujet d’intérêt"
        verbose_name_plural = "sujets d’intérêt"

    def __str__(self):
        return self.texte

    def get_absolute_url(self):
        return reverse("cdp:sujets", args=[self.communaute.uuid])

    @property
    def est_inscrit(self):
        """Dit si une rencontre l’a à son ordre du jour ; une rencontre annulée le rend à la banque."""
        return self.traite_a_id is not None and self.traite_a.etat != EtatRencontre.ANNULEE


class Vote(models.Model):
    """L’appui d’un membre à un sujet ; un seul chacun, et on peut le reprendre."""

    # CASCADE : un vote n’est rien sans son sujet.
    sujet = models.ForeignKey(Sujet, models.CASCADE, related_name="votes")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "vote"
        constraints = [models.UniqueConstraint(fields=["sujet", "personne"], name="vote_un_par_personne")]

    def __str__(self):
        return f"{self.personne} : {self.sujet}"


class Appel(Publication):
    """Une question posée à toute la communauté : l’« appel à tous » (R-293)."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="appels")
    titre = models.CharField("question", max_length=200)
    texte = models.TextField("contexte, sans rien qui identifie une personne", blank=True, max_length=8000)

    class Meta(Publication.Meta):
        verbose_name = "appel à tous"
        verbose_name_plural = "appels à tous"

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("cdp:appel", args=[self.uuid])


class ReponseAppel(Publication):
    """La réponse d’un membre à un appel à tous."""

    appel = models.ForeignKey(Appel, models.PROTECT, related_name="reponses")
    texte = models.TextField("réponse", max_length=8000)

    class Meta(Publication.Meta):
        verbose_name = "réponse à un appel"
        verbose_name_plural = "réponses à un appel"
        ordering = ["publiee_le", "id"]

    def __str__(self):
        return f"Réponse de {self.auteur}"

    def get_absolute_url(self):
        return self.appel.get_absolute_url()

    @property
    def communaute(self):
        return self.appel.communaute
