"""Le code et les gabarits, lus comme du texte : ce que les essais de cohérence inspectent."""

import ast
from functools import cache

from django.conf import settings

RACINE = settings.RACINE
SOCLE = RACINE / "encadrement"
MESURES = ("mentorat", "cdp", "consultation", "concertation")
GABARITS = RACINE / "templates"


@cache
def modules():
    """Rend {chemin relatif: arbre syntaxique} de tout le code de l’application, migrations exclues."""
    return {
        str(chemin.relative_to(RACINE)): ast.parse(chemin.read_text())
        for dossier in ("encadrement", *MESURES)
        for chemin in sorted((RACINE / dossier).rglob("*.py"))
        if "migrations" not in chemin.parts
    }


@cache
def textes():
    """Rend toutes les chaînes littérales du code : de quoi savoir si un gabarit ou un nom y est cité."""
    return frozenset(
        noeud.value
        for arbre in modules().values()
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str)
    )


@cache
def gabarits():
    """Rend {nom du gabarit: texte}."""
    return {
        str(chemin.relative_to(GABARITS)): chemin.read_text()
        for chemin in sorted(GABARITS.rglob("*"))
        if chemin.is_file()
    }


def noeuds(*sortes, dans=""):
    """Parcourt (chemin:ligne, nœud) des nœuds de ces sortes, dans les modules dont le chemin commence par `dans`."""
    for chemin, arbre in modules().items():
        if chemin.startswith(dans):
            for noeud in ast.walk(arbre):
                if isinstance(noeud, sortes):
                    yield f"{chemin}:{getattr(noeud, 'lineno', 0)}", noeud


def imports():
    """Parcourt (chemin:ligne, module importé) de tout le code."""
    for lieu, noeud in noeuds(ast.Import, ast.ImportFrom):
        if isinstance(noeud, ast.Import):
            yield from ((lieu, nom.name) for nom in noeud.names)
        else:
            yield lieu, noeud.module or ""


def appels(nom):
    """Parcourt (chemin:ligne, appel) des appels à la fonction ou à la méthode `nom`."""
    for lieu, noeud in noeuds(ast.Call):
        if getattr(noeud.func, "attr", getattr(noeud.func, "id", "")) == nom:
            yield lieu, noeud
