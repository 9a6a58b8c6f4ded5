"""Les comptes, les rôles attribués et les délégations ; l’organisation est dans `organisation`."""

import unicodedata
import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import connection, models
from django.db.models import F, Q, Value
from django.utils.functional import cached_property

from encadrement.personnes.organisation import (  # noqa: F401  (les modèles de la pièce)
    RLS,
    Direction,
    Installation,
    Service,
    SorteDirection,
    TitreEmploi,
)
from encadrement.socle.requetes import CLE, JOUR, RequetePreparee
from encadrement.socle.temps import jour_local

MATRICULE_SYSTEME = "systeme"
_A_UNE_EQUIPE = "a une équipe"
# Une entrée dans son service qui n’est pas son embauche.
MUTATION = (
    Q(date_embauche__isnull=True)
    | Q(date_entree_service__lt=F("date_embauche"))
    | Q(date_entree_service__gt=F("date_embauche"))
)


def sans_accents(texte):
    """Rend `texte` en minuscules, sans accents ni signes : la clé des recherches de noms."""
    plat = unicodedata.normalize("NFKD", texte.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plat if not unicodedata.combining(c)).split())


class PersonneQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(is_active=True)

    def chercher(self, texte):
        """Personnes dont le nom contient chacun des mots, quels que soient les accents."""
        trouvees = self
        for mot in sans_accents(texte).split():
            trouvees = trouvees.filter(cle_recherche__contains=mot)
        return trouvees

    def avec_poste(self):
        return self.select_related("titre_emploi", "service__direction", "installation")


class PersonneManager(BaseUserManager.from_queryset(PersonneQuerySet)):
    def create_user(self, matricule, password=None, **champs):
        personne = self.model(matricule=matricule, **champs)
        personne.courriel = self.normalize_email(personne.courriel)
        personne.set_password(password)
        personne.recalculer_cle()
        personne.save(using=self._db)
        return personne

    def create_superuser(self, matricule, password=None, **champs):
        return self.create_user(matricule, password, is_superuser=True, is_staff=True, **champs)

    def systeme(self):
        """Rend l’acteur des passages automatiques : un vrai compte, sans mot de passe ni accès."""
        personne, _ = self.get_or_create(
            matricule=MATRICULE_SYSTEME,
            defaults={"prenom": "", "nom": "Système", "courriel": "", "is_active": False, "password": "!"},
        )
        return personne


class Personne(AbstractBaseUser, PermissionsMixin):
    """Le compte d’une personne ; ses droits viennent de ses rôles, jamais de son statut technique."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    matricule = models.CharField(
        "matricule", max_length=20, unique=True, error_messages={"unique": "Ce matricule a déjà un compte."}
    )
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80)
    courriel = models.EmailField("courriel", blank=True)
    titre_emploi = models.ForeignKey(TitreEmploi, models.PROTECT, null=True, blank=True, related_name="personnes")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="personnes")
    installation = models.ForeignKey(Installation, models.PROTECT, null=True, blank=True, related_name="personnes")
    superieur = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervisees",
        verbose_name="supérieur immédiat",
    )
    membre_cm = models.BooleanField("membre du conseil multidisciplinaire", default=False)
    ordre = models.CharField("ordre professionnel", max_length=120, blank=True)
    no_permis = models.CharField("numéro de permis", max_length=30, blank=True)
    ordre_en_regle = models.BooleanField("en règle avec son ordre", default=True)
    date_embauche = models.DateField("date d’embauche", null=True, blank=True)
    date_entree_service = models.DateField("date d’entrée dans le service", null=True, blank=True)
    cle_recherche = models.CharField(max_length=200, editable=False, default="", db_index=True)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accès technique", default=False)

    objects = PersonneManager()

    USERNAME_FIELD = "matricule"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS = ["nom", "courriel"]

    class Meta:
        verbose_name = "personne"
        ordering = ["nom", "prenom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(superieur__isnull=True) | ~Q(superieur=F("id")),
                name="personne_pas_son_propre_superieur",
                violation_error_message="Une personne ne peut pas être son propre supérieur.",
            )
        ]
        # Qui arrive dans l’année : le tableau de bord le demande à chaque page.
        indexes = [
            models.Index(
                fields=["date_embauche"],
                include=["id"],
                condition=Q(membre_cm=True, is_active=True),
                name="personne_par_embauche",
            ),
            models.Index(
                fields=["date_entree_service"],
                include=["date_embauche", "id"],
                condition=Q(membre_cm=True, is_active=True) & MUTATION,
                name="personne_par_entree",
            ),
        ]

    def __str__(self):
        return self.nom_complet

    def get_full_name(self):
        return self.nom_complet

    @property
    def nom_complet(self):
        return f"{self.prenom} {self.nom}".strip()

    @property
    def discipline(self):
        return self.titre_emploi.discipline if self.titre_emploi else ""

    @property
    def direction(self):
        return self.service.direction if self.service else None

    @property
    def rls(self):
        return self.installation.rls if self.installation else ""

    def recalculer_cle(self):
        self.cle_recherche = sans_accents(f"{self.prenom} {self.nom}")[:200]

    @cached_property
    def _titres(self):
        """Codes des rôles en vigueur, et si l’organigramme lui confie des gens ; lus ensemble, une fois par requête."""
        return frozenset(titre for (titre,) in _TITRES.lignes(self.pk, jour_local()))

    @cached_property
    def roles_attribues(self):
        """Codes des rôles attribués en vigueur aujourd’hui."""
        return self._titres - {_A_UNE_EQUIPE}

    @property
    def a_une_equipe(self):
        """Vrai si la personne supervise, dirige une direction ou remplace quelqu’un aujourd’hui."""
        return _A_UNE_EQUIPE in self._titres

    @cached_property
    def represente_ids(self):
        """Identifiants des personnes au nom de qui celle-ci peut approuver : elle-même et ses déléguants du jour."""
        return frozenset([self.pk, *(de for (de,) in _DELEGANTS.lignes(self.pk, jour_local()))])

    def superieurs_ids(self):
        """Rend les identifiants de tous les supérieurs, du plus proche au plus lointain (R-049, N-01)."""
        with connection.cursor() as curseur:
            curseur.execute(_SUPERIEURS, [self.superieur_id])
            rangs = curseur.fetchall()
        return [identifiant for identifiant, _ in rangs if identifiant != self.pk]


# UNION (sans ALL) arrête la remontée même si des données fautives formaient une boucle de moins de vingt rangs.
_SUPERIEURS = """
WITH RECURSIVE chaine(id, rang) AS (
  SELECT id, 1 FROM personnes_personne WHERE id = %s
  UNION
  SELECT p.superieur_id, c.rang + 1 FROM personnes_personne p JOIN chaine c ON p.id = c.id
  WHERE p.superieur_id IS NOT NULL AND c.rang < 20
) SELECT id, MIN(rang) FROM chaine GROUP BY id ORDER BY 2
"""


class RoleAttribue(models.TextChoices):
    DSM = "dsm", "direction de la DSM"
    APPR = "appr", "agent de planification, de programmation et de recherche (APPR)"
    LIAISON_RUISSS = "liaison_ruisss", "agent de liaison du RUISSS UL"
    COORDONNATEUR = "coordonnateur", "coordonnateur du comité de concertation"
    DRHCAJ = "drhcaj", "DRHCAJ"
    EXECUTIF_CM = "executif_cm", "exécutif du conseil multidisciplinaire"
    PILOTE = "pilote", "pilote technique"
    PRP = "prp", "responsable de la protection des renseignements"


class PeriodeQuerySet(models.QuerySet):
    def en_vigueur(self, jour=None):
        """Lignes dont la période contient `jour` (aujourd’hui par défaut), fin comprise."""
        jour = jour or jour_local()
        return self.filter(self.model.condition_en_vigueur(), Q(fin__isnull=True) | Q(fin__gte=jour), debut__lte=jour)


class Attribution(models.Model):
    """Un rôle donné par la DSM, daté et motivé ; il ne vaut qu’approuvé par une seconde personne (N-12)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    personne = models.ForeignKey(Personne, models.PROTECT, related_name="attributions")
    role = models.CharField("rôle", max_length=20, choices=RoleAttribue)
    debut = models.DateField("début", default=jour_local)
    fin = models.DateField("fin", null=True, blank=True)
    motif = models.CharField("motif", max_length=300)
    proposee_par = models.ForeignKey(Personne, models.PROTECT, related_name="attributions_proposees")
    approuvee_par = models.ForeignKey(
        Personne, models.PROTECT, null=True, blank=True, related_name="attributions_approuvees"
    )
    approuvee_le = models.DateTimeField("approuvée le", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "attribution de rôle"
        verbose_name_plural = "attributions de rôles"
        ordering = ["personne", "role", "-debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="attribution_fin_apres_debut",
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                condition=Q(approuvee_par__isnull=True) | ~Q(approuvee_par=F("personne")),
                name="attribution_pas_a_soi_meme",
                violation_error_message="Personne ne s’accorde un rôle à soi-même.",
            ),
        ]

    def __str__(self):
        return f"{self.personne} — {self.get_role_display()}"

    @staticmethod
    def condition_en_vigueur():
        return Q(approuvee_par__isnull=False)


class Delegation(models.Model):
    """Un gestionnaire absent confie ses approbations à un autre, pour une période (N-11)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    de = models.ForeignKey(Personne, models.PROTECT, related_name="delegations_donnees", verbose_name="de")
    a = models.ForeignKey(Personne, models.PROTECT, related_name="delegations_recues", verbose_name="à")
    debut = models.DateField("du")
    fin = models.DateField("au")
    motif = models.CharField("motif", max_length=300, blank=True)
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "délégation"
        ordering = ["-debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gte=F("debut")),
                name="delegation_fin_apres_debut",
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                condition=~Q(de=F("a")),
                name="delegation_a_quelqu_un_d_autre",
                violation_error_message="Déléguez à une autre personne que vous-même.",
            ),
        ]

    def __str__(self):
        return f"{self.de} → {self.a}"

    @staticmethod
    def condition_en_vigueur():
        return Q(revoquee_le__isnull=True, de__is_active=True)


# — Ce que chaque page demande d’une personne


def _titres_de(cle, jour):
    a_une_equipe = Value(_A_UNE_EQUIPE, output_field=models.CharField())
    roles = Attribution.objects.en_vigueur(jour).filter(personne=cle).order_by().values_list("role")
    gens = (
        Personne.objects.actives().filter(superieur=cle),
        Direction.objects.filter(directeur=cle),
        Delegation.objects.en_vigueur(jour).filter(a=cle),
    )
    return roles.union(*(lignes.order_by().values_list(a_une_equipe) for lignes in gens))


def _delegants_de(cle, jour):
    return Delegation.objects.en_vigueur(jour).filter(a=cle).order_by().values_list("de_id")


_TITRES = RequetePreparee(_titres_de, CLE, JOUR)
_DELEGANTS = RequetePreparee(_delegants_de, CLE, JOUR)
