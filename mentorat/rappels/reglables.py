"""Ce que la DSM règle du mentorat, et ce que le cadre y fixe."""

from encadrement.notifications.reglables import attente_de
from encadrement.parametres.registre import Fixe
from mentorat.rappels.echeances import FIN, GROUPE, INSCRIPTION, MI_TEMPS

PARAMETRES = (
    *(serie.parametre for serie in (MI_TEMPS, FIN, INSCRIPTION)),
    attente_de("mentorat", GROUPE),
    Fixe("Durée d’une entente", GROUPE, "six mois au plus", "R-056"),
    Fixe("Bilan de l’avancement", GROUPE, "à la mi-temps et à la fin", "R-057"),
)
