"""Ce que la DSM tire de l’évaluation : le bilan de l’année et les recommandations qu’elle en suit (R-023, R-024, R-083)."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from encadrement.journal.models import AjoutSeul
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Instantane
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait

TOUTES_LES_MESURES = "toutes les mesures"


def nom_de_la_mesure(code):
    """Rend le nom d’une mesure du cadre ; sans code, l’ensemble."""
    return dict(settings.MESURES_DU_CADRE).get(code, code) if code else TOUTES_LES_MESURES.capitalize()


class EtatBilan(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    PUBLIE = "publie", "publié"


class BilanAnnuel(ObjetSuivi):
    """Le bilan d’une année financière : les textes de la DSM, et les versions publiées, qui ne changent plus (R-083)."""

    annee = models.PositiveSmallIntegerField(
        "année financière", unique=True, error_messages={"unique": "Cette année a déjà son bilan."}
    )
    etat = models.CharField("état", max_length=10, choices=EtatBilan, default=EtatBilan.BROUILLON)
    introduction = models.TextField("introduction", blank=True, default="")
    textes = models.JSONField("texte de chaque mesure", default=dict)
    conclusion = models.TextField("conclusion", blank=True, default="")
    # Repris pour une nouvelle version, un bilan reste lisible dans la dernière publiée.
    diffuse = models.BooleanField("déjà publié", default=False)

    class Meta:
        verbose_name = "bilan annuel"
        verbose_name_plural = "bilans annuels"
        ordering = ["-annee"]

    def __str__(self):
        return f"Bilan annuel {self.annee_financiere}"

    def get_absolute_url(self):
        return reverse("bilan_annuel:bilan", args=[self.uuid])

    @property
    def annee_financiere(self):
        return AnneeFinanciere(self.annee)

    @property
    def est_modifiable(self):
        return self.etat == EtatBilan.BROUILLON

    @property
    def derniere_version(self):
        return self.versions.select_related("instantane").last()


class PassageBilan(PassageAbstrait):
    bilan = models.ForeignKey(BilanAnnuel, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’un bilan annuel"


class VersionBilan(AjoutSeul):
    """Une publication : le contenu figé ce jour-là, chiffres compris ; republier en ajoute une, l’ancienne reste."""

    bilan = models.ForeignKey(BilanAnnuel, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("version")
    instantane = models.OneToOneField(Instantane, models.PROTECT, related_name="+")
    publiee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="publiée par")
    publiee_le = models.DateTimeField("publiée le", auto_now_add=True)
    # Celles de l’instantané, par code d’indicateur : le tableau de bord les lit sans ouvrir tout le document.
    valeurs = models.JSONField("valeurs publiées", null=True)

    class Meta:
        verbose_name = "version d’un bilan annuel"
        ordering = ["numero"]
        constraints = [models.UniqueConstraint(fields=["bilan", "numero"], name="version_bilan_unique")]

    def __str__(self):
        return f"{self.bilan}, version {self.numero}"


class EtatRecommandation(models.TextChoices):
    PROPOSEE = "proposee", "proposée"
    EN_COURS = "en_cours", "en cours"
    REALISEE = "realisee", "réalisée"
    ABANDONNEE = "abandonnee", "abandonnée"


OUVERTES = (EtatRecommandation.PROPOSEE, EtatRecommandation.EN_COURS)


class Recommandation(ObjetSuivi):
    """Ce que l’évaluation recommande : pour quelle mesure, d’après quel bilan, qui en répond, pour quand (R-024)."""

    numero = models.CharField("numéro", max_length=20, unique=True)
    annee = models.PositiveSmallIntegerField("bilan de l’année")
    mesure = models.CharField("mesure", max_length=20, choices=settings.MESURES_DU_CADRE, blank=True, default="")
    libelle = models.TextField("recommandation")
    responsable = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="responsable")
    echeance = models.DateField("échéance")
    etat = models.CharField("état", max_length=12, choices=EtatRecommandation, default=EtatRecommandation.PROPOSEE)
    publiee = models.BooleanField("publiée avec un bilan", default=False)

    ECRITS = ("libelle", "mesure", "annee", "responsable", "echeance")
    # Publiée, ce qu’elle dit ne change plus ; qui en répond et pour quand peuvent encore changer.
    ECRITS_PUBLIEE = ("responsable", "echeance")

    class Meta:
        verbose_name = "recommandation"
        ordering = ["-annee", "numero"]
        indexes = [
            models.Index(
                fields=["responsable", "echeance"],
                condition=models.Q(etat__in=("proposee", "en_cours")),
                name="recommandation_ouverte",
            )
        ]

    def __str__(self):
        return f"Recommandation {self.numero}"

    def get_absolute_url(self):
        return reverse("bilan_annuel:recommandation", args=[self.uuid])

    @property
    def annee_financiere(self):
        return AnneeFinanciere(self.annee)

    @property
    def nom_de_la_mesure(self):
        return nom_de_la_mesure(self.mesure)

    @property
    def est_ouverte(self):
        return self.etat in OUVERTES

    @property
    def est_en_retard(self):
        return self.est_ouverte and self.echeance < jour_local()

    @property
    def champs_ouverts(self):
        """Rend les champs qu’on peut encore écrire."""
        if not self.est_ouverte:
            return ()
        return self.ECRITS_PUBLIEE if self.publiee else self.ECRITS


class PassageRecommandation(PassageAbstrait):
    recommandation = models.ForeignKey(Recommandation, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une recommandation"


class SuiviRecommandation(AjoutSeul):
    """Où en est une recommandation, un jour donné ; on en ajoute, on n’en corrige pas (R-024)."""

    recommandation = models.ForeignKey(Recommandation, models.PROTECT, related_name="suivis")
    par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="par")
    ecrit_le = models.DateTimeField("écrit le", auto_now_add=True)
    texte = models.TextField("où elle en est")

    class Meta:
        verbose_name = "suivi d’une recommandation"
        ordering = ["id"]

    def __str__(self):
        return f"Suivi de {self.recommandation}"
