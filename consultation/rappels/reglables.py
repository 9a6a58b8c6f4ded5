"""Ce que la DSM règle de la consultation d’experts."""

from consultation.rappels.echeances import DELAI_DE_REPONSE, GROUPE, INSCRIPTION, NOUVELLES
from encadrement.notifications.reglables import attente_de
from encadrement.parametres.natures import Entier
from encadrement.parametres.registre import Parametre

PARAMETRES = (
    Parametre(
        DELAI_DE_REPONSE,
        "Délai laissé à un expert pour répondre",
        GROUPE,
        Entier(1, 60, "jours"),
        7,
        aide="Passé ce délai, l’expert est relancé; au double, l’APPR l’apprend. Une relance partie ne repart pas.",
    ),
    *(serie.parametre for serie in (NOUVELLES, INSCRIPTION)),
    attente_de("consultation", GROUPE),
)
