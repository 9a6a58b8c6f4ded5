"""QUI : le pilote voit le registre des courriels et décide des envois incertains ; lui seul."""

from encadrement.acces.attribues import PILOTE
from encadrement.acces.matrice import Acte, Matrice
from encadrement.notifications.models import Courriel

DROITS_COURRIEL = Matrice(
    Courriel,
    {
        "voir": Acte("Voir où en est un envoi, sans son contenu", (PILOTE,)),
        "trancher": Acte("Relancer ou abandonner un envoi incertain ou refusé", (PILOTE,)),
    },
    nom="Registre des courriels",
)
