"""Aucun groupe de moins de cinq personnes, et aucune soustraction qui en rende un (N-06).

Les cellules d’une année (direction, service, RLS) sont réunies en lots de cinq personnes au moins, les mêmes quel que
soit le filtre. Un chiffre n’additionne que des lots entiers : la différence de deux chiffres est donc elle-même faite
de lots, jamais d’un plus petit groupe.
"""

from collections import defaultdict

PLANCHER = 5


def lots_du_territoire(cellules, *, additives=True):
    """Rend les lots d’une année, des ensembles de cellules ; `cellules` dit combien de personnes compte chacune.

    On réunit dans le service, puis dans la direction, puis dans l’établissement : une direction de cinq personnes ou plus
    garde son total, sauf s’il faut s’y adosser pour en cacher une plus petite. `additives=False` : une même personne peut
    être dans deux cellules ; réunies, elles ne comptent que pour la plus grande.
    """
    compter = sum if additives else max
    groupes = [(frozenset([cle]), nombre) for cle, nombre in sorted(cellules.items(), key=lambda c: _ordre(c[0]))]
    for profondeur in (2, 1, 0):
        voisins = defaultdict(list)
        for groupe in groupes:
            voisins[min(groupe[0], key=_ordre)[:profondeur]].append(groupe)
        groupes = [fondu for ensemble in voisins.values() for fondu in _fondre(ensemble, compter)]
    return [cles for cles, nombre in groupes if _se_montre(nombre)]


def lots_des_mois(mois):
    """Rend les lots d’une année, des suites de mois ; `mois` dit combien de personnes compte chacun.

    Une personne peut revenir d’un mois à l’autre : des mois réunis ne comptent que pour le plus grand.
    """
    lots, suite = [], []
    for rang in sorted(mois):
        suite.append(rang)
        if max(mois[r] for r in suite) >= PLANCHER:
            lots.append(frozenset(suite))
            suite = []
    if suite and lots:
        # Ce qui reste en fin d’année s’adosse au dernier lot.
        lots[-1] |= frozenset(suite)
    return lots


def _ordre(cle):
    return tuple(str(part) for part in cle)


def _se_montre(nombre):
    """Une cellule où personne n’est compté n’a rien à cacher."""
    return nombre == 0 or nombre >= PLANCHER


def _fondre(voisins, compter):
    """Réunit les petits groupes entre eux ; ceux qui restent s’adossent au moindre des autres, ou montent d’un étage."""
    faits = [groupe for groupe in voisins if _se_montre(groupe[1])]
    petits, attente = [groupe for groupe in voisins if not _se_montre(groupe[1])], []
    for groupe in petits:
        attente.append(groupe)
        if compter(nombre for _, nombre in attente) >= PLANCHER:
            faits.append(_un_seul(attente, compter))
            attente = []
    appuis = [groupe for groupe in faits if groupe[1]]
    if attente and appuis:
        appui = min(appuis, key=lambda groupe: (groupe[1], sorted(map(_ordre, groupe[0]))))
        faits.remove(appui)
        attente.append(appui)
    return [*faits, _un_seul(attente, compter)] if attente else faits


def _un_seul(groupes, compter):
    return frozenset().union(*(cles for cles, _ in groupes)), compter(nombre for _, nombre in groupes)
