"""QUI : la DSM règle tout ; l’APPR, ce qui fait avancer les dossiers ; tout gestionnaire les lit."""

from dataclasses import dataclass

from django.db.models import Q

from encadrement.acces.attribues import APPR, COORDONNATEUR, DRHCAJ, DSM, PILOTE
from encadrement.acces.matrice import Acte, Matrice
from encadrement.acces.roles import RIEN, TOUT, Role
from encadrement.parametres.models import VersionParametre
from encadrement.personnes.models import Delegation, Direction, Personne


@dataclass(frozen=True)
class Dirige(Role):
    """Qui a une équipe ou une direction, ou représente pendant son absence quelqu’un qui en a (N-11)."""

    def _tenu(self, personne, objet):
        siens = sorted(personne.represente_ids)
        return (
            Personne.objects.actives().filter(superieur__in=siens).exists()
            or Direction.objects.filter(directeur__in=siens).exists()
        )

    def _objets(self, personne, modele):
        return TOUT if self._tenu(personne, None) else RIEN

    def _personnes(self, objet):
        chefs = Q(pk__in=Personne.objects.actives().exclude(superieur=None).values("superieur"))
        directeurs = Q(pk__in=Direction.objects.exclude(directeur=None).values("directeur"))
        titulaires = Personne.objects.filter(chefs | directeurs).values("pk")
        delegues = Delegation.objects.en_vigueur().filter(de__in=titulaires).values("a")
        return Q(pk__in=titulaires) | Q(pk__in=delegues)


GESTIONNAIRE = Dirige("gestionnaire", "tout gestionnaire")

DROITS_PARAMETRE = Matrice(
    VersionParametre,
    {
        "voir": Acte("Lire les paramètres et leur histoire", (DSM, APPR, COORDONNATEUR, DRHCAJ, PILOTE, GESTIONNAIRE)),
        "regler": Acte("Régler un délai ou une échéance", (DSM, APPR)),
        # Une adresse dit où partent les copies ; un texte et un logo parlent au nom de la direction.
        "regler_identite": Acte("Régler une adresse, un texte ou le logo", (DSM,)),
    },
    nom="Paramètres de la DSM",
)
