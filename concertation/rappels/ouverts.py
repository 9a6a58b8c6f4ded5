"""À quels titres une personne tient une situation encore ouverte; le coordonnateur seul l’apprend, sous son code (R-250)."""

from django.db.models import Q

from concertation.droits import DROITS_SITUATION
from concertation.models import OUVERTES, EtatSituation
from encadrement.mouvements.models import Regard
from encadrement.mouvements.registre import Titre, inscrire

_SITUATION = {
    "droits": DROITS_SITUATION,
    "clos": frozenset(
        {EtatSituation.FERMEE, EtatSituation.NON_RECEVABLE, EtatSituation.RETIREE, EtatSituation.DETRUITE}
    ),
    # Pas encore transmise, elle n’appartient qu’au demandeur et à son gestionnaire.
    "discrets": frozenset({EtatSituation.BROUILLON, EtatSituation.A_ATTESTER}),
    "nom": "situation ouverte",
    "noms": "situations ouvertes",
    "regard": Regard.COMITE,
}
TITRES = (
    Titre(titre="demandeur", chemin="demandeur", **_SITUATION),
    Titre(
        titre="responsable d’une orientation",
        chemin="orientations__responsable",
        condition=Q(orientations__etat__in=OUVERTES),
        en_partant_seulement=True,
        **_SITUATION,
    ),
)


def inscrire_ouverts():
    inscrire("concertation", TITRES)
