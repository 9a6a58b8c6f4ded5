"""Prolonger, mettre fin, à quel titre on évalue la mesure (R-059, R-071, R-362, R-363)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait
from mentorat.models.entente import Entente

PROLONGATION_MAXIMALE_MOIS = 6


class EtatProlongation(models.TextChoices):
    DEMANDEE = "demandee", "demandée"
    ACCORDEE = "accordee", "accordée"
    REFUSEE = "refusee", "refusée"


class Prolongation(ObjetSuivi):
    """Une poursuite demandée au-delà de la fin prévue, que le gestionnaire accorde ou refuse (R-059, R-341)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="prolongations")
    etat = models.CharField("état", max_length=20, choices=EtatProlongation, default=EtatProlongation.DEMANDEE)
    fin_actuelle = models.DateField("fin actuelle")
    nouvelle_fin = models.DateField("nouvelle fin")
    justification = models.TextField("justification", max_length=4000)
    demandee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "prolongation"
        ordering = ["-cree_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["entente"],
                condition=Q(etat="demandee"),
                name="prolongation_une_en_attente",
                violation_error_message="Une prolongation attend déjà la réponse du gestionnaire.",
            ),
            models.CheckConstraint(
                condition=Q(nouvelle_fin__gt=F("fin_actuelle")),
                name="prolongation_prolonge",
                violation_error_message="La nouvelle fin doit suivre la fin actuelle.",
            ),
        ]

    def __str__(self):
        return f"Prolongation, entente {self.entente.numero}"

    def get_absolute_url(self):
        return reverse("mentorat:prolongation", args=[self.uuid])


class PassageProlongation(PassageAbstrait):
    prolongation = models.ForeignKey(Prolongation, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une prolongation"


class Cessation(models.Model):
    """Une fin anticipée : demandée sans motif obligatoire, conclue par une rencontre (R-362, R-363)."""

    entente = models.ForeignKey(Entente, models.PROTECT, related_name="cessations")
    demandee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("demandée le", auto_now_add=True)
    motif = models.TextField("motif (facultatif)", blank=True, max_length=4000)
    rencontre_le = models.DateField("rencontre de fin tenue le", null=True)
    appr = models.ForeignKey(Personne, models.PROTECT, null=True, related_name="+", verbose_name="APPR présent")
    gestionnaire_present = models.BooleanField("gestionnaire présent", default=False)
    constat = models.TextField("ce que la dyade retient de l’expérience", blank=True, max_length=4000)
    retiree = models.BooleanField(default=False)

    class Meta:
        verbose_name = "cessation"
        ordering = ["-demandee_le"]
        constraints = [
            models.UniqueConstraint(fields=["entente"], condition=Q(retiree=False), name="cessation_une_en_cours")
        ]

    def __str__(self):
        return f"Fin demandée, entente {self.entente.numero}"


class TitreEvaluation(models.TextChoices):
    """Le mentor et le mentoré répondent chacun à leur questionnaire, « mentorat-<titre> » (R-445)."""

    MENTOR = "mentor", "mentor"
    MENTORE = "mentore", "mentoré"
