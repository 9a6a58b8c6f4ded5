"""D’OÙ VERS OÙ : la courte trajectoire d’une demande de service à la DSM (produit, section 5)."""

from encadrement.demandes import regles as r
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import DemandeService, EtatService
from encadrement.demandes.suites import suite_de
from encadrement.trajectoire.transition import Trajectoire, options, table

E = EtatService
SERVICE = table(
    DROITS_SERVICE,
    [
        (
            "transmettre",
            [E.BROUILLON],
            E.TRANSMISE,
            options(
                "Signer et transmettre à la DSM",
                ton="principal",
                attendue=True,
                conditions=(r.traitee_ici, r.question_posee, r.attentes_dites),
            ),
        ),
        ("renvoyer", [E.TRANSMISE], E.BROUILLON, options("Renvoyer avec un commentaire", motif_requis=True)),
        (
            "prendre_en_charge",
            [E.TRANSMISE],
            E.PRISE_EN_CHARGE,
            options("Prendre en charge", ton="principal", attendue=True),
        ),
        ("clore", [E.PRISE_EN_CHARGE], E.CLOSE, options("Clore la demande", ton="principal", attendue=True)),
        ("retirer", [E.BROUILLON, E.TRANSMISE], E.RETIREE, options("Retirer la demande")),
        # Le demandeur la poursuit dans une autre mesure : la demande n’a plus rien à attendre ici.
        ("poursuivre", [E.BROUILLON], E.CLOSE, options("Poursuivre ailleurs", automatique=True)),
    ],
)


def _attend(demande):
    """Nomme qui doit agir : la personne, ou le rôle."""
    if demande.etat == E.TRANSMISE:
        return "un APPR de la DSM"
    personnes = {E.BROUILLON: demande.demandeur, E.PRISE_EN_CHARGE: demande.prise_en_charge_par}
    return str(personnes.get(demande.etat) or "")


def _chemin(demande):
    """Rend les étapes de ce volet : celle qui se poursuit ailleurs ne passe pas par la DSM."""
    if suite_de(demande) is not None:
        return (E.BROUILLON, E.CLOSE)
    return (E.BROUILLON, E.TRANSMISE, E.PRISE_EN_CHARGE, E.CLOSE)


TRAJECTOIRE_SERVICE = Trajectoire(
    DemandeService,
    etapes=(E.BROUILLON, E.TRANSMISE, E.PRISE_EN_CHARGE, E.CLOSE),
    chemin=_chemin,
    transitions=SERVICE.values(),
    url="demandes:demande_{code}",
    attend=_attend,
)
