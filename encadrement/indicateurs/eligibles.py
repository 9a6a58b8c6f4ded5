"""Le dénominateur des éligibles : la DSM peut retenir un autre nombre que celui des données RH, et dit pourquoi (Q-21)."""

from dataclasses import dataclass, field, replace

from django.db import transaction

from encadrement.acces.attribues import APPR, DSM
from encadrement.acces.matrice import Acte, Matrice
from encadrement.indicateurs.models import EligiblesRetenus
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Direction
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local

EXIGENCES = ("R-072", "Q-21")
SANS_RLS = (
    "La DSM a retenu le nombre d’éligibles de directions entières\xa0: ce nombre ne se partage pas entre les RLS."
)
SANS_SERVICE = (
    "La DSM a retenu le nombre d’éligibles de toute la direction\xa0: il ne se partage pas entre ses services."
)

DROITS_ELIGIBLES = Matrice(
    EligiblesRetenus,
    {
        "voir": Acte("Voir les nombres d’éligibles retenus", (DSM, APPR)),
        "retenir": Acte("Retenir un nombre d’éligibles", (DSM,)),
    },
    nom="Éligibles au mentorat",
)


@transaction.atomic
def retenir_eligibles(direction, annee, nombre, motif, *, par):
    """Retient `nombre` éligibles pour une direction et une AnneeFinanciere, ou revient au calcul si `nombre` est None.

    Rend la ligne ajoutée ; redire la même chose n’ajoute rien.
    """
    DROITS_ELIGIBLES.exiger(par, "retenir", None)
    motif = " ".join(motif.split())
    # Une direction à la fois : deux clics au même instant se suivent, et le second ne redit rien.
    Direction.objects.select_for_update().get(pk=direction.pk)
    dernier = EligiblesRetenus.objects.filter(direction=direction, annee=annee.debut_annee).order_by("-pk").first()
    if dernier and (dernier.nombre, dernier.motif) == (nombre, motif):
        return dernier
    _permis(annee, nombre, motif, dernier)
    ligne = EligiblesRetenus.objects.create(
        direction=direction, annee=annee.debut_annee, nombre=nombre, motif=motif, par=par
    )
    consigner(
        "indicateurs.retenir_eligibles",
        par=par,
        titre=DSM.libelle,
        chaine=f"eligibles:{direction.pk}",
        details={"direction": direction.nom, "annee": annee.debut_annee, "nombre": nombre, "motif": motif},
    )
    return ligne


def _permis(annee, nombre, motif, dernier):
    """Lève ErreurMetier si ce nombre ne peut pas être retenu."""
    if not motif:
        raise ErreurMetier("Dites pourquoi ce nombre remplace celui des données RH.", exigences=EXIGENCES)
    if annee.debut_annee > AnneeFinanciere.du(jour_local()).debut_annee:
        raise ErreurMetier(
            f"L’année {annee} n’est pas commencée\xa0: retenez un nombre une fois qu’elle l’est.", exigences=EXIGENCES
        )
    if nombre is None and (dernier is None or dernier.nombre is None):
        raise ErreurMetier("Aucun nombre n’est retenu ici\xa0: c’est déjà le calcul qui vaut.", exigences=EXIGENCES)


# — Ce que le relevé en fait


@dataclass(frozen=True)
class Retenus:
    """Les nombres retenus d’une année, par direction ; les autres directions gardent le calcul des données RH."""

    nombres: dict = field(default_factory=dict)
    phrases: dict = field(default_factory=dict)
    services: frozenset = frozenset()

    def __bool__(self):
        return bool(self.nombres)

    def raison(self, territoire):
        """Dit pourquoi ce territoire ne peut pas se lire, ou ""."""
        if self and territoire.rls:
            return SANS_RLS
        return SANS_SERVICE if self.services & territoire.services else ""

    def sans(self, faits):
        """Rend les mêmes faits, sans les personnes des directions dont le nombre est retenu."""
        return replace(faits, lignes=_Sauf(faits.lignes, faits.direction, tuple(sorted(self.nombres))))

    def dans(self, territoire):
        """Rend {direction: nombre retenu} des directions que ce territoire couvre en entier."""
        if territoire.services:
            return {}
        return {
            direction: nombre
            for direction, nombre in self.nombres.items()
            if not territoire.directions or direction in territoire.directions
        }

    def en_mots(self, territoire):
        """La phrase qui dit, sous le chiffre, ce que la DSM a retenu dans ce territoire, ou ""."""
        return " ".join(self.phrases[direction] for direction in sorted(self.dans(territoire)))


@dataclass(frozen=True)
class _Sauf:
    """Les mêmes lignes, sans ces directions ; deux pareils sont égaux : leur requête ne se compose qu’une fois."""

    lignes: object
    chemin: str
    directions: tuple

    def __call__(self, personne):
        return self.lignes(personne).exclude(**{f"{self.chemin}__in": self.directions})


def retenus_des_annees(annees):
    """Rend {1er avril de l’année: Retenus}, en une requête."""
    lignes = (
        EligiblesRetenus.objects.en_vigueur()
        .filter(annee__in=annees)
        .order_by("direction__nom")
        .values_list("annee", "direction", "direction__nom", "nombre", "motif", "direction__services")
    )
    retenus = {annee: ({}, {}, set()) for annee in annees}
    for annee, direction, nom, nombre, motif, service in lignes:
        nombres, phrases, services = retenus[annee]
        nombres[direction] = nombre
        pluriel = "s" if nombre > 1 else ""
        phrases[direction] = f"{nom}\xa0: {nombre} éligible{pluriel} retenu{pluriel} par la DSM ({motif.rstrip('.')})."
        services.add(service)
    return {
        annee: Retenus(nombres, phrases, frozenset(services)) for annee, (nombres, phrases, services) in retenus.items()
    }
