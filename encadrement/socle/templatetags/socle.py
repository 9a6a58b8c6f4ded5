import datetime

from django import template

from encadrement.socle.temps import ecrire_duree

register = template.Library()


@register.filter
def duree(minutes):
    """Écrit des minutes comme on les dit : « 1 h 15 »."""
    return ecrire_duree(minutes)


@register.filter
def jour_iso(texte):
    """Rend la date d’un contenu figé (« 2026-09-14 »), à mettre en forme par le filtre `date`."""
    return datetime.date.fromisoformat(texte) if texte else ""
