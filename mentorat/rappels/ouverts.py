"""À quels titres une personne tient un dossier de mentorat encore ouvert : de quoi le proposer à la bonne personne."""

from encadrement.mouvements.registre import Titre, inscrire
from mentorat.droits import DROITS_DEMANDE, DROITS_ENTENTE, DROITS_FICHE
from mentorat.models import EtatDemande, EtatEntente, EtatFiche

_ENTENTE = {
    "droits": DROITS_ENTENTE,
    "clos": frozenset({EtatEntente.CLOSE, EtatEntente.CESSEE, EtatEntente.ABANDONNEE, EtatEntente.REFUSEE}),
    "discrets": frozenset({EtatEntente.BROUILLON}),
    "nom": "entente ouverte",
    "noms": "ententes ouvertes",
}
TITRES = (
    Titre(titre="mentoré", chemin="mentore", **_ENTENTE),
    # Le mentor parti, c’est le gestionnaire du mentoré qui clôt l’entente ou cherche un autre mentor.
    Titre(titre="mentor", chemin="mentor", charge="mentore__superieur", en_partant_seulement=True, **_ENTENTE),
    # Ceux qu’il supervise encore : si l’extrait les a confiés à quelqu’un, c’est leur changement qui est relevé.
    Titre(titre="gestionnaire du mentoré", chemin="mentore__superieur", en_partant_seulement=True, **_ENTENTE),
    Titre(
        titre="demandeur",
        droits=DROITS_DEMANDE,
        chemin="mentore",
        clos=frozenset({EtatDemande.JUMELEE, EtatDemande.REFUSEE, EtatDemande.RETIREE}),
        discrets=frozenset({EtatDemande.BROUILLON}),
        nom="demande de mentorat",
        noms="demandes de mentorat",
    ),
    Titre(
        titre="mentor inscrit",
        droits=DROITS_FICHE,
        chemin="personne",
        clos=frozenset({EtatFiche.NON_RETENUE, EtatFiche.RETIREE}),
        discrets=frozenset({EtatFiche.BROUILLON}),
        nom="fiche de mentor",
        noms="fiches de mentor",
        en_partant_seulement=True,
    ),
)


def inscrire_ouverts():
    inscrire("mentorat", TITRES)
