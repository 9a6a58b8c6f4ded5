"""La communauté, ses gens et sa mise en place (000 §5, annexe 2 ; 004 §6)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from encadrement.personnes.models import Personne, TitreEmploi, sans_accents
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.models import ObjetSuivi, PassageAbstrait


class Besoin(models.TextChoices):
    """Les cinq besoins prioritaires auxquels une CdP répond (R-131 à R-135)."""

    SOUTIEN = "soutien", "aide et soutien entre professionnels"
    PRATIQUES = "pratiques", "vérification des pratiques ou application de nouvelles pratiques"
    CONNAISSANCES = "connaissances", "partage ou production de nouvelles connaissances"
    COMPETENCES = "competences", "développement de nouvelles compétences"
    ORGANISATION = "organisation", "réponse à un besoin spécifique de l’organisation"


class EtatCommunaute(models.TextChoices):
    EN_PREPARATION = "en_preparation", "en préparation"
    PROPOSEE = "proposee", "proposée au parrain"
    ACTIVE = "active", "active"
    SUSPENDUE = "suspendue", "suspendue"
    DISSOUTE = "dissoute", "dissoute"


# Les états où la communauté a été agréée : elle est à l’annuaire.
AGREEES = (EtatCommunaute.ACTIVE, EtatCommunaute.SUSPENDUE, EtatCommunaute.DISSOUTE)


class CommunauteQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(etat=EtatCommunaute.ACTIVE)

    def chercher(self, texte):
        """Les communautés dont le nom, le domaine, les thèmes ou la clientèle contiennent chacun des mots."""
        trouvees = self
        for mot in sans_accents(texte).split():
            trouvees = trouvees.filter(cle_recherche__contains=mot)
        return trouvees

    def de_la_personne(self, personne):
        """Les communautés dont la personne est membre aujourd’hui."""
        return self.filter(pk__in=Adhesion.objects.actives().filter(personne=personne).values("communaute_id"))


class Communaute(ObjetSuivi):
    """Un groupe d’intervenants qui partagent une pratique et la développent ensemble (R-112, R-113)."""

    nom = models.CharField("nom de la CdP", max_length=160)
    etat = models.CharField("état", max_length=20, choices=EtatCommunaute, default=EtatCommunaute.EN_PREPARATION)
    creee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+", verbose_name="créée par")
    parrain = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="gestionnaire parrain"
    )
    # Les trois pierres angulaires.
    domaine = models.TextField("domaine commun", blank=True, max_length=4000)
    groupe = models.TextField("la communauté", blank=True, max_length=4000)
    pratique = models.TextField("pratique partagée", blank=True, max_length=4000)
    besoins = models.JSONField("besoins prioritaires", default=list, blank=True)
    precision_besoins = models.CharField("précision sur les besoins", max_length=300, blank=True)
    titres_emploi = models.ManyToManyField(TitreEmploi, related_name="+", blank=True, verbose_name="titres d’emploi")
    clientele = models.CharField("clientèle commune", max_length=300, blank=True)
    themes = models.TextField("thèmes abordés", blank=True, max_length=1000)
    retombees = models.TextField("retombées attendues", blank=True, max_length=4000)
    regles_internes = models.TextField("règles de fonctionnement", blank=True, max_length=8000)
    accueil = models.TextField("dossier d’accueil des nouveaux membres", blank=True, max_length=8000)
    lien_teams = models.URLField("lien vers l’équipe Teams", max_length=500, blank=True)
    # La communauté choisit à qui elle ouvre ses comptes rendus et ses échanges.
    partage_parrain = models.BooleanField("comptes rendus ouverts au parrain", default=False)
    partage_dsm = models.BooleanField("comptes rendus ouverts à la DSM et aux APPR", default=False)
    agreee_le = models.DateField("agréée le", null=True, blank=True)
    # Le nom et les mots de la fiche, sans accents : ce que l’annuaire cherche.
    cle_recherche = models.TextField(editable=False, default="")
    renouvelee_pour = models.PositiveSmallIntegerField("renouvelée jusqu’à l’année financière", null=True, blank=True)

    objects = CommunauteQuerySet.as_manager()

    class Meta:
        verbose_name = "communauté de pratique"
        verbose_name_plural = "communautés de pratique"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=[etat.value for etat in AGREEES]) | Q(parrain__isnull=False),
                name="communaute_agreee_a_un_parrain",
                violation_error_message="Un gestionnaire parraine chaque communauté.",
            ),
            models.UniqueConstraint(
                Lower("nom"),
                condition=~Q(etat="dissoute"),
                name="communaute_nom_unique",
                violation_error_message="Une autre communauté porte déjà ce nom.",
            ),
        ]
        indexes = [
            # « À faire » cherche à chaque page celles, peu nombreuses, qui ne sont pas encore agréées.
            models.Index(
                fields=["etat"], condition=Q(etat__in=["en_preparation", "proposee"]), name="communaute_en_preparation"
            ),
            # Les alertes repassent sur toutes celles qui vivent.
            models.Index(fields=["agreee_le"], include=["id"], condition=Q(etat="active"), name="communaute_active"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("cdp:communaute", args=[self.uuid])

    @property
    def communaute(self):
        """Elle-même : les rôles et les pages se lisent de la même façon depuis tout objet d’une communauté."""
        return self

    @property
    def est_active(self):
        return self.etat == EtatCommunaute.ACTIVE

    def recalculer_cle(self):
        self.cle_recherche = sans_accents(" ".join([self.nom, self.domaine, self.themes, self.clientele]))

    def membres(self):
        return self.adhesions.actives().avec_personne()

    def animateurs(self):
        return self.membres().filter(role=RoleCdp.ANIMATEUR)

    def libelles_besoins(self):
        return [Besoin(code).label for code in Besoin.values if code in self.besoins]

    @property
    def annee(self):
        return AnneeFinanciere.du(jour_local())


class PassageCommunaute(PassageAbstrait):
    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une communauté"


class RoleCdp(models.TextChoices):
    ANIMATEUR = "animateur", "animateur"
    SECRETAIRE = "secretaire", "secrétaire"
    MEMBRE = "membre", "membre"
    EXPERT = "expert", "expert de contenu"


class EtatAdhesion(models.TextChoices):
    DEMANDEE = "demandee", "demandée"
    INVITEE = "invitee", "invitée"
    ACTIVE = "active", "membre"
    REFUSEE = "refusee", "refusée"
    DECLINEE = "declinee", "déclinée"
    RETIREE = "retiree", "retirée"
    TERMINEE = "terminee", "terminée"


EN_COURS = (EtatAdhesion.DEMANDEE, EtatAdhesion.INVITEE, EtatAdhesion.ACTIVE)


class AdhesionQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(etat=EtatAdhesion.ACTIVE)

    def avec_personne(self):
        return self.select_related("personne__titre_emploi", "personne__service__direction", "personne__installation")

    def pendant(self, debut, fin):
        """Les adhésions qui ont vécu, ne serait-ce qu’un jour, entre deux dates."""
        return self.filter(Q(fin__isnull=True) | Q(fin__gte=debut), debut__lte=fin)


class Adhesion(ObjetSuivi):
    """La participation volontaire d’une personne : elle l’a demandée, ou elle a accepté qu’on l’invite (R-116)."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="adhesions")
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="adhesions")
    etat = models.CharField("état", max_length=12, choices=EtatAdhesion)
    role = models.CharField("rôle", max_length=12, choices=RoleCdp, default=RoleCdp.MEMBRE)
    motivation = models.TextField("intérêt pour les objectifs de la communauté", blank=True, max_length=2000)
    raison_ecart = models.TextField("raison de l’écart au cadre", blank=True, max_length=2000)
    remplace = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="remplacantes")
    debut = models.DateField("membre depuis le", null=True, blank=True)
    fin = models.DateField("membre jusqu’au", null=True, blank=True)
    mandat_fin = models.DateField("fin du mandat d’animateur", null=True, blank=True)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        ordering = ["role", "personne__nom", "personne__prenom"]
        constraints = [
            models.UniqueConstraint(
                fields=["communaute", "personne"],
                condition=Q(etat__in=[etat.value for etat in EN_COURS]),
                name="adhesion_une_en_cours",
                violation_error_message="Cette personne est déjà membre, invitée ou en demande.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["active", "terminee"]) | Q(debut__isnull=False), name="adhesion_active_datee"
            ),
            models.CheckConstraint(
                condition=~Q(etat="active", role="animateur") | Q(mandat_fin__isnull=False),
                name="adhesion_animateur_a_un_mandat",
            ),
        ]
        indexes = [
            # Lues dans cet ordre, les personnes d’une année se comptent sans se trier.
            models.Index(
                fields=["personne", "etat"], include=["communaute", "debut", "fin"], name="adhesion_par_personne"
            ),
            models.Index(fields=["communaute"], condition=Q(etat="demandee"), name="adhesion_demandee"),
            models.Index(fields=["mandat_fin"], condition=Q(etat="active", role="animateur"), name="adhesion_mandat"),
        ]

    def __str__(self):
        return f"{self.personne}, {self.get_role_display()}"

    def get_absolute_url(self):
        return reverse("cdp:adhesion", args=[self.uuid])


class PassageAdhesion(PassageAbstrait):
    adhesion = models.ForeignKey(Adhesion, models.PROTECT, related_name="passages")

    class Meta(PassageAbstrait.Meta):
        verbose_name = "passage d’une adhésion"


class ReponseDemarrage(models.Model):
    """La réponse du groupe-noyau à une question de l’assistant de démarrage (R-476 à R-481)."""

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="reponses_demarrage")
    question = models.CharField("question", max_length=40)
    texte = models.TextField("réponse", blank=True, max_length=8000)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)
    modifiee_par = models.ForeignKey(Personne, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réponse de démarrage"
        verbose_name_plural = "réponses de démarrage"
        constraints = [
            models.UniqueConstraint(fields=["communaute", "question"], name="reponse_demarrage_une_par_question")
        ]

    def __str__(self):
        return f"{self.communaute} : {self.question}"
