"""Écrire à deux sans s’écraser : chaque champ porte le témoin de ce que la personne avait sous les yeux."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Conflit:
    """Deux personnes ont changé le même champ : on garde ce qui est en base et l’on montre les deux textes."""

    champ: str
    libelle: str
    actuel: str
    saisi: str


def temoin(valeur):
    """Rend une courte empreinte de la valeur affichée, posée dans un champ caché du formulaire."""
    return hashlib.sha256(_texte(valeur).encode()).hexdigest()[:12]


def fusionner(actuel, temoins, saisi, libelles=None):
    """Rend (valeurs à écrire, conflits) : un champ que la personne n’a pas touché garde la valeur de l’autre.

    Un témoin peut en compter plusieurs, séparés par des espaces : ce que la personne a lu, puis ce qu’elle a déjà
    envoyé sans réponse. Un champ sans témoin s’écrit tel quel. Un champ disparu de `actuel` (ligne retirée par l’autre)
    est un conflit si la personne y avait écrit.
    """
    a_ecrire, conflits = {}, []
    for champ, valeur in saisi.items():
        vus = temoins[champ].split() if champ in temoins else None
        if champ in actuel and _texte(valeur) == _texte(actuel[champ]):
            continue
        if vus == [temoin(valeur)]:
            continue
        if champ in actuel and (vus is None or temoin(actuel[champ]) in vus):
            a_ecrire[champ] = valeur
        elif champ in actuel or _texte(valeur):
            nom = (libelles or {}).get(champ, champ)
            conflits.append(Conflit(champ, nom, _texte(actuel.get(champ)), _texte(valeur)))
    return a_ecrire, conflits


def _texte(valeur):
    return "" if valeur is None else str(valeur)
