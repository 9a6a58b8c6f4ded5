"""QUI : la DSM et les APPR écrivent ; le responsable suit ; qui voit les agrégats lit ce qui est publié (D08, R-083)."""

from dataclasses import dataclass

from django.db.models import Q

from encadrement.acces.attribues import APPR, DSM
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RIEN, TOUT, Role, RoleRelatif
from encadrement.bilan_annuel.models import BilanAnnuel, Recommandation
from encadrement.documents.acces_documents import inscrire
from encadrement.indicateurs.droits import DROITS_CHIFFRES, PARTOUT, REPRESENTANT
from encadrement.personnes.models import Delegation, Direction, Personne, Service

NATURE = "bilan_annuel"


@dataclass(frozen=True)
class RegardeDesChiffres(Role):
    """Qui regarde au tableau de bord les chiffres d’un service ou d’une direction : la même étendue qu’à cette page (D08)."""

    def _tenu(self, personne, objet):
        return DROITS_CHIFFRES.objets(personne).exists()

    def _objets(self, personne, modele):
        return TOUT if self._tenu(personne, None) else RIEN

    def _personnes(self, objet):
        dirigent = qui_dirige()
        delegues = Delegation.objects.en_vigueur().filter(de__in=dirigent.values("pk")).values("a")
        regardent = Q(pk__in=dirigent.values("pk")) | Q(pk__in=delegues)
        # Les représentants se disent par direction : un service qui n’en a que la direction suffit.
        for direction in Direction.objects.filter(services__isnull=False).distinct():
            regardent |= Q(pk__in=REPRESENTANT.personnes(Service(direction=direction)).values("pk"))
        return regardent


def qui_dirige():
    """Rend les personnes actives qui ont une équipe ou une direction."""
    equipes = Personne.objects.actives().exclude(superieur=None).exclude(service=None)
    directions = Direction.objects.filter(services__isnull=False).exclude(directeur=None)
    # Chaque supérieur une fois : toute l’équipe ne tiendrait pas dans la table où la base les cherche.
    superieurs = equipes.order_by().values("superieur").distinct()
    return Personne.objects.actives().filter(Q(pk__in=superieurs) | Q(pk__in=directions.values("directeur")))


REGARDE = RegardeDesChiffres("regarde", "qui regarde les chiffres d’une équipe ou d’une direction")
RESPONSABLE = RoleRelatif("responsable", "le responsable", chemin="responsable")
ECRIVENT = (DSM, APPR)
_LECTEURS = (*(role for role in PARTOUT if role not in ECRIVENT), REGARDE)


def _une_fois(champ, precision):
    return tuple(role.quand(champ, {True}, precision) for role in _LECTEURS)


DROITS_BILAN = Matrice(
    BilanAnnuel,
    {
        "voir": Acte(
            "Lire le bilan annuel", (*ECRIVENT, *_une_fois("diffuse", "une fois publié")), exigences=("R-083",)
        ),
        "ouvrir": Acte("Préparer le bilan d’une année", ECRIVENT, exigences=("R-023",)),
        "modifier": Acte("Écrire le bilan", ECRIVENT, exigences=("R-082",)),
        "publier": Acte("Publier le bilan", (DSM,), exigences=("R-083",)),
        "reprendre": Acte("Préparer une nouvelle version", (DSM,)),
    },
)
DROITS_RECOMMANDATION = Matrice(
    Recommandation,
    {
        "voir": Acte(
            "Lire la recommandation",
            (*ECRIVENT, RESPONSABLE, *_une_fois("publiee", "publiée")),
            exigences=("R-024", "R-083"),
        ),
        "proposer": Acte("Proposer une recommandation", ECRIVENT, exigences=("R-024",)),
        "modifier": Acte("Modifier la recommandation", ECRIVENT),
        "commencer": Acte("Dire qu’elle est en cours", (RESPONSABLE, *ECRIVENT)),
        "realiser": Acte("Dire qu’elle est réalisée", (RESPONSABLE, *ECRIVENT)),
        "abandonner": Acte("Abandonner la recommandation", ECRIVENT),
        "suivre": Acte("Écrire où elle en est", (RESPONSABLE, *ECRIVENT), exigences=("R-024",)),
    },
)


def inscrire_documents():
    """Dit à la pièce des documents qui lit le bilan publié."""
    inscrire(
        NATURE,
        lambda personne, bilan: DROITS_BILAN.peut(personne, "voir", bilan),
        lambda bilan: f"bilan-annuel-{bilan.annee_financiere}",
        libelle="bilan annuel des mesures d’encadrement clinique",
    )
