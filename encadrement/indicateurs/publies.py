"""Ce qu’un bilan annuel a publié : c’est à ce chiffre qu’on se compare, le même pour chacun (R-083, N-02).

L’année qu’on regarde pour elle-même se lit, elle, au jour présent (décision 0022).

La pièce des bilans est à l’étage au-dessus : elle inscrit ici de quoi les lire.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields

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
_lecteurs: list[Callable[[set[int]], dict[int, Publies]]] = []


def inscrire(lecteur):
    """Inscrit `lecteur(années)`, qui rend {année: Publies} des années financières parues ; le réinscrire le remplace."""
    _lecteurs[:] = [lecteur]


def chiffres_publies(portee):
    """Rend les Publies de cette portée, en une requête ; rien si elle n’est pas une année et un établissement entiers."""
    return _publies_des([portee]).get(portee, RIEN)


def _publies_des(portees):
    entieres = {portee: portee.periode.annee.debut_annee for portee in portees if portee.est_entiere}
    parues = _lecteurs[0](set(entieres.values())) if _lecteurs and entieres else {}
    return {portee: parues[annee] for portee, annee in entieres.items() if annee in parues}


def comparer(indicateurs, portee, publies):
    """Rend {(code, portée): Valeur} de cette portée et de la précédente ; ce que `publies` donne de l’année d’avant s’y prend."""
    avant = portee.precedente
    return relever(indicateurs, [portee, avant], connues=_connues(indicateurs, {avant: publies}))


def relever_les_parues(indicateurs, portees):
    """Rend {(code, portée): Valeur} ; d’une année parue, ce que son bilan en dit."""
    return relever(indicateurs, portees, connues=_connues(indicateurs, _publies_des(portees)))


def _connues(indicateurs, publies):
    return {
        (indicateur.code, portee): siens.valeurs[indicateur.code]
        for portee, siens in publies.items()
        for indicateur in indicateurs
        if indicateur.code in siens.valeurs
    }


def en_donnees(valeur):
    """Rend ce qui se garde d’une valeur publiée ; combien de personnes la composent n’y est pas."""
    return {champ: donnee for champ, donnee in asdict(valeur).items() if champ != "effectif"}


def depuis_les_donnees(donnees):
    """Rend la Valeur que `en_donnees` avait gardée ; ce qu’une Valeur ne dit plus se laisse."""
    connus = {champ.name for champ in fields(Valeur)}
    gardees = {champ: donnee for champ, donnee in donnees.items() if champ in connus}
    return Valeur(**gardees | {"parts": tuple(Part(part["libelle"], part["nombre"]) for part in donnees["parts"])})
