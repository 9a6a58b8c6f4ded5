"""Le registre : chaque pièce et chaque mesure y déclare, dans son `AppConfig.ready()`, ce que la DSM peut régler."""

from dataclasses import dataclass, field
from typing import Any

# Le groupe de ce qui vaut pour toutes les mesures ; les autres portent le nom de la mesure.
MAISON = "Toutes les mesures"


@dataclass(frozen=True)
class Parametre:
    """Ce que la DSM peut régler : un code stable, un nom, une nature (ce qu’elle accepte) et la valeur d’origine.

    `defaut` est une valeur, ou une fonction qui la rend (un réglage de l’installation). `acte` est celui de la matrice des
    droits : qui le change.
    """

    code: str
    nom: str
    groupe: str
    nature: Any
    defaut: Any
    aide: str = ""
    exigences: tuple = ()
    acte: str = "regler"

    @property
    def origine(self):
        """La valeur tant que personne ne l’a réglée."""
        return self.defaut() if callable(self.defaut) else self.defaut


@dataclass(frozen=True)
class Fixe:
    """Ce que le cadre ou la loi fixe, et qu’aucun paramètre ne déplace : la page le dit, avec sa source."""

    nom: str
    groupe: str
    valeur: str
    exigence: str = ""


@dataclass(frozen=True)
class Groupe:
    """Les paramètres et les valeurs fixes d’une mesure, dans l’ordre de leur déclaration."""

    nom: str
    parametres: list = field(default_factory=list)
    fixes: list = field(default_factory=list)


_parametres = {}
_fixes = {}


def declarer(*lignes):
    """Inscrit des Parametre et des Fixe ; redéclarer le même code, ou le même nom fixe, le remplace."""
    for ligne in lignes:
        if isinstance(ligne, Fixe):
            _fixes[ligne.groupe, ligne.nom] = ligne
        else:
            _parametres[ligne.code] = ligne


def est_declare(code):
    return code in _parametres


def parametre(code):
    """Rend le Parametre de ce code ; lève KeyError s’il n’est pas déclaré."""
    return _parametres[code]


def parametres():
    """Rend les paramètres déclarés."""
    return list(_parametres.values())


def groupes():
    """Rend les Groupe : ce qui vaut partout d’abord, puis chaque mesure."""
    rendus = {MAISON: Groupe(MAISON)}
    for ligne in _parametres.values():
        rendus.setdefault(ligne.groupe, Groupe(ligne.groupe)).parametres.append(ligne)
    for ligne in _fixes.values():
        rendus.setdefault(ligne.groupe, Groupe(ligne.groupe)).fixes.append(ligne)
    return list(rendus.values())
