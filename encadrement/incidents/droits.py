"""QUI : chacun signale ; le responsable de la protection tient le registre et le clôt, le pilote l’ouvre, la DSM le lit (D20)."""

from encadrement.acces.attribues import DSM, PILOTE, PRP, TOUS
from encadrement.acces.matrice import Acte, Matrice
from encadrement.incidents.models import Incident

DROITS_INCIDENT = Matrice(
    Incident,
    {
        "signaler": Acte("Signaler un incident", (TOUS,)),
        "voir": Acte("Lire le registre des incidents", (PRP, DSM, PILOTE)),
        "analyser": Acte("Commencer l’analyse", (PRP, PILOTE)),
        "modifier": Acte("Écrire au registre", (PRP, PILOTE)),
        "clore": Acte("Clore l’incident", (PRP,)),
    },
    nom="Registre des incidents",
)
