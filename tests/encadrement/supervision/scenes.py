"""Des envois dans chaque état que le pilote peut trouver au registre."""

from django.db import transaction

from encadrement.notifications.actions import notifier
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.retenus import RETENU

CONTEXTE = {"geste": "approuver l’entente de Zoé Bujold", "dossier": "Entente de mentorat", "jour_du": None}


def envoi(d, etat=EtatCourriel.AMBIGU, *, a=None, gabarit="mentorat/essai", erreur="450 <x@cisss.exemple> plus tard"):
    """Un courriel écrit par le vrai chemin, puis amené à l’état voulu."""
    fait = f"fait-{Courriel.objects.count()}"
    with transaction.atomic():
        (courriel,) = notifier(
            "notifications/attente", d.mentore, a=[a or d.gestionnaire], cle=fait, url="/x/", contexte=CONTEXTE
        )
    Courriel.objects.filter(pk=courriel.pk).update(etat=etat, erreur=erreur, gabarit=gabarit)
    courriel.refresh_from_db()
    return courriel


def retenu(d):
    return envoi(d, erreur=RETENU)
