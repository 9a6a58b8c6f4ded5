"""Les passages du cadre, mot pour mot, rattachés à des suites d’énoncés et découpés pour l’affichage."""

import tomllib
from dataclasses import dataclass, field
from functools import cache

from .textes import DOCUMENTS, DOSSIER, rang


@dataclass(slots=True)
class Point:
    """Un point d’une liste, avec ses sous-points."""

    texte: str
    sous_points: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bloc:
    """Un paragraphe (`texte`) ou une liste (`points`), jamais les deux."""

    texte: str = ""
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Passage:
    """Un extrait de la source : les énoncés qu’il fonde (`de`, `a`), où il se lit, et son texte."""

    de: str
    a: str
    document: str
    source: str
    texte: str

    @property
    def titre(self):
        return f"{DOCUMENTS[self.document]}, {self.source}"

    @property
    def blocs(self):
        """Les paragraphes et les listes du texte, dans l’ordre : « • » ouvre un point, « ◦ » un sous-point."""
        blocs = []
        for ligne in self.texte.splitlines():
            marque, _, texte = ligne.strip().partition(" ")
            if marque == "◦" and blocs and blocs[-1].points:
                blocs[-1].points[-1].sous_points.append(texte)
            elif marque in ("•", "◦"):
                if not blocs or not blocs[-1].points:
                    blocs.append(Bloc())
                blocs[-1].points.append(Point(texte))
            else:
                blocs.append(Bloc(texte=ligne))
        return blocs


@cache
def tous_les_passages():
    """Rend tous les passages du fichier passages.toml, dans l’ordre de la source."""
    with (DOSSIER / "passages.toml").open("rb") as fichier:
        return tuple(Passage(**donnees) for donnees in tomllib.load(fichier)["passages"])


def passages(numero):
    """Rend les passages qui fondent cet énoncé ; aucun s’il résume une figure ou un ensemble."""
    return tuple(p for p in tous_les_passages() if rang(p.de) <= rang(numero) <= rang(p.a))
