"""Une ligne de la table des accès : une adresse, et ce que chaque personnage y reçoit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.distribution import Distribution

TOUS = frozenset(Distribution.noms()) - {"inactif"}


def _uuid_de(objet):
    return {"uuid": objet.uuid} if objet is not None else {}


@dataclass(frozen=True)
class Page:
    """Adresse `nom` : les `permis` reçoivent `code`, les `sauf` leur propre code, tous les autres `autres`.

    `scene(distribution)` joue ce qu’il faut et rend un objet ; `kwargs(objet)` en tire les arguments de l’adresse (son
    uuid par défaut). `donnees` (valeur, ou fonction de l’objet) accompagne un `post`. La personne déconnectée et le
    compte fermé sont envoyés à la connexion (302), sauf sur une page `publique`. La même adresse peut avoir plusieurs
    lignes : une par état du dossier, une par méthode.
    """

    nom: str
    permis: frozenset | set | tuple = TOUS
    code: int = 200
    autres: int = 404
    sauf: Mapping[str, int] = field(default_factory=dict)
    methode: str = "get"
    scene: Callable | None = None
    kwargs: Callable = _uuid_de
    donnees: object = None
    publique: bool = False
    cas: str = ""

    def __str__(self):
        return " ".join(filter(None, (self.nom, self.methode, self.cas)))

    def attendu(self):
        """Rend {personnage: code HTTP}, la personne déconnectée (« personne ») comprise."""
        codes = {nom: self.code if nom in self.permis else self.autres for nom in Distribution.noms()}
        codes |= {"personne": 302, "inactif": 302} if not self.publique else {"personne": self.code}
        return codes | dict(self.sauf)
