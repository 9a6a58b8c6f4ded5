"""Un chiffre contre celui de l’année d’avant : l’écart s’écrit en mots, jamais seulement en couleur ou en flèche."""

from dataclasses import dataclass
from enum import StrEnum

from encadrement.indicateurs.registre import Unite
from encadrement.indicateurs.valeurs import SUR_MINIMAL, Valeur, ecrire, en_nombre

# En deçà, l’écart de deux notes ou de deux parts ne s’écrit pas autrement que zéro.
_ARRONDIS = {Unite.PART: 0.005, Unite.NOTE: 0.05}


class Sens(StrEnum):
    PLUS = "plus"
    MOINS = "moins"
    PAREIL = "pareil"
    SANS = "sans"


@dataclass(frozen=True)
class Ecart:
    """Ce qui sépare deux années : un sens, et la phrase qui le dit."""

    sens: Sens
    texte: str


def ecart(valeur, avant, unite):
    """Rend l’Ecart entre une valeur et celle de l’année d’avant ; ce qui est masqué ou incomplet ne se compare pas."""
    if valeur.partiel or avant.partiel or not (valeur.est_montrable and avant.est_montrable):
        return Ecart(Sens.SANS, "ne se compare pas")
    if unite == Unite.PART and min(valeur.sur or 0, avant.sur or 0) < SUR_MINIMAL:
        return Ecart(Sens.SANS, "trop peu pour comparer des parts")
    nombre, reference = en_nombre(valeur, unite), en_nombre(avant, unite)
    if nombre is None or reference is None:
        return Ecart(Sens.SANS, "ne se compare pas")
    difference = nombre - reference
    if abs(difference) <= _ARRONDIS.get(unite, 0):
        return Ecart(Sens.PAREIL, "pareil")
    sens = Sens.PLUS if difference > 0 else Sens.MOINS
    return Ecart(sens, f"{_en_mots(abs(difference), unite)} de {sens}")


def _en_mots(difference, unite):
    if unite == Unite.PART:
        points = round(100 * difference)
        return f"{points}\xa0point{'s' if points >= 2 else ''}"
    if unite == Unite.NOTE:
        return f"{difference:.1f}".replace(".", ",")
    return ecrire(Valeur(nombre=difference), unite)
