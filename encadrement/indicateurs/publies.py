"""Ce qu’un bilan annuel a publié : d’une année parue, chacun lit le même chiffre, celui du bilan (R-083, N-02).

La pièce des bilans est à l’étage au-dessus : elle inscrit ici de quoi les lire.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from encadrement.indicateurs.releve import relever
from encadrement.indicateurs.valeurs import Part, Valeur


@dataclass(frozen=True)
class Publies:
    """Les valeurs publiées d’une année, par code d’indicateur, et le jour où elles l’ont été."""

    le: datetime.date | None = None
    valeurs: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.valeurs)


RIEN = Publies()
_lecteurs: list[Callable[[int], Publies]] = []


def inscrire(lecteur):
    """Inscrit `lecteur(1er avril)`, qui rend les Publies de cette année financière ; le réinscrire le remplace."""
    _lecteurs[:] = [lecteur]


def chiffres_publies(portee):
    """Rend les Publies de cette portée, en une requête ; rien si elle n’est pas une année et un établissement entiers."""
    if not (_lecteurs and portee.est_entiere):
        return RIEN
    return _lecteurs[0](portee.periode.annee.debut_annee)


def comparer(indicateurs, portee, publies):
    """Rend {(code, portée): Valeur} de cette portée et de la précédente ; ce que `publies` donne de l’année d’avant s’y prend."""
    avant = portee.precedente
    connues = {(i.code, avant): publies.valeurs[i.code] for i in indicateurs if i.code in publies.valeurs}
    return relever(indicateurs, [portee, avant], connues=connues)


def en_donnees(valeur):
    """Rend ce qui se garde d’une valeur publiée ; combien de personnes la composent n’y est pas."""
    return {champ: donnee for champ, donnee in asdict(valeur).items() if champ != "effectif"}


def depuis_les_donnees(donnees):
    """Rend la Valeur que `en_donnees` avait gardée."""
    return Valeur(**donnees | {"parts": tuple(Part(**part) for part in donnees["parts"])})
