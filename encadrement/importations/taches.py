"""« À faire » du pilote : les importations qui attendent qu’il en confirme la différence."""

from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.importations.models import Importation
from encadrement.importations.trajectoire import TRAJECTOIRE_IMPORTATION
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.dessin import condition_attendue


def taches(personne):
    for uuid, nom, depuis in _ATTENDUES.lignes(personne, jour_local()):
        yield Tache(
            geste="Confirmer une importation RH",
            dossier=nom,
            url=reverse("importations:importation", args=[uuid]),
            depuis=depuis,
            ton="principal",
        )


def _attendues(personne, jour):
    attendues = condition_attendue(personne, TRAJECTOIRE_IMPORTATION)
    return Importation.objects.filter(attendues).order_by().values_list("uuid", "fichier__nom", "depuis")


_ATTENDUES = RequeteParPersonne(_attendues)
