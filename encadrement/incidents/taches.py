"""Ce qu’un incident attend d’une personne, pour « À faire » : une requête, quel que soit leur nombre."""

from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.incidents.models import EtatIncident, Incident
from encadrement.incidents.trajectoire import TRAJECTOIRE_INCIDENT
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.dessin import condition_attendue

_GESTES = {
    EtatIncident.SIGNALE: "Analyser l’incident",
    EtatIncident.EN_ANALYSE: "Tenir le registre, puis clore l’incident",
}


def taches(personne):
    """Rend les incidents à analyser, puis à clore."""
    for uuid, numero, etat, depuis in _ATTENDUS.lignes(personne, jour_local()):
        yield Tache(
            geste=_GESTES[etat],
            dossier=f"Incident {numero}",
            url=reverse("incidents:incident", args=[uuid]),
            depuis=depuis,
            ton="principal",
        )


def _attendus(personne, jour):
    attendus = condition_attendue(personne, TRAJECTOIRE_INCIDENT)
    return Incident.objects.filter(attendus).order_by().values_list("uuid", "numero", "etat", "depuis")


_ATTENDUS = RequeteParPersonne(_attendus)
