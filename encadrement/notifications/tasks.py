"""Les tâches de fond : réveillées par un coup de pouce ou par le métronome, elles lisent la base et appellent."""

import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from encadrement.journal.ancres import ancrer
from encadrement.notifications.battements import TRAVAILLEUR, battre
from encadrement.notifications.coup_de_pouce import pousser
from encadrement.notifications.envoi import TAILLE_DU_LOT, expedier_courriels, purger_le_registre
from encadrement.notifications.rappels import balayer_rappels
from encadrement.notifications.resumes import regrouper_resumes

DUREE_D_UNE_TOURNEE = 8


@shared_task(name="notifications.expedier")
def expedier():
    """Envoie les lots qui tiennent en quelques secondes, puis passe la suite à une autre tâche."""
    fin = time.monotonic() + DUREE_D_UNE_TOURNEE
    while (compte := expedier_courriels()).au_complet and compte.reclames == TAILLE_DU_LOT:
        if time.monotonic() > fin:
            pousser("expedier")
            return


@shared_task(name="notifications.rappels")
def rappels():
    if _il_fait_jour():
        balayer_rappels()


@shared_task(name="notifications.resumes")
def resumes():
    if _il_fait_jour():
        regrouper_resumes()
        purger_le_registre()


@shared_task(name="journal.ancrer")
def ancrer_le_journal():
    ancrer()


@shared_task(name="notifications.battement")
def battement():
    """Écrit le signe de vie : il passe par le courtier, un travailleur et la base, comme tout le reste."""
    battre(TRAVAILLEUR)


def _il_fait_jour():
    # L’heure locale, pas celle du serveur (UTC) : juste aussi les deux jours du changement d’heure.
    return timezone.localtime().hour >= settings.HEURE_DES_RELANCES
