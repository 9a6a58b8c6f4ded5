"""Un tableau à exporter : ses colonnes, et des valeurs qu’aucun tableur n’exécute (B-06)."""

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone

from encadrement.socle.champs import nettoyer

# Ce par quoi un tableur reconnaît une formule, en pleine chasse aussi ; une tabulation ou un retour peut la précéder.
_DEBUTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
LONGUEUR_MAXIMALE = 32_000


class Nature(StrEnum):
    VALEUR = "valeur"
    DUREE = "durée"


@dataclass(frozen=True)
class Colonne:
    """Un titre ; `nature=Nature.DUREE` dit que les entiers y sont des minutes. La largeur se calcule sinon."""

    titre: str
    nature: Nature = Nature.VALEUR
    largeur: int | None = None


def en_colonnes(colonnes):
    """Rend des Colonne ; un texte seul vaut un titre."""
    return [colonne if isinstance(colonne, Colonne) else Colonne(str(colonne)) for colonne in colonnes]


def en_valeur(valeur, colonne):
    """Rend la valeur d’une cellule : nombre, date, durée ou texte propre ; jamais un objet de la base."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int) and colonne.nature is Nature.DUREE:
        return datetime.timedelta(minutes=valeur)
    if isinstance(valeur, datetime.datetime):
        locale = timezone.localtime(valeur).replace(tzinfo=None) if timezone.is_aware(valeur) else valeur
        return locale.replace(microsecond=0)
    # Un membre d’énumération est un entier ou un texte : on garde ce qu’il vaut.
    for sorte in (int, float, Decimal):
        if isinstance(valeur, sorte):
            return sorte(valeur) if math.isfinite(valeur) else ""
    if isinstance(valeur, datetime.date | datetime.timedelta):
        return valeur
    return _en_texte(valeur)


def _en_texte(valeur):
    propre = nettoyer(str(valeur)).replace("\ufffe", "").replace("\uffff", "")
    return propre if len(propre) <= LONGUEUR_MAXIMALE else f"{propre[: LONGUEUR_MAXIMALE - 1]}…"


def est_une_formule(texte):
    """Dit si un tableur pourrait prendre ce texte pour une formule."""
    return texte.lstrip(" \xa0\u202f").startswith(_DEBUTS)
