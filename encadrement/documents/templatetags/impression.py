"""Dates, cases et états tels qu’on les imprime ; ces balises servent des gabarits figés et ne changent plus."""

import datetime

from django import template
from django.utils import timezone

register = template.Library()

_MOIS = ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre").split()
_ETATS = {
    "vert": {"mot": "Vert", "forme": "●", "objectif": "atteint", "activite": "réalisée"},
    "jaune": {
        "mot": "Jaune",
        "forme": "▲",
        "objectif": "partiellement atteint",
        "activite": "partiellement réalisée",
    },
    "rouge": {"mot": "Rouge", "forme": "■", "objectif": "non atteint", "activite": "non réalisée"},
}


@register.filter
def jour_ecrit(valeur):
    """Écrit une date (ou son texte AAAA-MM-JJ) en toutes lettres : « 1er septembre 2026 »."""
    if not valeur:
        return ""
    jour = valeur if isinstance(valeur, datetime.date) else datetime.date.fromisoformat(str(valeur)[:10])
    return f"{'1er' if jour.day == 1 else jour.day}\xa0{_MOIS[jour.month - 1]}\xa0{jour.year}"


@register.filter
def instant_ecrit(instant):
    """Écrit un instant à l’heure de la Gaspésie : « 14 septembre 2026 à 13 h 05 »."""
    local = timezone.localtime(instant)
    return f"{jour_ecrit(local.date())} à {local.hour}\xa0h\xa0{local.minute:02d}"


_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@register.filter
def jour_nomme(valeur):
    """Écrit une date, ou un instant gardé en texte, avec son jour : « mercredi 21 octobre 2026 »."""
    if not valeur:
        return ""
    jour = valeur if isinstance(valeur, datetime.date) else datetime.date.fromisoformat(str(valeur)[:10])
    return f"{_JOURS[jour.weekday()]} {jour_ecrit(jour)}"


@register.filter
def heure_ecrite(valeur):
    """Écrit l’heure d’un instant gardé en texte ISO, dans son propre fuseau : « 13 h 30 »."""
    if not valeur:
        return ""
    instant = datetime.datetime.fromisoformat(valeur)
    return f"{instant.hour}\xa0h\xa0{instant.minute:02d}"


@register.filter
def jour_de(instant):
    """Écrit le jour local d’un instant en toutes lettres."""
    return jour_ecrit(timezone.localdate(instant))


@register.filter
def case(coche):
    """Rend ☒ ou ☐."""
    return "☒" if coche else "☐"


@register.filter
def empreinte_lisible(empreinte):
    """Coupe une empreinte hexadécimale en groupes de huit signes."""
    return " ".join(empreinte[rang : rang + 8] for rang in range(0, len(empreinte), 8))


@register.inclusion_tag("pdf/etat_v1.html")
def etat_imprime(etat, sorte="objectif"):
    """Montre un état vert, jaune ou rouge par sa couleur, sa forme et son mot (annexe 4, note 2)."""
    connu = _ETATS.get(etat)
    return {"etat": etat if connu else "", "connu": connu, "sens": connu[sorte] if connu else ""}


@register.filter
def parties(contenu):
    """Rend le mentor, le mentoré et le gestionnaire d’une entente, dans l’ordre de l’annexe 4."""
    return [contenu["mentor"], contenu["mentore"], contenu["gestionnaire"]]


@register.filter
def poste(personne):
    """Rend les lignes non vides qui situent une personne : titre d’emploi, service, direction, installation."""
    lignes = [
        personne.get("titre_emploi"),
        ", ".join(filter(None, [personne.get("service"), personne.get("installation")])),
        personne.get("direction"),
    ]
    return [ligne for ligne in lignes if ligne]


@register.filter
def sans_article(libelle):
    """Retire l’article d’un titre : « le mentor » devient « mentor »."""
    for article in ("le ", "la ", "les ", "l’", "l'"):
        if libelle.lower().startswith(article):
            return libelle[len(article) :]
    return libelle


@register.filter
def lignes_evaluees(objectifs):
    """Rend une ligne par activité ; l’objectif et son état ne s’écrivent que sur la première des siennes."""
    lignes = []
    for rang, objectif in enumerate(objectifs, start=1):
        activites = objectif["activites"] or [None]
        for no, activite in enumerate(activites):
            lignes.append(
                {
                    "rang": rang,
                    "objectif": objectif,
                    "activite": activite,
                    "premiere": no == 0,
                    "hauteur": len(activites),
                    "avant": _ETATS[objectif["avant"]]["mot"].lower() if objectif.get("avant") in _ETATS else "",
                }
            )
    return lignes
