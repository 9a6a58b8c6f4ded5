"""Ce que la DSM règle du mentorat, et ce que le cadre y fixe."""

from encadrement.notifications.reglables import attente_de
from encadrement.parametres.natures import Entier
from encadrement.parametres.registre import Fixe, Parametre
from mentorat.rappels.echeances import FIN, GROUPE, INSCRIPTION, MI_TEMPS, SANS_RENCONTRE, SEMAINES_D_ORIGINE

PARAMETRES = (
    *(serie.parametre for serie in (MI_TEMPS, FIN, INSCRIPTION)),
    Parametre(
        SANS_RENCONTRE,
        "Temps sans rencontre au journal",
        GROUPE,
        Entier(3, 26, "semaines"),
        SEMAINES_D_ORIGINE,
        aide="Passé ce temps, la dyade est relancée, puis de nouveau à chaque période. Une relance partie ne repart pas.",
        exigences=("R-062",),
    ),
    attente_de("mentorat", GROUPE),
    Fixe("Durée d’une entente", GROUPE, "six mois au plus", "R-056"),
    Fixe("Bilan de l’avancement", GROUPE, "à la mi-temps et à la fin", "R-057"),
)
