"""Le registre des mesures : chacune dit à l’accueil ce qu’elle a pour une personne ; l’accueil n’en connaît aucune."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tache:
    """Un geste attendu de la personne : quoi, sur quel dossier, pour quand, où."""

    geste: str
    dossier: str
    url: str
    echeance: datetime.date | None = None
    depuis: datetime.datetime | None = None
    retard: bool = False
    ton: str = "second"


@dataclass(frozen=True)
class Dossier:
    """Un dossier de la personne : ce qu’il est, où il en est, à quel titre elle y est."""

    nom: str
    url: str
    etat: str = ""
    etat_code: str = ""
    titre: str = ""
    bouge_le: datetime.datetime | None = None


@dataclass(frozen=True)
class Lien:
    """Un acte relié à un énoncé de rôle du cadre : « Qui doit faire quoi »."""

    numero: str
    libelle: str
    url: str


def _rien(*_):
    return ()


@dataclass(frozen=True)
class Mesure:
    """Ce qu’une mesure apporte aux pages communes ; inscrite par son `AppConfig.ready()`.

    Chaque fonction reçoit la personne (`chercher` : la personne et le texte) et ne rend que ce qu’elle a le droit de
    voir. `acteurs` rend les codes des acteurs du cadre que la personne est par ses dossiers (« mentor ») ;
    `donnees`, des paires (rubrique, liste de dictionnaires) pour l’exportation « Mes données ».
    """

    code: str
    nom: str
    nom_url: str
    resume: str = ""
    rang: int = 0
    taches: Callable[..., Iterable[Tache]] = field(default=_rien)
    dossiers: Callable[..., Iterable[Dossier]] = field(default=_rien)
    chercher: Callable[..., Iterable[Dossier]] = field(default=_rien)
    acteurs: Callable[..., Iterable[str]] = field(default=_rien)
    liens_de_role: Callable[..., Iterable[Lien]] = field(default=_rien)
    donnees: Callable[..., Iterable[tuple]] = field(default=_rien)


_inscrites = {}


def inscrire(mesure):
    """Inscrit une mesure ; la réinscrire la remplace."""
    _inscrites[mesure.code] = mesure


def mesures():
    """Rend les mesures inscrites, dans leur ordre d’affichage."""
    return sorted(_inscrites.values(), key=lambda mesure: mesure.rang)
