"""Les noms que les RH écrivent en capitales, rendus comme les gens les écrivent."""

import re

from encadrement.personnes.models import sans_accents

_PARTICULES = frozenset({"dit", "dite", "et"})
_MORCEAU = re.compile(r"[^\W_]+")
_MC = re.compile(r"\b(Mc)([a-zà-ÿ])(?=[a-zà-ÿ])")


def est_en_capitales(texte):
    """Dit si le texte compte au moins deux lettres, toutes majuscules."""
    return texte.isupper() and sum(lettre.isalpha() for lettre in texte) > 1


def en_casse(texte):
    """Rend « GAUTHIER DIT LANDREVILLE » comme « Gauthier dit Landreville » ; un texte déjà en casse reste tel quel."""
    if not est_en_capitales(texte):
        return texte
    mots = []
    for rang, mot in enumerate(texte.split()):
        bas = mot.lower()
        mots.append(bas if rang and bas in _PARTICULES else _MORCEAU.sub(lambda m: m[0].capitalize(), bas))
    return _MC.sub(lambda m: m[1] + m[2].upper(), " ".join(mots))


def nom_retenu(lu, connu):
    """Rend le nom à garder : un nom lu en capitales ne remplace pas le même nom, mieux écrit, déjà connu."""
    if connu and est_en_capitales(lu) and sans_accents(lu) == sans_accents(connu):
        return connu
    return en_casse(lu)
