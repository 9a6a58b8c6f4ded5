"""Lire un paramètre : une requête par demande ou par balayage, quel que soit le nombre de paramètres lus.

Rien n’est gardé d’une demande à l’autre : ce qui vient d’être réglé vaut pour la suivante, dans tous les processus.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from encadrement.parametres.models import VersionParametre
from encadrement.parametres.registre import parametre

_lues: ContextVar[dict | None] = ContextVar("parametres_lus", default=None)


@contextmanager
def lecture():
    """Le temps d’une demande ou d’un balayage : les valeurs n’y sont lues qu’une fois, et seulement si l’on s’en sert."""
    if _lues.get() is not None:
        yield
        return
    jeton = _lues.set({})
    try:
        yield
    finally:
        _lues.reset(jeton)


def oublier():
    """Fait relire les valeurs à la prochaine lecture : on vient d’en écrire une."""
    lues = _lues.get()
    if lues is not None:
        lues.clear()


def valeur(code):
    """Rend la valeur en vigueur du paramètre ; lève KeyError s’il n’est pas déclaré."""
    declare = parametre(code)
    posee = _posees().get(code)
    return declare.origine if posee is None else declare.nature.relire(posee)


def _posees():
    lues = _lues.get()
    if lues is None:
        return _lire()
    if "posees" not in lues:
        lues["posees"] = _lire()
    return lues["posees"]


def _lire():
    return dict(VersionParametre.objects.en_vigueur().order_by().values_list("code", "valeur"))
