"""Le bottin des experts : une fiche par expert, ses plages de disponibilité (R-170 à R-172, R-176, R-194, R-195)."""

import datetime
import uuid

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from consultation.models.sujet import SujetConsultation
from encadrement.personnes.models import Personne
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class SorteExpert(models.TextChoices):
    """À quel titre on est consulté (R-171)."""

    SPECIALISTE = "specialiste", "spécialiste en activités cliniques"
    COORDONNATEUR = "coordonnateur", "coordonnateur professionnel"
    CHEF_EQUIPE = "chef_equipe", "chef d’équipe"
    ASSISTANT = "assistant", "assistant au supérieur immédiat"
    APPR = "appr", "APPR"
    PAIR = "pair", "pair d’expérience reconnu"


class EtatFicheExpert(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    IDENTIFIEE = "identifiee", "à compléter par l’expert pressenti"
    CANDIDATURE = "candidature", "à appuyer par le gestionnaire"
    APPUYEE = "appuyee", "à inscrire"
    ACTIVE = "active", "inscrite"
    EN_PAUSE = "en_pause", "en pause"
    NON_RETENUE = "non_retenue", "non retenue"
    RETIREE = "retiree", "retirée"


PUBLIEES = (EtatFicheExpert.ACTIVE, EtatFicheExpert.EN_PAUSE)


class FicheExpertQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(etat=EtatFicheExpert.ACTIVE, personne__is_active=True)

    def publiees(self):
        return self.filter(etat__in=PUBLIEES, personne__is_active=True)

    def pour(self, demande):
        """Rend les experts qui peuvent répondre à cette demande : ni le groupe qui consulte, ni qui a déjà décliné."""
        ecartes = {
            demande.demandeur_id,
            *demande.participants.values_list("pk", flat=True),
            *demande.sollicitations.filter(reponse="declinee").values_list("expert", flat=True),
        }
        fiches = self.actives().exclude(personne__in=ecartes)
        return fiches.filter(accepte_groupes=True) if demande.ampleur == "groupe" else fiches

    def avec_prochaine_plage(self):
        """Ajoute `prochaine_plage` : le début de la première plage libre, ou None (R-176)."""
        libres = Plage.objects.libres().filter(fiche=OuterRef("pk")).order_by("debut")
        return self.annotate(prochaine_plage=Subquery(libres.values("debut")[:1]))

    def avec_poste(self):
        """Joint ce que la recherche et la liste lisent : la personne, son poste, ses sujets."""
        return self.select_related(
            "personne__titre_emploi", "personne__service__direction", "personne__installation"
        ).prefetch_related("sujets")


class FicheExpert(ObjetSuivi):
    """La fiche d’une personne au bottin des experts."""

    personne = models.OneToOneField(Personne, models.PROTECT, related_name="fiche_expert")
    etat = models.CharField("état", max_length=20, choices=EtatFicheExpert, default=EtatFicheExpert.BROUILLON)
    sorte = models.CharField("titre auquel on me consulte", max_length=15, choices=SorteExpert, blank=True)
    expertise = models.CharField("expertise", max_length=200, blank=True)
    presentation = models.TextField("expérience et champs d’intérêt", max_length=4000, blank=True)
    disponibilite = models.CharField("disponibilités", max_length=200, blank=True)
    a_distance = models.BooleanField("répond à distance", default=True)
    accepte_groupes = models.BooleanField("répond à des groupes", default=True)
    sujets = models.ManyToManyField(SujetConsultation, blank=True, related_name="fiches")
    identifiee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="identifiée par"
    )
    appuyee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="appuyée par"
    )
    cle_recherche = models.CharField(max_length=600, editable=False, default="")
    confirmee_le = models.DateField("confirmée le", null=True, blank=True)
    retour_prevu_le = models.DateField("retour prévu le", null=True, blank=True)

    objects = FicheExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche d’expert"
        verbose_name_plural = "fiches d’expert"
        ordering = ["personne__nom", "personne__prenom"]
        indexes = [
            models.Index(
                fields=["depuis"],
                condition=Q(etat__in=["identifiee", "candidature", "appuyee"]),
                name="fiche_expert_en_attente",
            ),
            models.Index(fields=["confirmee_le"], condition=Q(etat="active"), name="fiche_expert_a_confirmer"),
        ]

    def __str__(self):
        return str(self.personne)

    def get_absolute_url(self):
        return reverse("consultation:fiche", args=[self.uuid])

    @property
    def est_publiee(self):
        return self.etat in PUBLIEES

    @property
    def echeance_confirmation(self):
        """Le jour où l’inscription doit être confirmée de nouveau : un an après la dernière confirmation."""
        return ajouter_mois(self.confirmee_le, 12) if self.confirmee_le else None

    @property
    def est_a_confirmer(self):
        return bool(self.echeance_confirmation and self.echeance_confirmation <= jour_local())


class PassageFicheExpert(PassageAbstrait):
    fiche = models.ForeignKey(FicheExpert, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une fiche d’expert"


class PlageQuerySet(models.QuerySet):
    def libres(self, instant=None):
        """Rend les plages à venir que personne n’a réservées."""
        return self.filter(retiree=False, debut__gt=instant or timezone.now()).exclude(
            sollicitations__reponse__in=["attendue", "acceptee", "rendue"]
        )


class Plage(models.Model):
    """Un moment qu’un expert rend visible et qu’un demandeur peut réserver (R-176)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fiche = models.ForeignKey(FicheExpert, models.PROTECT, related_name="plages")
    debut = models.DateTimeField("début")
    minutes = models.PositiveSmallIntegerField("durée (minutes)")
    lieu = models.CharField("lieu ou lien", max_length=200, blank=True)
    retiree = models.BooleanField("retirée", default=False)

    objects = PlageQuerySet.as_manager()

    class Meta:
        verbose_name = "plage de disponibilité"
        verbose_name_plural = "plages de disponibilité"
        ordering = ["debut", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="plage_duree_possible",
                violation_error_message="Une plage dure de 5 minutes à 8 heures.",
            ),
            models.UniqueConstraint(
                fields=["fiche", "debut"],
                condition=Q(retiree=False),
                name="plage_pas_deux_fois",
                violation_error_message="Cette plage est déjà à votre horaire.",
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.debut):%Y-%m-%d %H:%M}"

    @property
    def jour(self):
        return jour_local(self.debut)

    @property
    def fin(self):
        return self.debut + datetime.timedelta(minutes=self.minutes)
