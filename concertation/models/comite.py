"""Le comité : ses représentants nommés, ses rencontres mensuelles, ce qui y est inscrit, qui y est convié (R-216 à R-223)."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from concertation.models.situation import SituationComplexe
from encadrement.personnes.models import Direction, PeriodeQuerySet, Personne
from encadrement.rencontres.models import ParticipationAbstraite, RencontreAbstraite
from encadrement.socle.champs import ChampChiffre
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.models import PassageAbstrait

DUREE_HABITUELLE = datetime.timedelta(hours=3)
FENETRE = datetime.timedelta(days=30)
FENETRE_INVITE = datetime.timedelta(hours=48)


class Nomination(models.Model):
    """Qui représente une direction au comité, ou le remplace, du… au… ; deux personnes y concourent (R-217, R-239, N-12)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="nominations")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="nominations", verbose_name="représentant")
    est_substitut = models.BooleanField("substitut", default=False)
    pouvoir = models.BooleanField("a un pouvoir décisionnel sur les services requis", default=False)
    debut = models.DateField("du", default=jour_local)
    fin = models.DateField("au", null=True, blank=True)
    proposee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="nommé par")
    approuvee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="accepté par"
    )
    approuvee_le = models.DateTimeField("acceptée le", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "nomination au comité"
        verbose_name_plural = "nominations au comité"
        ordering = ["direction__nom", "est_substitut", "-debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="nomination_fin_apres_debut",
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                condition=Q(approuvee_par__isnull=True) | ~Q(approuvee_par=F("proposee_par")),
                name="nomination_a_deux",
                violation_error_message="Une autre personne que celle qui nomme doit accepter la nomination.",
            ),
            models.CheckConstraint(
                condition=Q(approuvee_par__isnull=True) | ~Q(approuvee_par=F("personne")),
                name="nomination_pas_a_soi_meme",
                violation_error_message="On n’accepte pas sa propre nomination.",
            ),
        ]

    def __str__(self):
        return f"{self.personne}, {self.direction}"

    def get_absolute_url(self):
        return reverse("concertation:comite")

    @staticmethod
    def condition_en_vigueur():
        return Q(approuvee_par__isnull=False, personne__is_active=True)


class EtatComite(models.TextChoices):
    PLANIFIEE = "planifiee", "planifiée"
    CONVOQUEE = "convoquee", "convoquée"
    TENUE = "tenue", "tenue"
    ANNULEE = "annulee", "annulée"


class RencontreComite(RencontreAbstraite):
    """Une rencontre du comité : trois heures, une fois par mois, et d’autres au besoin (R-221 à R-223)."""

    etat = models.CharField("état", max_length=12, choices=EtatComite, default=EtatComite.PLANIFIEE)
    depot_le = models.DateField("dernier jour pour déposer une demande")
    est_supplementaire = models.BooleanField("rencontre supplémentaire", default=False)

    class Meta(RencontreAbstraite.Meta):
        verbose_name = "rencontre du comité"
        verbose_name_plural = "rencontres du comité"
        constraints = [
            *RencontreAbstraite.Meta.constraints,
            models.UniqueConstraint(
                fields=["debut"],
                condition=~Q(etat="annulee"),
                name="rencontre_comite_une_par_moment",
                violation_error_message="Une rencontre du comité commence déjà à ce moment.",
            ),
        ]
        indexes = [models.Index(fields=["debut"], condition=Q(etat="tenue"), name="rencontre_comite_tenue_le")]

    def __str__(self):
        return f"Comité du {date_format(self.jour, 'j F Y')}"

    def get_absolute_url(self):
        return reverse("concertation:rencontre", args=[self.uuid])


class PassageComite(PassageAbstrait):
    rencontre = models.ForeignKey(RencontreComite, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une rencontre du comité"


class Inscription(models.Model):
    """Une situation à l’ordre du jour d’une rencontre : son rang et son temps ; reportée, sa trace reste."""

    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="inscriptions")
    rencontre = models.ForeignKey(RencontreComite, models.PROTECT, related_name="inscriptions")
    rang = models.PositiveSmallIntegerField("rang", default=1)
    minutes = models.PositiveSmallIntegerField("temps prévu (minutes)", default=45)
    reportee = models.BooleanField("reportée", default=False)
    presentee_le = models.DateTimeField("présentée le", null=True, blank=True)

    class Meta:
        verbose_name = "inscription à une rencontre du comité"
        verbose_name_plural = "inscriptions aux rencontres du comité"
        ordering = ["rang", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["situation"],
                condition=Q(reportee=False),
                name="inscription_une_a_la_fois",
                violation_error_message="Cette situation est déjà inscrite à une rencontre.",
            )
        ]
        indexes = [
            models.Index(
                fields=["rencontre"],
                include=["situation"],
                condition=Q(presentee_le__isnull=False),
                name="inscription_presentee",
            )
        ]

    def __str__(self):
        return f"{self.situation}, {self.rencontre}"


class TitreConvie(models.TextChoices):
    REPRESENTANT = "representant", "représentant d’une direction"
    INTERVENANT = "intervenant", "intervenant responsable"
    GESTIONNAIRE = "gestionnaire", "gestionnaire"
    INVITE = "invite", "invité"


class ParticipationQuerySet(models.QuerySet):
    def ouvertes(self, instant=None):
        """Rend les participations dont l’accès est ouvert à cet instant."""
        instant = instant or timezone.now()
        return self.filter(retiree=False, ouvre_le__lte=instant, ferme_le__gt=instant)


class ParticipationComite(ParticipationAbstraite):
    """Qui est convié à une situation, et de quand à quand il peut la lire ; quelqu’un de l’extérieur n’y lit rien."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    situation = models.ForeignKey(SituationComplexe, models.PROTECT, related_name="participations")
    rencontre = models.ForeignKey(RencontreComite, models.PROTECT, related_name="participations")
    titre = models.CharField("à titre de", max_length=12, choices=TitreConvie)
    direction = models.ForeignKey(Direction, models.PROTECT, null=True, blank=True, related_name="+")
    # Un partenaire nommé dit déjà quelque chose de la situation.
    nom_externe = ChampChiffre("nom d’une personne de l’extérieur", blank=True, default="")
    organisme = ChampChiffre("organisme", blank=True, default="")
    # Vides tant que la convocation n’est pas envoyée : convier n’ouvre rien.
    ouvre_le = models.DateTimeField("accès ouvert le", null=True, blank=True)
    ferme_le = models.DateTimeField("accès fermé le", null=True, blank=True)
    retiree = models.BooleanField("retirée", default=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "participation à une situation"
        verbose_name_plural = "participations aux situations"
        ordering = ["titre", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "rencontre", "personne"],
                condition=Q(retiree=False, personne__isnull=False),
                name="participation_comite_une_par_personne",
                violation_error_message="Cette personne est déjà conviée à cette situation.",
            ),
            models.CheckConstraint(
                condition=Q(personne__isnull=False) | Q(titre=TitreConvie.INVITE),
                name="participation_comite_quelqu_un",
                violation_error_message="Seul un invité peut venir de l’extérieur.",
            ),
        ]
        indexes = [models.Index(fields=["personne", "ferme_le"], name="participation_ouverte")]

    @property
    def est_ouverte(self):
        return bool(not self.retiree and self.ouvre_le and self.ouvre_le <= timezone.now() < self.ferme_le)
