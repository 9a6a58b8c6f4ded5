"""Ce qui suit une connexion : les pièces du dessus s’inscrivent ici, et personne d’autre n’a à les connaître."""

from dataclasses import dataclass, field

from encadrement.personnes.models import Personne


@dataclass(frozen=True)
class Connexion:
    """Une session qui s’ouvre : qui, par quel moyen (« etablissement » ou « secours »), avec quels groupes."""

    personne: Personne
    moyen: str
    groupes: list = field(default_factory=list)


_suites = {}


def inscrire(nom, suite):
    """Inscrit une fonction de la Connexion ; la réinscrire la remplace."""
    _suites[nom] = suite


def annoncer(connexion):
    for suite in _suites.values():
        suite(connexion)
