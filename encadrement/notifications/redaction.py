"""Mettre un message en mots : objet, texte et HTML, tirés des gabarits de `templates/courriels/`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import mark_safe

_BLANCS = re.compile(r"[ \t\r\n]+")
_LIEN = re.compile(r"https?://[^\s<>«»\"]+[^\s<>«»\".,;:!?)]")


@dataclass(frozen=True)
class Message:
    """Ce qui part : une ligne d’objet, un texte brut et sa version HTML."""

    objet: str
    texte: str
    html: str


def adresse_absolue(chemin):
    """Rend l’adresse publique complète d’un chemin de l’application."""
    if not chemin or chemin.startswith(("http://", "https://")):
        return chemin
    return settings.ADRESSE_PUBLIQUE.rstrip("/") + chemin


def rediger(gabarit, contexte):
    """Rend le Message du gabarit `courriels/<gabarit>` : `.objet.txt`, `.corps.txt` et, s’il existe, `.corps.html`.

    Le corps n’est fait que de paragraphes : la salutation, le lien et la signature viennent de la mise en page
    commune. Lève TemplateDoesNotExist si l’objet ou le corps manque.
    """
    contexte = {"salutation": "Bonjour,", "url": "", "pied": "", **contexte}
    # Pas str.split() : il avalerait aussi l’espace insécable.
    objet = _BLANCS.sub(" ", _brut(f"courriels/{gabarit}.objet.txt", contexte)).strip(" ")
    corps = _brut(f"courriels/{gabarit}.corps.txt", contexte).strip()
    parties = {"salutation": contexte["salutation"], "url": contexte["url"], "sujet": objet}
    return Message(
        objet=objet[:200],
        texte=_encadrer("courriels/base.txt", contexte, {**parties, "corps": corps}),
        html=_encadrer(
            "courriels/base.html",
            contexte,
            {
                **{nom: escape(valeur) for nom, valeur in parties.items()},
                "corps": _corps_html(gabarit, corps, contexte),
            },
        ),
    )


_MARQUE = "\x02{}\x03"
_MARQUES = re.compile("\x02([a-z]+)\x03")


def _encadrer(nom, contexte, parties):
    """Met les parties dans la mise en page commune, qui ne se rend qu’une fois par établissement et par pied."""
    morceaux = _cadre(nom, contexte["etablissement_nom"], contexte["pied"], bool(contexte["url"]))
    return "".join(parties[morceau] if rang % 2 else morceau for rang, morceau in enumerate(morceaux))


@lru_cache(maxsize=16)
def _cadre(nom, etablissement_nom, pied, avec_lien):
    """Rend la mise en page coupée à chaque place à remplir : texte, nom de partie, texte, nom de partie…"""
    places = {partie: mark_safe(_MARQUE.format(partie)) for partie in ("salutation", "corps", "sujet")}  # noqa: S308
    places["url"] = mark_safe(_MARQUE.format("url")) if avec_lien else ""  # noqa: S308  (marques, sans texte d’autrui)
    contexte = Context(
        {**places, "etablissement_nom": etablissement_nom, "pied": pied}, autoescape=nom.endswith(".html")
    )
    return _MARQUES.split(get_template(nom).template.render(contexte))


def _brut(nom, contexte):
    # Un texte brut ne s’échappe pas : « D'Amours » ne doit pas devenir « D&#x27;Amours ».
    return get_template(nom).template.render(Context(contexte, autoescape=False))


_sans_html = set()


def _corps_html(gabarit, corps, contexte):
    if gabarit not in _sans_html:
        try:
            modele = get_template(f"courriels/{gabarit}.corps.html")
        except TemplateDoesNotExist:
            _sans_html.add(gabarit)
        else:
            return mark_safe(modele.template.render(Context(contexte)))  # noqa: S308  (gabarit de la maison, échappé)
    return format_html_join("\n", "<p>{}</p>", ((_lignes(bloc),) for bloc in re.split(r"\n\s*\n", corps) if bloc))


def _lignes(bloc):
    return mark_safe("<br>\n".join(_avec_liens(ligne) for ligne in bloc.strip().split("\n")))  # noqa: S308  (échappé)


def _avec_liens(ligne):
    morceaux, fin = [], 0
    for lien in _LIEN.finditer(ligne):
        morceaux.append(conditional_escape(ligne[fin : lien.start()]))
        morceaux.append(format_html('<a href="{0}">{0}</a>', lien[0]))
        fin = lien.end()
    return "".join([*morceaux, conditional_escape(ligne[fin:])])
