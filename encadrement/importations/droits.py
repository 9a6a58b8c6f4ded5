"""QUI : le pilote importe ; la DSM lit ce qui a changé."""

from encadrement.acces.attribues import DSM, PILOTE
from encadrement.acces.matrice import Acte, Matrice
from encadrement.importations.models import Importation

DROITS_IMPORTATION = Matrice(
    Importation,
    {
        "deposer": Acte("Déposer un extrait des ressources humaines", (PILOTE,)),
        "voir": Acte("Voir une importation et ce qu’elle change", (PILOTE, DSM)),
        "appliquer": Acte("Appliquer la différence", (PILOTE,)),
        "abandonner": Acte("Abandonner l’importation", (PILOTE,)),
        "annuler": Acte("Annuler une importation appliquée", (PILOTE,)),
    },
    nom="Importations RH",
)
