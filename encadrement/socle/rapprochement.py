"""Reconnaître un mot malgré les fautes : « hemineglijence » trouve « héminégligence », sans dictionnaire ni extension.

Fait pour de petites listes, lues d’un coup. Les mots arrivent en minuscules et sans accents.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache

EXACT, APPROCHANT, RIEN = 2, 1, 0
LETTRES_MINIMUM = 4
SONS_MINIMUM = 3
RESSEMBLANCE = 0.8

# Ce qui s’entend pareil s’écrit pareil ; l’ordre compte.
_SONS = [
    (re.compile(motif), son)
    for motif, son in (
        ("œ", "oe"),
        ("ph", "f"),
        ("ch", "ç"),
        ("h", ""),
        ("y", "i"),
        ("qu|q", "k"),
        ("c(?=[ei])", "s"),
        ("c", "k"),
        ("g(?=[ei])", "j"),
        ("gu(?=[ei])", "g"),
        ("eau|au", "o"),
        ("ai|ei", "e"),
        ("x", "ks"),
        ("z", "s"),
        (r"(\w)\1+", r"\1"),
    )
]


@lru_cache(maxsize=16_384)
def sonner(mot):
    """Rend le mot comme il s’entend, à peu près : « dysphagie » et « disfagie » donnent le même."""
    for motif, son in _SONS:
        mot = motif.sub(son, mot)
    return mot


def rapprocher(mot, autres):
    """Dit si `mot` se lit dans un des `autres` (EXACT), y ressemble (APPROCHANT) ou n’y est pas (RIEN).

    Un mot à moitié tapé suffit ; trop court, il doit se lire tel quel.
    """
    if any(mot in autre for autre in autres):
        return EXACT
    if len(mot) < LETTRES_MINIMUM:
        return RIEN
    son = sonner(mot)
    return APPROCHANT if any(_ressemble(son, sonner(autre)) for autre in autres) else RIEN


def _ressemble(son, autre):
    # La première lettre est rarement fautive : l’exiger écarte presque tous les faux amis.
    if len(son) < SONS_MINIMUM or son[0] != autre[:1]:
        return False
    if autre.startswith(son):
        return True
    debut = autre[: len(son) + 1]
    return len(debut) >= LETTRES_MINIMUM and SequenceMatcher(None, son, debut, autojunk=False).ratio() > RESSEMBLANCE
