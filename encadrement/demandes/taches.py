"""Ce qu’une demande à la DSM attend d’une personne, pour la page « À faire » : une requête, quel que soit leur nombre."""

from django.db.models import Q
from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.demandes.models import DemandeService, EtatService
from encadrement.demandes.suites import suite_du_volet
from encadrement.demandes.trajectoire import TRAJECTOIRE_SERVICE
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.dessin import condition_attendue

_CODES = {EtatService.TRANSMISE: "prendre_en_charge", EtatService.PRISE_EN_CHARGE: "clore"}


def taches(personne):
    """Rend ses demandes à écrire, celles à prendre en charge, et celles dont elle s’est chargée."""
    for uuid, numero, volet, etat, depuis in _ATTENDUES.lignes(personne, jour_local()):
        if suite := suite_du_volet(volet):
            geste, code, ton = suite.libelle, "", "principal"
        elif etat == EtatService.BROUILLON:
            geste, code, ton = "Remplir ma demande à la DSM", "modifier", "second"
        else:
            transition = TRAJECTOIRE_SERVICE[_CODES[etat]]
            geste, code, ton = transition.libelle, transition.code, transition.ton
        yield Tache(
            geste=geste,
            dossier=f"Demande à la DSM {numero}",
            url=reverse(f"demandes:demande_{code}" if code else "demandes:demande", args=[uuid]),
            depuis=depuis,
            ton=ton,
        )


def _attendues(personne, jour):
    # Une fois prise en charge, la demande n’attend plus que la personne qui s’en occupe.
    attendues = condition_attendue(personne, TRAJECTOIRE_SERVICE, clore=Q(prise_en_charge_par=personne))
    return DemandeService.objects.filter(attendues).order_by().values_list("uuid", "numero", "volet", "etat", "depuis")


_ATTENDUES = RequeteParPersonne(_attendues)
