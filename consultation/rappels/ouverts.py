"""À quels titres une personne tient une consultation encore ouverte : de quoi la proposer à la bonne personne."""

from consultation.droits import DROITS_DEMANDE, DROITS_FICHE
from consultation.models import EtatConsultation, EtatFicheExpert
from encadrement.mouvements.registre import Titre, inscrire

_DEMANDE = {
    "droits": DROITS_DEMANDE,
    "clos": frozenset(
        {
            EtatConsultation.FERMEE,
            EtatConsultation.NON_PERTINENTE,
            EtatConsultation.AU_COMITE,
            EtatConsultation.RETIREE,
        }
    ),
    "discrets": frozenset({EtatConsultation.BROUILLON}),
    "nom": "consultation ouverte",
    "noms": "consultations ouvertes",
}
TITRES = (
    Titre(titre="demandeur", chemin="demandeur", **_DEMANDE),
    Titre(titre="gestionnaire du demandeur", chemin="demandeur__superieur", en_partant_seulement=True, **_DEMANDE),
    Titre(titre="expert sollicité", chemin="sollicitations__expert", en_partant_seulement=True, **_DEMANDE),
    Titre(
        titre="expert inscrit",
        droits=DROITS_FICHE,
        chemin="personne",
        clos=frozenset({EtatFicheExpert.NON_RETENUE, EtatFicheExpert.RETIREE}),
        discrets=frozenset({EtatFicheExpert.BROUILLON}),
        nom="fiche d’expert",
        noms="fiches d’expert",
        en_partant_seulement=True,
    ),
)


def inscrire_ouverts():
    inscrire("consultation", TITRES)
