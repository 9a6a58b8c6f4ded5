from django import template

from encadrement.trajectoire import dessin

register = template.Library()


@register.inclusion_tag("composants/trajectoire.html")
def dessin_trajectoire(objet):
    """Dessine la trajectoire du dossier : franchi, courant, qui doit agir, depuis quand."""
    return {"etapes": dessin.etapes(objet)}


@register.inclusion_tag("composants/boutons_transition.html", takes_context=True)
def boutons_transition(context, objet):
    """Montre les actes que la personne connectée peut poser maintenant, grisés avec la raison sinon."""
    return {"boutons": dessin.boutons(objet, context["request"].user)}


@register.inclusion_tag("composants/historique.html")
def historique(objet):
    """Liste les passages du dossier, du plus récent au plus ancien."""
    libelles = dict(objet._meta.get_field("etat").flatchoices)
    passages = [
        {
            "passage": passage,
            "de": libelles.get(passage.de, passage.de),
            "vers": libelles.get(passage.vers, passage.vers),
        }
        for passage in objet.passages.select_related("par", "au_nom_de").order_by("-id")
    ]
    return {"passages": passages}
