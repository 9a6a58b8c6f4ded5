"""« À faire » du pilote : les envois dont la machine ne peut pas décider."""

from django.db.models import Count, Window
from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.socle.temps import jour_local
from encadrement.supervision.droits import DROITS_COURRIEL


def taches(personne):
    for combien, depuis in _A_DECIDER.lignes(personne, jour_local()):
        yield Tache(
            geste="Décider des envois incertains ou refusés",
            dossier=f"{combien} courriel{'s' if combien > 1 else ''}",
            url=f"{reverse('supervision:courriels')}?etat=a_decider",
            depuis=depuis,
        )


def _en_souffrance(personne, jour):
    """Rend une ligne, le nombre et le plus ancien ; aucune quand il n’y a rien à décider."""
    lignes = DROITS_COURRIEL.objets(personne, "trancher").en_souffrance().order_by("cree_le")
    return lignes.annotate(combien=Window(Count("pk"))).values_list("combien", "cree_le")[:1]


_A_DECIDER = RequeteParPersonne(_en_souffrance)
