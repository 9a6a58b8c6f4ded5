"""À quels titres une personne tient une demande à la DSM encore ouverte."""

from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import EtatService
from encadrement.mouvements.registre import Titre

_DEMANDE = {
    "droits": DROITS_SERVICE,
    "clos": frozenset({EtatService.CLOSE, EtatService.RETIREE}),
    "discrets": frozenset({EtatService.BROUILLON}),
    "nom": "demande à la DSM",
    "noms": "demandes à la DSM",
}
TITRES = (
    Titre(titre="demandeur", chemin="demandeur", **_DEMANDE),
    Titre(titre="APPR qui l’a prise en charge", chemin="prise_en_charge_par", en_partant_seulement=True, **_DEMANDE),
)
