from django import template

from encadrement.socle.temps import ecrire_duree

register = template.Library()


@register.filter
def duree(minutes):
    """Écrit des minutes comme on les dit : « 1 h 15 »."""
    return ecrire_duree(minutes)
