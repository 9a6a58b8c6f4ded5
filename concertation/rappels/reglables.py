"""Ce que la DSM règle du comité de concertation, et ce que le cadre y fixe."""

from concertation.rappels.echeances import (
    CHAQUE_SEMAINE,
    CONVOCATION,
    DELAI_DE_DEPOT,
    DEPOSER,
    GROUPE,
    MANDAT,
    SUITE_DONNEE,
)
from encadrement.notifications.reglables import attente_de
from encadrement.parametres.natures import Entier
from encadrement.parametres.registre import Fixe, Parametre

PARAMETRES = (
    Parametre(
        DELAI_DE_DEPOT,
        "Dernier jour de dépôt avant une rencontre",
        GROUPE,
        Entier(0, 90, "jours avant"),
        14,
        aide="Vaut pour les rencontres planifiées dès maintenant; une date de dépôt déjà annoncée ne bouge pas.",
        exigences=("R-228",),
    ),
    *(serie.parametre for serie in (DEPOSER, CONVOCATION, SUITE_DONNEE, CHAQUE_SEMAINE, MANDAT)),
    attente_de("concertation", GROUPE),
    Fixe("Rencontres du comité", GROUPE, "une fois par mois, selon un calendrier établi", "R-221"),
)
