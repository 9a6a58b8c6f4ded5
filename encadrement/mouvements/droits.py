"""QUI : le gestionnaire et la DSM règlent les dossiers des mesures; ceux du comité restent au coordonnateur (N-01, R-250)."""

from encadrement.acces.attribues import COORDONNATEUR, DSM
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RoleRelatif
from encadrement.mouvements.models import Mouvement, Regard

GESTIONNAIRE = RoleRelatif("gestionnaire", "le gestionnaire", chemin="responsable", delegable=True).quand(
    "regard", [Regard.MESURES]
)
_REGLENT = (
    GESTIONNAIRE,
    DSM.quand("regard", [Regard.MESURES]),
    COORDONNATEUR.quand("regard", [Regard.COMITE], "situations du comité"),
)

DROITS_MOUVEMENT = Matrice(
    Mouvement,
    {
        "voir": Acte("Voir le départ ou le changement", _REGLENT),
        "acquitter": Acte("Dire ce qui a été décidé", _REGLENT),
    },
    nom="Départs et changements de gestionnaire",
)
