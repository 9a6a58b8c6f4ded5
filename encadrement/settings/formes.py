"""Ce qu’un réglage peut valoir : chaque forme lit le texte donné, en rend la valeur, ou dit ce qu’elle attendait."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

NIVEAUX = ("DEBUG", "INFO", "WARNING", "ERROR")
_NOM_D_HOTE = re.compile(r"\.?(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*", re.IGNORECASE)
_COURRIEL = re.compile(r"[^@\s<>]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


class ValeurRefusee(ValueError):
    """La valeur n’a pas la forme voulue ; le message dit laquelle, sans répéter la valeur."""


@dataclass(frozen=True)
class Forme:
    """Une forme de valeur : ce qu’en dit la table des réglages, et la fonction qui lit le texte."""

    dite: str
    lire: Callable[[str], object]
    # Ce que vaut le réglage quand rien n’est donné et qu’il n’a pas de défaut.
    vide: object = ""


def _exiger(vrai, attendu):
    if not vrai:
        raise ValeurRefusee(attendu)


TEXTE = Forme("texte", str)


def entier(au_moins, au_plus):
    dite = f"nombre de {au_moins} à {au_plus}"

    def lire(texte):
        _exiger(texte.isascii() and texte.isdecimal() and au_moins <= int(texte) <= au_plus, dite)
        return int(texte)

    return Forme(dite, lire)


def choix(*permis):
    dite = " ou ".join((", ".join(permis[:-1]), permis[-1]))

    def lire(texte):
        _exiger(texte in permis, dite)
        return texte

    return Forme(dite, lire)


def _oui_non(texte):
    _exiger(texte in {"0", "1"}, "1 pour oui, 0 pour non")
    return texte == "1"


OUI_NON = Forme("1 ou 0", _oui_non)


def _elements(texte):
    return [element for brut in texte.replace("\n", ",").split(",") if (element := brut.strip())]


LISTE = Forme("liste, virgules", _elements, vide=())
MOTS = Forme("mots, espaces", str.split, vide=())


def _secret(texte):
    _exiger(len(texte) >= 50 and len(set(texte)) >= 5, "au moins 50 signes tirés au hasard")
    return texte


SECRET = Forme("50 signes et plus", _secret)


def _cles(texte):
    # La clé elle-même ne s’écrit nulle part, pas même fautive.
    for rang, cle in enumerate(cles := _elements(texte), start=1):
        try:
            Fernet(cle)
        except ValueError as erreur:
            raise ValeurRefusee(
                f"la clé no {rang} n’est pas une clé Fernet (32 octets en base64, 44 signes)"
            ) from erreur
    _exiger(cles, "au moins une clé Fernet")
    return cles


CLES = Forme("clés Fernet, virgules ou lignes", _cles)


def _hotes(texte):
    hotes = _elements(texte)
    _exiger(hotes, "au moins un nom d’hôte")
    for hote in hotes:
        _exiger(
            _NOM_D_HOTE.fullmatch(hote) or re.fullmatch(r"\[[0-9a-f:]+\]", hote),
            "des noms d’hôte seuls, sans https://, sans port et sans *",
        )
    return hotes


HOTES = Forme("noms d’hôte, virgules", _hotes)


def _adresse(texte, permis, attendu):
    lue = urlsplit(texte)
    _exiger(lue.scheme in permis and lue.hostname, attendu)
    return lue


def _adresse_publique(texte):
    attendu = "https:// et le nom d’hôte, sans rien après"
    lue = _adresse(texte, {"https"}, attendu)
    _exiger(not (lue.path.strip("/") or lue.query or lue.fragment or lue.username), attendu)
    return texte.rstrip("/")


ADRESSE_PUBLIQUE = Forme("https://hote", _adresse_publique)


def _adresse_https(texte):
    _adresse(texte, {"https"}, "une adresse https://")
    return texte.rstrip("/")


ADRESSE_HTTPS = Forme("adresse https://", _adresse_https)


def _adresse_web(texte):
    _adresse(texte, {"http", "https"}, "une adresse http:// ou https://")
    return texte


ADRESSE_WEB = Forme("adresse http(s)://", _adresse_web)


def _courtier(texte):
    if not texte.startswith("unix:///"):
        _adresse(texte, {"redis", "rediss"}, "redis://hote:6379/0, rediss:// ou unix:///chemin")
    return texte


COURTIER = Forme("redis://, rediss:// ou unix://", _courtier)


def _prise_clamd(texte):
    if not texte.startswith("unix:///"):
        _adresse(texte, {"tcp"}, "unix:///chemin ou tcp://hote:3310")
    return texte


PRISE_CLAMD = Forme("unix:// ou tcp://", _prise_clamd)


def _groupes(texte):
    groupes = {}
    for element in _elements(texte):
        # Le nom d’un groupe peut contenir un « = » (cn=…) ; celui d’un rôle, jamais.
        groupe, _, role = (mot.strip() for mot in element.rpartition("="))
        _exiger(groupe and role, "groupe=rôle, comme EC-APPR=appr,EC-PRP=prp")
        groupes[groupe] = role
    return groupes


GROUPES = Forme("groupe=rôle, virgules", _groupes, vide={})


def _courriel(texte):
    _exiger(_COURRIEL.fullmatch(texte), "une adresse de courriel")
    return texte


COURRIEL = Forme("courriel", _courriel)


def _chemin(texte):
    _exiger(Path(texte).is_absolute(), "un chemin complet, qui commence par /")
    return texte


CHEMIN = Forme("chemin complet", _chemin)


def _jours(texte):
    jours = _elements(texte)
    for jour in jours:
        # Une année bissextile : le 29 février de chaque année se donne aussi.
        try:
            datetime.date.fromisoformat(jour if len(jour) == 10 else f"2024-{jour}")
        except ValueError as erreur:
            raise ValeurRefusee("des jours : 2026-12-24 une année, 12-24 chaque année") from erreur
    return jours


JOURS = Forme("jours, virgules", _jours, vide=())
