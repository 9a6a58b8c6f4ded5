"""La demande de mentorat et ses jumelages proposés (R-044 à R-046, R-068, R-087, R-439)."""

from django.db import models
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait
from mentorat.models.bottin import Competence


class IdentifiePar(models.TextChoices):
    INTERVENANT = "intervenant", "l’intervenant"
    GESTIONNAIRE = "gestionnaire", "le gestionnaire"
    LES_DEUX = "les_deux", "l’intervenant et le gestionnaire"


class Besoins(models.Model):
    """Les trois cases de l’annexe 4 et qui a vu le besoin (R-328, Q-13) ; portées par la demande puis par l’entente."""

    besoin_nouvel_intervenant = models.BooleanField("Nouvel intervenant du CISSS", default=False)
    besoin_nouveau_programme = models.BooleanField("Intégration d’un nouveau programme ou service", default=False)
    besoin_competences = models.BooleanField("Développement de compétences spécifiques", default=False)
    identifie_par = models.CharField(
        "besoin identifié par", max_length=15, choices=IdentifiePar, default=IdentifiePar.INTERVENANT
    )

    CASES = ("besoin_nouvel_intervenant", "besoin_nouveau_programme", "besoin_competences")

    class Meta:
        abstract = True

    @property
    def besoins(self):
        """Rend les libellés des cases cochées, dans l’ordre de l’annexe."""
        return [str(self._meta.get_field(case).verbose_name) for case in self.CASES if getattr(self, case)]


class EtatDemande(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    SOUMISE = "soumise", "soumise au gestionnaire"
    ACCEPTEE = "acceptee", "à jumeler"
    PROPOSEE = "proposee", "jumelage proposé"
    JUMELEE = "jumelee", "jumelée"
    REFUSEE = "refusee", "refusée"
    RETIREE = "retiree", "retirée"


class DemandeMentorat(Besoins, ObjetSuivi):
    """Le besoin d’une personne, vu par elle ou par son gestionnaire, jusqu’au jumelage."""

    mentore = models.ForeignKey(Personne, models.PROTECT, related_name="demandes_mentorat", verbose_name="mentoré")
    etat = models.CharField("état", max_length=20, choices=EtatDemande, default=EtatDemande.BROUILLON)
    description = models.TextField("ce que je veux développer", max_length=4000, blank=True)
    attentes = models.TextField("mes attentes et mes disponibilités", max_length=4000, blank=True)
    competences = models.ManyToManyField(Competence, blank=True, related_name="demandes")
    suggestion = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mentor suggéré par la DSM"
    )

    class Meta:
        verbose_name = "demande de mentorat"
        verbose_name_plural = "demandes de mentorat"
        ordering = ["-cree_le"]
        indexes = [
            models.Index(
                fields=["depuis"],
                condition=models.Q(etat__in=["soumise", "acceptee", "proposee"]),
                name="demande_en_attente",
            ),
            models.Index(
                fields=["cree_le"],
                include=["mentore"],
                condition=models.Q(identifie_par__in=["gestionnaire", "les_deux"]),
                name="demande_designee_le",
            ),
        ]

    def __str__(self):
        return f"Demande de mentorat de {self.mentore}"

    def get_absolute_url(self):
        return reverse("mentorat:demande", args=[self.uuid])

    @property
    def jumelage(self):
        """Le jumelage proposé en ce moment, s’il y en a un."""
        return self.jumelages.filter(actif=True).select_related("mentor").first()


class PassageDemande(PassageAbstrait):
    demande = models.ForeignKey(DemandeMentorat, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une demande de mentorat"


class Jumelage(models.Model):
    """Un mentor proposé pour une demande ; chacun accepte, ou dit qu’il ne convient pas sans se justifier (R-439)."""

    demande = models.ForeignKey(DemandeMentorat, models.PROTECT, related_name="jumelages")
    mentor = models.ForeignKey(Personne, models.PROTECT, related_name="jumelages_mentor")
    propose_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    propose_le = models.DateTimeField("proposé le", auto_now_add=True)
    accepte_mentor_le = models.DateTimeField("accepté par le mentor le", null=True)
    accepte_mentore_le = models.DateTimeField("accepté par le mentoré le", null=True)
    actif = models.BooleanField(default=True)

    class Meta:
        verbose_name = "jumelage"
        ordering = ["-propose_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["demande"],
                condition=models.Q(actif=True),
                name="jumelage_un_seul_actif",
                violation_error_message="Un jumelage est déjà proposé pour cette demande.",
            )
        ]

    def __str__(self):
        return f"{self.mentor} et {self.demande.mentore}"

    @property
    def est_accepte(self):
        return bool(self.accepte_mentor_le and self.accepte_mentore_le)

    def a_repondu(self, personne):
        """Dit si cette personne, mentor ou mentoré, a déjà accepté ce jumelage."""
        if personne.pk == self.mentor_id:
            return self.accepte_mentor_le is not None
        return personne.pk == self.demande.mentore_id and self.accepte_mentore_le is not None
