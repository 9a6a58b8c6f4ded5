"""D’OÙ VERS OÙ : à confirmer, appliquée, et au besoin annulée."""

from encadrement.importations import regles as r
from encadrement.importations.droits import DROITS_IMPORTATION
from encadrement.importations.models import EtatImportation, Importation
from encadrement.trajectoire.transition import Trajectoire, options, table

E = EtatImportation
IMPORTATION = table(
    DROITS_IMPORTATION,
    [
        ("appliquer", [E.EN_ATTENTE], E.APPLIQUEE, options("Appliquer", ton="principal", attendue=True)),
        (
            "appliquer_seule",
            [E.EN_ATTENTE],
            E.APPLIQUEE,
            options("Appliquer sans attendre le pilote", automatique=True),
        ),
        ("abandonner", [E.EN_ATTENTE], E.ABANDONNEE, options("Abandonner")),
        (
            "annuler",
            [E.APPLIQUEE],
            E.ANNULEE,
            options("Annuler l’importation", ton="danger", motif_requis=True, conditions=(r.rien_n_en_depend,)),
        ),
    ],
)
TRAJECTOIRE_IMPORTATION = Trajectoire(
    Importation,
    etapes=(E.EN_ATTENTE, E.APPLIQUEE),
    transitions=IMPORTATION.values(),
    url="importations:importation_{code}",
)
