"""Ce que la DSM règle des communautés de pratique, et ce que le cadre y fixe."""

from cdp.rappels.echeances import A_CONSIGNER, ANNUELS, GROUPE, MANDAT, RENCONTRE, SUIVI
from encadrement.notifications.reglables import attente_de
from encadrement.parametres.registre import Fixe

PARAMETRES = (
    *(serie.parametre for serie in (ANNUELS, RENCONTRE, A_CONSIGNER, SUIVI, MANDAT)),
    attente_de("cdp", GROUPE),
    Fixe("Heures allouées à chaque membre", GROUPE, "24 heures par année au plus", "R-126"),
    Fixe("Plan d’action et rapport annuel", GROUPE, "chaque année, approuvés par le gestionnaire", "R-140"),
)
