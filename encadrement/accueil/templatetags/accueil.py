from django import template

from encadrement.accueil import essai

register = template.Library()


@register.simple_tag
def comptes_essai():
    """Rend les comptes du mode essai (matricule, nom, titre, mot_de_passe) ; vide en production."""
    return essai.comptes()
