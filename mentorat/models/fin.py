"""Prolonger, mettre fin, évaluer la mesure (R-059, R-071, R-362, R-363)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from encadrement.personnes.models import Direction, Personne
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
    MENTOR = "mentor", "mentor"
    MENTORE = "mentore", "mentoré"


class EvaluationMesure(models.Model):
    """L’évaluation attendue d’une personne : on sait qui a répondu, jamais ce qu’elle a répondu (R-071, R-445)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entente = models.ForeignKey(Entente, models.PROTECT, related_name="evaluations")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="evaluations_mentorat")
    titre = models.CharField("à titre de", max_length=10, choices=TitreEvaluation)
    demandee_le = models.DateField("demandée le")
    remplie = models.BooleanField("remplie", default=False)

    class Meta:
        verbose_name = "évaluation de la mesure"
        verbose_name_plural = "évaluations de la mesure"
        constraints = [models.UniqueConstraint(fields=["entente", "titre"], name="evaluation_une_par_titre")]
        indexes = [models.Index(fields=["demandee_le"], condition=Q(remplie=False), name="evaluation_attendue")]

    def __str__(self):
        return f"Évaluation par {self.personne}"

    def get_absolute_url(self):
        return reverse("mentorat:evaluation", args=[self.uuid])


class ReponseEvaluation(models.Model):
    """Une réponse sans personne, sans entente et sans heure : rien ne la relie à qui l’a donnée."""

    # Identifiant tiré au sort : un numéro d’ordre redonnerait l’ordre des réponses, donc leur auteur.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    titre = models.CharField("à titre de", max_length=10, choices=TitreEvaluation)
    annee_financiere = models.PositiveSmallIntegerField("année financière (1er avril)")
    direction = models.ForeignKey(Direction, models.PROTECT, null=True, related_name="+")
    objectifs_clairs = models.PositiveSmallIntegerField("les objectifs étaient clairs")
    relation_de_confiance = models.PositiveSmallIntegerField("une relation de confiance s’est établie")
    temps_suffisant = models.PositiveSmallIntegerField("le temps prévu était suffisant")
    utilite = models.PositiveSmallIntegerField("le mentorat est utile à ma pratique")
    soutien_gestionnaire = models.PositiveSmallIntegerField("le gestionnaire a soutenu la démarche")
    recommandation = models.PositiveSmallIntegerField("je recommanderais le mentorat (0 à 10)")
    commentaire = models.TextField("commentaire", blank=True, max_length=4000)

    class Meta:
        verbose_name = "réponse à l’évaluation"
        verbose_name_plural = "réponses à l’évaluation"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    objectifs_clairs__range=(1, 5),
                    relation_de_confiance__range=(1, 5),
                    temps_suffisant__range=(1, 5),
                    utilite__range=(1, 5),
                    soutien_gestionnaire__range=(1, 5),
                    recommandation__range=(0, 10),
                ),
                name="reponse_dans_l_echelle",
            )
        ]

    def __str__(self):
        return f"Réponse {self.get_titre_display()} {self.annee_financiere}"
