"""Qui d’autre que la DSM lit les résultats d’un questionnaire : la mesure qui le pose le dit ici."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Lecteurs:
    """`groupes(personne)` rend les groupes dont elle lit les résultats ; `personnes(groupe)`, ceux qui les lisent."""

    groupes: Callable[[Any], Iterable[str]]
    personnes: Callable[[str], QuerySet]


_inscrits = {}


def inscrire(code, *, groupes, personnes):
    """Ouvre les résultats du questionnaire `code` aux personnes de chaque groupe ; réinscrire remplace."""
    _inscrits[code] = Lecteurs(groupes, personnes)


def lecteurs_de(code):
    """Rend les lecteurs inscrits pour ce questionnaire, ou None."""
    return _inscrits.get(code)


def tous():
    """Rend {code de questionnaire: lecteurs}."""
    return dict(_inscrits)
