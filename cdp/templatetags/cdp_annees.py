"""Dire en mots les valeurs codées d’un plan ou d’un rapport."""

from django import template

from cdp.models import Atteinte

register = template.Library()

_DITES = {"True": "Oui", "False": "Non", **dict(Atteinte.choices)}


@register.filter
def valeur_dite(valeur):
    """Rend « Oui », « atteint en partie »… pour une valeur codée ; un texte reste tel quel."""
    return _DITES.get(str(valeur), valeur)
