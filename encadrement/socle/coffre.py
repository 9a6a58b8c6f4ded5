"""Une clé par dossier, gardée hors de la base : détruire la clé rend le dossier illisible jusque dans les sauvegardes.

La clé d’un dossier est un fichier, lui-même chiffré par les clés de l’établissement (`CLES_CHAMPS`, la plus récente
d’abord). Une clé absente ou fausse lève une erreur : jamais le chiffré à la place du clair, jamais un dossier sans clé.

Le registre des destructions dit quelles clés n’existent plus : aucune restauration ne les remet.
"""

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils import timezone


class CoffreFerme(Exception):
    """La clé de ce dossier n’existe plus, ou aucune clé de l’établissement ne l’ouvre : rien ne se lit ni ne s’écrit."""


def creer_cle(nom):
    """Crée la clé du dossier `nom` (un UUID) ; sans effet si elle existe déjà."""
    _poser(_chemin(nom), _etablissement().encrypt(Fernet.generate_key()))


def remettre_cle(nom, jeton):
    """Remet au coffre une clé sauvegardée ; rend faux si elle y est déjà, ou si le registre la dit détruite."""
    return str(nom) not in detruites() and _poser(_chemin(nom), jeton)


def chiffrer(nom, contenu):
    """Rend `contenu` (des valeurs simples) chiffré par la clé du dossier ; lève CoffreFerme sans clé."""
    return _ouvrir(nom).encrypt(json.dumps(contenu, ensure_ascii=False).encode()).decode()


def dechiffrer(nom, chiffre):
    """Rend le contenu en clair ; lève CoffreFerme si la clé manque ou n’est pas la bonne."""
    try:
        return json.loads(_ouvrir(nom).decrypt(chiffre.encode()))
    except InvalidToken as erreur:
        raise CoffreFerme(str(nom)) from erreur


def detruire_cle(nom):
    """Détruit la clé : le contenu du dossier ne se lira plus jamais. Rend faux si elle l’était déjà."""
    chemin = _chemin(nom)
    if not chemin.exists():
        return False
    # Le registre d’abord : une coupure entre les deux laisse une clé de trop, jamais une destruction oubliée.
    noter_detruites([nom])
    try:
        chemin.unlink()
    except FileNotFoundError:
        return False
    _fixer(chemin.parent)
    return True


def a_une_cle(nom):
    return _chemin(nom).exists()


def cles():
    """Rend (nom, jeton) de chaque clé du coffre, dans l’ordre des noms."""
    return [(chemin.stem, chemin.read_bytes()) for chemin in sorted(dossier().glob("*/*.cle"))]


def fermees():
    """Rend le nom des clés qu’aucune clé de l’établissement n’ouvre."""
    return [nom for nom, jeton in cles() if not _s_ouvre(jeton)]


def detruites():
    """Rend le nom de chaque clé détruite, d’après le registre."""
    try:
        lignes = registre().read_text().splitlines()
    except FileNotFoundError:
        return set()
    return {ligne.split()[-1] for ligne in lignes if ligne.strip()}


def noter_detruites(noms):
    """Ajoute au registre les noms qui n’y sont pas ; il dit quand et quelle clé, jamais pourquoi."""
    nouveaux = sorted({str(nom) for nom in noms} - detruites())
    if not nouveaux:
        return
    dossier().mkdir(mode=0o700, parents=True, exist_ok=True)
    quand = timezone.now().isoformat(timespec="seconds")
    descripteur = os.open(registre(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descripteur, "".join(f"{quand} {nom}\n" for nom in nouveaux).encode())
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
    _fixer(dossier())


def registre():
    """Rend le chemin du registre des destructions : une ligne par clé détruite."""
    return dossier() / "destructions.txt"


def tourner():
    """Rechiffre chaque clé de dossier par la clé de l’établissement la plus récente ; rend (tournées, restées fermées).

    Une fois rien n’étant resté fermé, l’ancienne clé de l’établissement peut être retirée des réglages. Rejouer ne change
    rien ; une clé qu’aucune clé de l’établissement n’ouvre reste telle quelle, et son nom est rendu.
    """
    _etablissement()
    tournees, fermees = 0, []
    for chemin in sorted(dossier().glob("*/*.cle")):
        try:
            neuve = rechiffrer(chemin.read_bytes())
        except InvalidToken:
            fermees.append(chemin.stem)
            continue
        if neuve is None:
            continue
        with _brouillon(chemin, neuve) as brouillon:
            # Remplacer est atomique : une coupure laisse l’ancienne clé entière ou la neuve entière.
            os.replace(brouillon, chemin)
        _fixer(chemin.parent)
        tournees += 1
    return tournees, fermees


def rechiffrer(jeton):
    """Rend le jeton rechiffré par la clé la plus récente, ou None s’il l’est déjà ; lève InvalidToken si rien ne l’ouvre."""
    try:
        Fernet(settings.CLES_CHAMPS[0]).decrypt(jeton)
    except InvalidToken:
        return _etablissement().rotate(jeton)
    return None


def _ouvrir(nom):
    try:
        return Fernet(_etablissement().decrypt(_chemin(nom).read_bytes()))
    except (FileNotFoundError, InvalidToken) as erreur:
        raise CoffreFerme(str(nom)) from erreur


def _s_ouvre(jeton):
    try:
        _etablissement().decrypt(jeton)
    except InvalidToken:
        return False
    return True


def _etablissement():
    if not settings.CLES_CHAMPS:
        raise CoffreFerme("aucune clé de l’établissement")
    return MultiFernet([Fernet(cle) for cle in settings.CLES_CHAMPS])


def _chemin(nom):
    propre = str(nom)
    return dossier() / propre[:2] / f"{propre}.cle"


def dossier():
    """Rend le dossier des clés."""
    return Path(settings.COFFRE) if settings.COFFRE else Path(settings.VAR) / "cles" / "dossiers"


def _poser(chemin, jeton):
    """Écrit une clé qui n’y est pas encore ; rend faux si une autre a gagné."""
    dossier().mkdir(mode=0o700, parents=True, exist_ok=True)
    chemin.parent.mkdir(mode=0o700, exist_ok=True)
    with _brouillon(chemin, jeton) as brouillon:
        try:
            # Le lien exclusif fait qu’une seule clé gagne, entière : une coupure n’en laisse jamais une demie.
            os.link(brouillon, chemin)
        except FileExistsError:
            return False
    _fixer(chemin.parent)
    return True


@contextmanager
def _brouillon(chemin, contenu):
    """Écrit `contenu`, lisible du seul compte, dans un fichier voisin ; il disparaît s’il n’a pas servi."""
    descripteur, brouillon = tempfile.mkstemp(dir=chemin.parent)
    try:
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(contenu)
            fichier.flush()
            os.fsync(fichier.fileno())
        yield brouillon
    finally:
        Path(brouillon).unlink(missing_ok=True)


def _fixer(repertoire):
    """Attend que le nom du fichier soit sur le disque, et non son contenu seul."""
    descripteur = os.open(repertoire, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
