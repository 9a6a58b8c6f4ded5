"""Le plan d’action et le rapport annuel de l’annexe 7 (R-364 à R-379)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cdp.models.communaute import Communaute
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Instantane
from encadrement.socle.temps import AnneeFinanciere
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait

LIGNES_DU_GABARIT = 4  # l’annexe 7 en imprime quatre
LIGNES_MAXIMUM = 20
PRECISION_MAXIMALE = 4000


class EtatAnnuel(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    SOUMIS = "soumis", "à approuver"
    APPROUVE = "approuve", "approuvé"


class DocumentAnnuel(ObjetSuivi):
    """Ce que le plan et le rapport ont en commun : une communauté, une année, deux signatures, une copie à la DSM."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="%(class)ss")
    annee = models.PositiveSmallIntegerField("année financière (1er avril)")
    etat = models.CharField("état", max_length=12, choices=EtatAnnuel, default=EtatAnnuel.BROUILLON)
    instantane = models.ForeignKey(Instantane, models.PROTECT, null=True, blank=True, related_name="+")
    copie_dsm_le = models.DateTimeField("copie transmise à la DSM le", null=True, blank=True)
    modifie_le = models.DateTimeField("modifié le", null=True, blank=True)
    modifie_par = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["-annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["communaute", "annee"],
                name="%(class)s_un_par_annee",
                violation_error_message="Cette année a déjà le sien : ouvrez celui-là.",
            )
        ]
        indexes = [
            # « À faire » cherche ceux qui attendent un geste, à chaque page : ils sont peu, l’histoire est longue.
            models.Index(
                fields=["communaute"], condition=Q(etat__in=["brouillon", "soumis"]), name="%(class)s_en_cours"
            ),
            # Les alertes et les rappels cherchent qui n’a pas déposé celui de l’année.
            models.Index(
                fields=["annee"], include=["communaute"], condition=~Q(etat="brouillon"), name="%(class)s_deposes"
            ),
        ]

    @property
    def annee_financiere(self):
        return AnneeFinanciere(self.annee)

    @property
    def est_modifiable(self):
        return self.etat == EtatAnnuel.BROUILLON


class PlanAnnuel(DocumentAnnuel):
    """Le plan d’action annuel : objectifs, responsables, moyens, échéanciers, indicateurs (R-364 à R-366)."""

    rencontres_prevues = models.PositiveSmallIntegerField("nombre de rencontres prévues", null=True, blank=True)
    duree_prevue = models.PositiveSmallIntegerField("durée prévue d’une rencontre (minutes)", null=True, blank=True)

    class Meta(DocumentAnnuel.Meta):
        verbose_name = "plan d’action annuel"
        verbose_name_plural = "plans d’action annuels"

    def __str__(self):
        return f"Plan d’action {self.annee_financiere}, {self.communaute}"

    def get_absolute_url(self):
        return reverse("cdp:plan", args=[self.uuid])


class PassagePlan(PassageAbstrait):
    plan = models.ForeignKey(PlanAnnuel, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’un plan"


class LignePlan(models.Model):
    """Un objectif du plan, avec les cinq autres colonnes de l’annexe 7 (R-365)."""

    COLONNES = ("objectif", "responsables", "collaborateurs", "moyens", "echeancier", "indicateur")
    REQUISES = ("responsables", "moyens", "echeancier", "indicateur")

    # CASCADE : une ligne n’existe que dans le brouillon de son plan ; signée, elle vit dans l’instantané.
    plan = models.ForeignKey(PlanAnnuel, models.CASCADE, related_name="lignes")
    rang = models.PositiveSmallIntegerField("rang")
    objectif = models.TextField("objectif", blank=True, max_length=2000)
    responsables = models.TextField("responsable(s)", blank=True, max_length=600)
    collaborateurs = models.TextField("collaborateur(s)", blank=True, max_length=600)
    moyens = models.TextField("moyen(s) identifié(s)", blank=True, max_length=2000)
    echeancier = models.TextField("échéancier(s)", blank=True, max_length=600)
    indicateur = models.TextField("indicateur(s) de résultat", blank=True, max_length=1000)

    class Meta:
        verbose_name = "ligne du plan"
        verbose_name_plural = "lignes du plan"
        ordering = ["rang", "id"]

    def __str__(self):
        return self.objectif[:60]

    @property
    def est_vide(self):
        return not any(getattr(self, colonne).strip() for colonne in self.COLONNES)


class RapportAnnuel(DocumentAnnuel):
    """Le rapport annuel d’activité : atteinte des objectifs, bilan, renouvellement (R-367 à R-379).

    Un nombre laissé vide est celui des comptes rendus ; un nombre écrit l’emporte, et la page montre les deux.
    """

    NOMBRES = ("rencontres", "duree_moyenne", "experiences", "donnees_probantes", "coconstructions", "productions")
    PRECISIONS = ("experiences", "donnees_probantes", "coconstructions", "productions")

    rencontres = models.PositiveSmallIntegerField("nombre de rencontres", null=True, blank=True)
    duree_moyenne = models.PositiveSmallIntegerField("durée moyenne des rencontres (minutes)", null=True, blank=True)
    experiences = models.PositiveSmallIntegerField(
        "nombre de présentations d’expérience clinique ou de partages de formation", null=True, blank=True
    )
    experiences_precisez = models.TextField("précisez", blank=True, max_length=PRECISION_MAXIMALE)
    donnees_probantes = models.PositiveSmallIntegerField(
        "nombre de présentations de données probantes ou partages de pratiques prometteuses", null=True, blank=True
    )
    donnees_probantes_precisez = models.TextField("précisez", blank=True, max_length=PRECISION_MAXIMALE)
    coconstructions = models.PositiveSmallIntegerField(
        "nombre de coconstructions de connaissances visant un consensus", null=True, blank=True
    )
    coconstructions_precisez = models.TextField("précisez", blank=True, max_length=PRECISION_MAXIMALE)
    productions = models.PositiveSmallIntegerField(
        "nombre de productions d’outil clinique, de procédure ou autre", null=True, blank=True
    )
    productions_precisez = models.TextField("précisez", blank=True, max_length=PRECISION_MAXIMALE)
    autres_precisez = models.TextField("autres, précisez", blank=True, max_length=PRECISION_MAXIMALE)
    conclusion = models.TextField("conclusion ou commentaires", blank=True, max_length=8000)
    poursuite = models.BooleanField("la CdP désire poursuivre ses activités", null=True, blank=True)
    apercu_1 = models.CharField("aperçu des objectifs, 1", max_length=300, blank=True)
    apercu_2 = models.CharField("aperçu des objectifs, 2", max_length=300, blank=True)
    apercu_3 = models.CharField("aperçu des objectifs, 3", max_length=300, blank=True)
    renouvellement_accorde = models.BooleanField("renouvellement accordé", null=True, blank=True)
    motif_non_renouvellement = models.TextField("pourquoi la CdP n’est pas renouvelée", blank=True, max_length=4000)

    class Meta(DocumentAnnuel.Meta):
        verbose_name = "rapport annuel"
        verbose_name_plural = "rapports annuels"
        indexes = [
            *DocumentAnnuel.Meta.indexes,
            models.Index(
                fields=["annee"],
                include=["id", "communaute", "renouvellement_accorde"],
                condition=Q(etat="approuve"),
                name="rapport_approuve",
            ),
        ]

    def __str__(self):
        return f"Rapport annuel {self.annee_financiere}, {self.communaute}"

    def get_absolute_url(self):
        return reverse("cdp:rapport", args=[self.uuid])

    @property
    def apercu(self):
        return [texte for texte in (self.apercu_1, self.apercu_2, self.apercu_3) if texte.strip()]


class PassageRapport(PassageAbstrait):
    rapport = models.ForeignKey(RapportAnnuel, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’un rapport"


class Atteinte(models.TextChoices):
    ATTEINT = "atteint", "atteint"
    EN_PARTIE = "en_partie", "atteint en partie"
    NON_ATTEINT = "non_atteint", "non atteint"


class LigneRapport(models.Model):
    """L’atteinte d’un objectif : repris du plan, ou ajouté en cours d’année (R-368)."""

    # CASCADE : même vie que la ligne du plan.
    rapport = models.ForeignKey(RapportAnnuel, models.CASCADE, related_name="lignes")
    rang = models.PositiveSmallIntegerField("rang")
    objectif = models.TextField("objectif", blank=True, max_length=2000)
    indicateur = models.TextField("indicateur(s) de résultat", blank=True, max_length=1000)
    atteinte = models.CharField("atteinte", max_length=12, choices=Atteinte, blank=True)
    resultat = models.TextField("résultat", blank=True, max_length=2000)

    class Meta:
        verbose_name = "ligne du rapport"
        verbose_name_plural = "lignes du rapport"
        ordering = ["rang", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(atteinte__in=["", *Atteinte.values]), name="ligne_rapport_atteinte_connue"
            )
        ]
        indexes = [models.Index(fields=["rapport"], include=["atteinte"], name="ligne_rapport_atteinte")]

    def __str__(self):
        return self.objectif[:60]
