"""Les rencontres d’une communauté, de l’ordre du jour au compte rendu adopté (annexes 9 et 10, R-393 à R-399)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from cdp.models.communaute import Communaute
from encadrement.fichiers.models import Fichier
from encadrement.personnes.models import Personne
from encadrement.rencontres.models import (
    APRES_LES_AUTRES,
    AVANT_LES_AUTRES,
    EN_PERSONNE,
    ParticipationAbstraite,
    PointAbstrait,
    RencontreAbstraite,
    Sorte,
    SuiviAbstrait,
)
from encadrement.signatures.models import Instantane
from encadrement.trajectoire.models import PassageAbstrait

TEXTE_MAXIMAL = 20_000


class EtatRencontre(models.TextChoices):
    PLANIFIEE = "planifiee", "planifiée"
    CONVOQUEE = "convoquee", "convoquée"
    TENUE = "tenue", "compte rendu à publier"
    PUBLIEE = "publiee", "compte rendu publié"
    ADOPTEE = "adoptee", "compte rendu adopté"
    ANNULEE = "annulee", "annulée"


TENUES = (EtatRencontre.TENUE, EtatRencontre.PUBLIEE, EtatRencontre.ADOPTEE)
A_VENIR = (EtatRencontre.PLANIFIEE, EtatRencontre.CONVOQUEE)


class RencontreQuerySet(models.QuerySet):
    def de_l_annee(self, annee):
        """Les rencontres dont le jour local tombe dans une année financière."""
        return self.filter(debut__date__range=annee.bornes)

    def tenues(self):
        return self.filter(etat__in=TENUES)

    def a_venir(self):
        return self.filter(etat__in=A_VENIR)


class RencontreCdp(RencontreAbstraite):
    """Une rencontre de la communauté ; chacune a sa vie, même née d’une série."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="rencontres")
    etat = models.CharField("état", max_length=12, choices=EtatRencontre, default=EtatRencontre.PLANIFIEE)
    # Les rencontres planifiées d’un même geste partagent une série ; en déplacer une n’y change rien.
    serie = models.UUIDField("série", null=True, blank=True)
    ordre_du_jour = models.ForeignKey(Instantane, models.PROTECT, null=True, blank=True, related_name="+")
    compte_rendu = models.ForeignKey(Instantane, models.PROTECT, null=True, blank=True, related_name="+")
    adoptee_a = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="adoptees", verbose_name="adopté à la rencontre"
    )
    # Ce que la page d’écriture montrait : deux personnes qui réordonnent en même temps ne s’écrasent pas.
    version_ordre = models.PositiveIntegerField("version de l’ordre des points", default=1)

    objects = RencontreQuerySet.as_manager()

    class Meta(RencontreAbstraite.Meta):
        verbose_name = "rencontre de la communauté"
        verbose_name_plural = "rencontres de la communauté"
        constraints = [
            *RencontreAbstraite.Meta.constraints,
            models.UniqueConstraint(
                fields=["communaute", "debut"],
                condition=~Q(etat="annulee"),
                name="rencontre_cdp_une_par_moment",
                violation_error_message="Une rencontre de cette communauté commence déjà à ce moment.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["debut"],
                include=["communaute", "mode"],
                condition=Q(etat__in=["planifiee", "convoquee"]),
                name="rencontre_cdp_prevue_le",
            ),
            models.Index(
                fields=["debut"],
                include=["id", "communaute", "mode"],
                condition=Q(etat__in=[etat.value for etat in TENUES]),
                name="rencontre_cdp_tenue_le",
            ),
            models.Index(
                fields=["debut"],
                include=["communaute"],
                condition=Q(etat__in=[etat.value for etat in TENUES], mode__in=[mode.value for mode in EN_PERSONNE]),
                name="rencontre_cdp_en_personne",
            ),
            # « À faire » cherche celles qui attendent un geste, à chaque page : elles sont peu, l’histoire est longue.
            models.Index(
                fields=["communaute"],
                condition=Q(etat__in=["planifiee", "convoquee", "tenue"]),
                name="rencontre_cdp_en_cours",
            ),
        ]

    def __str__(self):
        return f"Rencontre du {self.jour:%Y-%m-%d}, {self.communaute}"

    def get_absolute_url(self):
        return reverse("cdp:rencontre", args=[self.uuid])

    @property
    def est_tenue(self):
        return self.etat in TENUES

    @property
    def partage_parrain(self):
        return self.communaute.partage_parrain

    def points_en_ordre(self):
        """Rend les points : les trois d’ouverture, les autres selon leur rang, les trois de fin (R-395)."""
        points = list(self.points.select_related("personne"))
        fixes = {point.sorte: point for point in points if point.sorte != Sorte.AUTRE}
        autres = sorted(
            (point for point in points if point.sorte == Sorte.AUTRE), key=lambda point: (point.rang, point.pk)
        )
        return [
            *(fixes[sorte] for sorte in AVANT_LES_AUTRES if sorte in fixes),
            *autres,
            *(fixes[sorte] for sorte in APRES_LES_AUTRES if sorte in fixes),
        ]

    def precedente(self):
        """Rend la rencontre tenue juste avant celle-ci, dont on lit le compte rendu."""
        avant = self.communaute.rencontres.tenues().filter(debut__lt=self.debut)
        return avant.order_by("-debut").first()

    def suivante(self):
        apres = self.communaute.rencontres.a_venir().filter(debut__gt=self.debut)
        return apres.order_by("debut").first()


class PassageRencontre(PassageAbstrait):
    rencontre = models.ForeignKey(RencontreCdp, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une rencontre"


class PointCdp(PointAbstrait):
    """Un point de l’ordre du jour, puis du compte rendu."""

    # CASCADE : un point n’existe que dans sa rencontre ; publié, il vit dans l’instantané.
    rencontre = models.ForeignKey(RencontreCdp, models.CASCADE, related_name="points")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "point"
        ordering = ["rang", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rencontre", "sorte"], condition=~Q(sorte="autre"), name="point_fixe_une_fois"
            )
        ]


class PieceJointe(models.Model):
    """Un fichier joint à un point de l’ordre du jour (R-394)."""

    # CASCADE : la pièce suit son point ; le fichier, lui, reste en base.
    point = models.ForeignKey(PointCdp, models.CASCADE, related_name="pieces")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fichier = models.ForeignKey(Fichier, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["id"]

    def __str__(self):
        return str(self.fichier)


class ParticipationCdp(ParticipationAbstraite):
    """Une personne convoquée à la rencontre, membre ou invitée, et sa présence."""

    rencontre = models.ForeignKey(RencontreCdp, models.PROTECT, related_name="participations")

    class Meta:
        verbose_name = "participation"
        ordering = ["est_invite", "personne__nom", "personne__prenom", "nom_externe"]
        constraints = [
            models.UniqueConstraint(
                fields=["rencontre", "personne"],
                condition=Q(personne__isnull=False),
                name="participation_une_par_personne",
                violation_error_message="Cette personne est déjà convoquée à cette rencontre.",
            ),
            models.CheckConstraint(
                condition=Q(personne__isnull=False) | ~Q(nom_externe=""), name="participation_a_un_nom"
            ),
        ]
        indexes = [
            models.Index(
                fields=["rencontre"],
                include=["personne", "presente"],
                condition=Q(est_invite=False, presente__isnull=False, personne__isnull=False),
                name="participation_cdp_notee",
            )
        ]


class SuiviCdp(SuiviAbstrait):
    """Une suite à faire ; elle revient à chaque ordre du jour tant qu’elle n’est pas close."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="suivis")
    rencontre = models.ForeignKey(RencontreCdp, models.PROTECT, related_name="suivis", verbose_name="notée à")
    point = models.ForeignKey(PointCdp, models.SET_NULL, null=True, blank=True, related_name="suivis")
    note_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")
    clos_par = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "suivi"
        ordering = ["cree_le", "id"]
        indexes = [models.Index(fields=["communaute"], condition=Q(clos_le__isnull=True), name="suivi_cdp_ouvert")]

    def get_absolute_url(self):
        return reverse("cdp:suivi_clore", args=[self.uuid])


class SorteContribution(models.TextChoices):
    """Les rubriques du bilan des activités de l’annexe 7 (R-371 à R-375)."""

    EXPERIENCE = "experience", "expérience clinique ou partage de formation"
    DONNEE = "donnee", "donnée probante ou pratique prometteuse"
    COCONSTRUCTION = "coconstruction", "coconstruction visant un consensus"
    PRODUCTION = "production", "production d’un outil, d’une procédure ou autre"
    AUTRE = "autre", "autre"


class Contribution(models.Model):
    """Ce qu’un membre a apporté à la communauté ; le rapport annuel en fait le compte (R-294 à R-296)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rencontre = models.ForeignKey(RencontreCdp, models.PROTECT, related_name="contributions")
    # Redit le début de la rencontre : compter les apports d’une année sans lire toutes les rencontres.
    apportee_le = models.DateTimeField("apportée le", db_default=Now())
    point = models.ForeignKey(PointCdp, models.SET_NULL, null=True, blank=True, related_name="contributions")
    sorte = models.CharField("sorte", max_length=16, choices=SorteContribution)
    precision = models.CharField("précision", max_length=300)
    auteur = models.ForeignKey(Personne, models.PROTECT, null=True, blank=True, related_name="+")
    auteur_externe = models.CharField("auteur de l’extérieur", max_length=170, blank=True)
    consignee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "contribution"
        ordering = ["id"]
        indexes = [models.Index(fields=["apportee_le"], include=["sorte"], name="contribution_par_jour")]

    def __str__(self):
        return f"{self.get_sorte_display()} : {self.precision}"
