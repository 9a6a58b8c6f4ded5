"""Les dessins d’un bilan figé, pour son PDF ; cette balise sert un gabarit publié."""

from django import template

from encadrement.bilan_annuel.chiffres import dessins_de

register = template.Library()


@register.simple_tag
def dessins_du_bilan(contenu, mesure):
    """Rend les dessins d’une mesure, tirés des seuls nombres figés."""
    return dessins_de(mesure, annee=contenu["annee"], avant=contenu["avant"])
