"""La barre de navigation, au-delà des mesures : ce que chaque pièce y ajoute, pour qui y a droit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class LienDuMenu:
    """Une page de la barre ; `pour(personne)` dit qui la voit, sans requête de plus : toutes les pages le demandent."""

    code: str
    nom: str
    nom_url: str
    pour: Callable[[Any], bool]


_inscrits = {}


def inscrire(lien):
    """Inscrit un lien ; le réinscrire le remplace."""
    _inscrits[lien.code] = lien


def liens_de(personne):
    """Rend les liens que voit la personne, avec leur adresse."""
    return [
        {"code": lien.code, "nom": lien.nom, "url": reverse(lien.nom_url)}
        for lien in _inscrits.values()
        if lien.pour(personne)
    ]
