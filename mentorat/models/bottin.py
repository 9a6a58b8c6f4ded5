"""Le bottin des mentors : candidature, recommandation, inscription, disponibilité (R-080, annexe 5)."""

from django.db import models
from django.urls import reverse

from encadrement.personnes.models import Personne
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class Competence(models.Model):
    """Une compétence que l’on offre ou que l’on cherche ; la même liste pour les mentors et les demandes."""

    libelle = models.CharField("compétence", max_length=120, unique=True)

    class Meta:
        verbose_name = "compétence"
        ordering = ["libelle"]

    def __str__(self):
        return self.libelle


class Caracteristique(models.TextChoices):
    """Les caractéristiques requises du mentor (annexe 5, R-344 à R-350)."""

    COMPETENT = (
        "competent",
        (
            "reconnu par ses pairs et par son gestionnaire comme un professionnel compétent, qui applique les procédures "
            "clinico-administratives de l’établissement"
        ),
    )
    ENGAGE = (
        "engage",
        ("engagé envers l’établissement et la profession, soucieux de son propre développement professionnel"),
    )
    INTERET = "interet", "intéressé véritablement à aider les autres, à les soutenir et à transmettre son savoir"
    CROIT = "croit", "convaincu que le mentorat convient à la situation d’un nouveau professionnel"
    EQUIPE = "equipe", "apte au travail d’équipe et aux pratiques collaboratives"
    VOLONTAIRE = "volontaire", "volontaire, prêt à consacrer du temps et de l’énergie à la relation de mentorat"
    EN_REGLE = "en_regle", "en règle avec son ordre professionnel, le cas échéant"


class Qualite(models.TextChoices):
    """Les neuf qualités personnelles du mentor (annexe 5, R-351)."""

    ECOUTE = "ecoute", "capacité d’écoute attentive et empathie"
    COMMUNICATION = "communication", "habileté à communiquer ses idées positivement"
    PEDAGOGIE = "pedagogie", "habiletés pédagogiques"
    ORGANISATION = "organisation", "sens de l’organisation et sens des responsabilités"
    ANALYSE = "analyse", "esprit d’analyse"
    ADAPTATION = "adaptation", "bonne capacité d’adaptation"
    RECONNAISSANCE = "reconnaissance", "reconnaissance des compétences de ses pairs"
    RYTHME = "rythme", "respect du rythme d’évolution de ses pairs"
    AUTOCRITIQUE = "autocritique", "capacité d’autocritique"


class EtatFiche(models.TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    CANDIDATURE = "candidature", "à recommander"
    RECOMMANDEE = "recommandee", "à inscrire"
    ACTIVE = "active", "inscrite"
    EN_PAUSE = "en_pause", "en pause"
    NON_RETENUE = "non_retenue", "non retenue"
    RETIREE = "retiree", "retirée"


class FicheMentorQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(etat=EtatFiche.ACTIVE, personne__is_active=True)

    def avec_charge(self):
        """Ajoute `charge` : les ententes en cours de chaque mentor."""
        en_cours = models.Q(personne__ententes_mentor__etat__in=ETATS_EN_COURS)
        return self.annotate(charge=models.Count("personne__ententes_mentor", filter=en_cours, distinct=True))


# Une entente occupe son mentor de sa naissance à sa clôture.
ETATS_EN_COURS = ("brouillon", "a_signer", "a_approuver", "active", "en_evaluation", "a_clore", "fin_demandee")


class FicheMentor(ObjetSuivi):
    """La fiche d’une personne au bottin des mentors."""

    personne = models.OneToOneField(Personne, models.PROTECT, related_name="fiche_mentor")
    etat = models.CharField("état", max_length=20, choices=EtatFiche, default=EtatFiche.BROUILLON)
    motivation = models.TextField("mes motivations", blank=True, max_length=4000)
    experience = models.TextField("mon expérience et mes champs d’intérêt", blank=True, max_length=4000)
    disponibilite = models.CharField("mes disponibilités", max_length=200, blank=True)
    caracteristiques = models.JSONField("caractéristiques requises", default=list, blank=True)
    qualites = models.JSONField("qualités personnelles", default=list, blank=True)
    competences = models.ManyToManyField(Competence, blank=True, related_name="fiches")
    a_distance = models.BooleanField("accepte le mentorat à distance", default=True)
    capacite = models.PositiveSmallIntegerField("nombre de mentorés à la fois", default=2)
    formation_suivie_le = models.DateField("formation de mentor suivie le", null=True, blank=True)
    recommandee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="recommandée par"
    )
    experience_attestee = models.BooleanField("expérience attestée par le gestionnaire", default=False)
    confirmee_le = models.DateField("confirmée le", null=True, blank=True)
    retour_prevu_le = models.DateField("retour prévu le", null=True, blank=True)

    objects = FicheMentorQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de mentor"
        verbose_name_plural = "fiches de mentor"
        ordering = ["personne__nom", "personne__prenom"]
        indexes = [
            models.Index(
                fields=["depuis"],
                condition=models.Q(etat__in=["candidature", "recommandee"]),
                name="fiche_en_attente",
            ),
            models.Index(fields=["confirmee_le"], condition=models.Q(etat="active"), name="fiche_a_confirmer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacite__gte=1, capacite__lte=10),
                name="fiche_capacite_de_1_a_10",
                violation_error_message="Indiquez de 1 à 10 mentorés à la fois.",
            )
        ]

    def __str__(self):
        return str(self.personne)

    def get_absolute_url(self):
        return reverse("mentorat:fiche", args=[self.uuid])

    @property
    def places_libres(self):
        """Le nombre de mentorés que la personne peut encore accueillir ; `charge` vient de `avec_charge()`."""
        return max(0, self.capacite - self.charge)

    @property
    def echeance_confirmation(self):
        """Le jour où l’inscription doit être confirmée de nouveau : un an après la dernière confirmation."""
        return ajouter_mois(self.confirmee_le, 12) if self.confirmee_le else None

    @property
    def est_a_confirmer(self):
        return bool(self.echeance_confirmation and self.echeance_confirmation <= jour_local())


class PassageFiche(PassageAbstrait):
    fiche = models.ForeignKey(FicheMentor, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une fiche de mentor"
