"""Le chien de garde : constater, noter, aviser le pilote une fois par panne, et noter la fin.

Il tourne à part du métronome et du travailleur, dont il surveille le silence, et remet lui-même son avis au serveur.
"""

from django.db import transaction
from django.utils import timezone

from encadrement.notifications.actions import notifier
from encadrement.notifications.envoi import expedier_courriels
from encadrement.supervision.controles import PANNE, relever
from encadrement.supervision.droits import DROITS_COURRIEL
from encadrement.supervision.models import Panne

# Sans base, on ne peut rien noter; sans courtier, c’est le battement qui manque, et qui se dit.
_NON_AVISES = {"base", "courtier"}


def veiller():
    """Fait les contrôles, ouvre et ferme les pannes, remet les avis ; rend les contrôles en panne."""
    releve = relever()
    en_panne = [controle for controle in releve if controle.etat == PANNE]
    if releve[0].etat != PANNE:
        _fermer({controle.nom for controle in releve} - {controle.nom for controle in en_panne})
        avis = [pk for controle in en_panne if controle.nom not in _NON_AVISES for pk in _ouvrir(controle)]
        if avis:
            expedier_courriels(parmi=avis)
    return en_panne


@transaction.atomic
def _ouvrir(controle):
    """Note la panne et écrit son avis dans la même transaction ; rend les avis, ou rien si elle est déjà connue."""
    panne = Panne(controle=controle.nom, phrase=controle.phrase)
    if Panne.objects.filter(controle=controle.nom, fin=None).exists():
        return []
    Panne.objects.bulk_create([panne], ignore_conflicts=True)
    ouverte = Panne.objects.get(controle=controle.nom, fin=None)
    avis = notifier("supervision/panne", ouverte, a=DROITS_COURRIEL.personnes("trancher", None), cle="constat")
    return [courriel.pk for courriel in avis]


def _fermer(noms):
    Panne.objects.filter(controle__in=noms, fin=None).update(fin=timezone.now())
