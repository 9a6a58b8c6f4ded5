"""Une scène jouée une fois par les vraies actions, puis rejouée écriture par écriture par les essais suivants.

Un état avancé demande des centaines de requêtes, que l’ORM compose chaque fois de la même façon. La troupe a toujours les
mêmes identifiants : la même scène, le même jour, écrit donc les mêmes lignes. On garde ses écritures, ses fichiers et ce
qu’elle a changé aux personnes en mémoire.

Une scène ne se rejoue que si l’essai n’a encore rien écrit d’autre que la troupe et des scènes, ni rien remplacé.
"""

import contextlib
import functools
import inspect
import pickle
from dataclasses import dataclass
from pathlib import Path

import time_machine
from django.conf import UserSettingsHolder, settings
from django.db import connection
from django.utils import timezone

from encadrement.socle.temps import jour_local
from tests.distribution import Distribution

# Ce qui ne change aucune ligne : lire, fût-ce une requête préparée, et poser ou lever un point de reprise.
_SANS_EFFET = ("SELECT", "EXECUTE", "SAVEPOINT", "RELEASE")
# Chaque essai les remplace, toujours de la même façon (tests/conftest.py).
_REMPLACES_PARTOUT = {"VAR", "STORAGES"}
_MAINTENANT = timezone.now
_GARDEES = {}


@dataclass(frozen=True)
class _Jouee:
    """Ce qu’une scène a écrit : de quoi remettre les suites d’identifiants où elles étaient, puis refaire chaque écriture."""

    script: str
    fichiers: dict
    rendu: bytes


class _Depart:
    """Ce que l’essai en cours a joué depuis la troupe ; `suite` vaut None s’il a commencé autrement."""

    suite = None
    ecrites = ()
    monkeypatch = None
    # Une scène se joue : celles qu’elle appelle en font partie.
    en_scene = False

    @classmethod
    def noter(cls, suite):
        cls.suite, cls.ecrites = suite, _ecrites()


def partir(d, monkeypatch):
    """À dire dès que la troupe est montée : les scènes qui suivent peuvent se rejouer. `monkeypatch` est celui de l’essai."""
    _Depart.suite = None
    # Hors d’une transaction, rien ne dit ce que l’essai a écrit.
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        _Depart.monkeypatch = monkeypatch
        _Depart.noter(())
    return d


@contextlib.contextmanager
def retour():
    """Entoure ce qui sera annulé avant d’en sortir : la base redevient ce qu’elle était, et les scènes se rejouent."""
    suite = _Depart.suite if _intact() else None
    yield
    if suite is not None:
        _Depart.noter(suite)


def rejouees(module):
    """Rend les noms publics d’un module de scènes ; celles qui partent de la troupe (`d`) s’y rejouent d’elles-mêmes."""
    publics = {nom: valeur for nom, valeur in vars(module).items() if not nom.startswith("_")}
    return publics | {nom: rejouee(valeur) for nom, valeur in publics.items() if _part_de_la_troupe(valeur)}


def _part_de_la_troupe(valeur):
    return inspect.isfunction(valeur) and next(iter(inspect.signature(valeur).parameters), "") == "d"


def rejouee(scene):
    """Décore une scène `scene(d, …)` : jouée la première fois dans ces conditions-là, rejouée ensuite dans ce processus.

    Les conditions : le jour (ou l’instant, si l’essai a arrêté l’horloge), les réglages, et les scènes jouées avant.
    """

    @functools.wraps(scene)
    def jouer_ou_rejouer(d, *arguments, **options):
        suite = _suite(scene, d, arguments, options)
        if suite is None:
            return scene(d, *arguments, **options)
        if suite not in _GARDEES:
            rendu, _GARDEES[suite] = _jouer(scene, d, arguments, options)
            _Depart.noter(suite if _GARDEES[suite] else None)
            return rendu
        gardee = _GARDEES[suite]
        if gardee is None:
            _Depart.suite = None
            return scene(d, *arguments, **options)
        rendu = _rejouer(gardee, d)
        _Depart.noter(suite)
        return rendu

    return jouer_ou_rejouer


def _suite(scene, d, arguments, options):
    """Rend ce qui fait de cette scène, à ce moment de l’essai, toujours la même ; None si elle doit se jouer."""
    if not isinstance(d, Distribution) or "<" in scene.__qualname__ or not _intact():
        return None
    moment = _moment()
    qui = tuple(personne.pk for _, personne in d)
    suite = (*_Depart.suite, (scene.__module__, scene.__qualname__, qui, arguments, tuple(options.items()), moment))
    try:
        hash(suite)
    except TypeError:
        return None
    return suite if moment else None


def _intact():
    """Dit si l’essai n’a rien écrit ni remplacé depuis la troupe, sinon en rejouant des scènes."""
    if _Depart.suite is None or _Depart.en_scene or not connection.in_atomic_block:
        return False
    return not _remplace() and _ecrites() == _Depart.ecrites


def _remplace():
    """Dit si l’essai a remplacé une fonction ou une valeur, fût-ce avant la troupe."""
    return bool(_Depart.monkeypatch._setattr or _Depart.monkeypatch._setitem)


def _moment():
    """Rend l’heure qu’il est pour une scène, et les réglages remplacés ; None si l’horloge, déplacée, tourne encore."""
    heure = jour_local()
    if time_machine.escape_hatch.is_travelling() or timezone.now is not _MAINTENANT:
        heure = timezone.now()
        if heure != timezone.now():
            return None
    return heure, _reglages_remplaces()


def _reglages_remplaces():
    remplaces, niveau = {}, settings._wrapped
    while isinstance(niveau, UserSettingsHolder):
        remplaces = {nom: repr(valeur) for nom, valeur in vars(niveau).items() if nom.isupper()} | remplaces
        niveau = niveau.default_settings
    return tuple(sorted((nom, valeur) for nom, valeur in remplaces.items() if nom not in _REMPLACES_PARTOUT))


def _ecrites():
    """Rend combien de lignes la transaction en cours a écrites, table par table ; celles qu’elle a annulées comptent."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relid, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relid"
        )
        return tuple(curseur.fetchall())


def _jouer(scene, d, arguments, options):
    """Joue la scène ; rend ce qu’elle rend, et de quoi la rejouer : None si elle a annulé quelque chose en route."""
    ecritures, annulee = [], []

    def noter(executer, sql, valeurs, plusieurs, contexte):
        try:
            return executer(sql, valeurs, plusieurs, contexte)
        except Exception:
            annulee.append(sql)
            raise
        finally:
            if plusieurs or sql.startswith("ROLLBACK"):
                annulee.append(sql)
            elif not sql.startswith(_SANS_EFFET):
                ecritures.append(contexte["cursor"].mogrify(sql, valeurs).decode())

    deja, avant = _fichiers(), _suites()
    _Depart.en_scene = True
    try:
        with connection.execute_wrapper(noter):
            rendu = scene(d, *arguments, **options)
    finally:
        _Depart.en_scene = False
    if annulee:
        return rendu, None
    apres = _suites()
    remises = [
        f"SELECT setval('{nom}', {valeur or 1}, {str(valeur is not None).lower()})"
        for nom, valeur in avant.items()
        if apres[nom] != valeur
    ]
    fichiers = {chemin: contenu for chemin, contenu in _fichiers().items() if deja.get(chemin) != contenu}
    try:
        memoire = pickle.dumps((rendu, d))
    except (pickle.PicklingError, AttributeError, TypeError):
        return rendu, None
    return rendu, _Jouee(";\n".join([*remises, *ecritures]), fichiers, memoire)


def _rejouer(gardee, d):
    for chemin, contenu in gardee.fichiers.items():
        fichier = Path(settings.VAR, chemin)
        fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fichier.write_bytes(contenu)
        fichier.chmod(0o600)
    if gardee.script:
        with connection.cursor() as curseur:
            curseur.execute(gardee.script)
    rendu, troupe = pickle.loads(gardee.rendu)
    for nom, personne in d:
        # La même mémoire pour la personne de l’essai et celle que rend la scène.
        personne.__dict__ = troupe[nom].__dict__
    return rendu


def _suites():
    """Rend le dernier identifiant donné par chaque suite, ou None si elle n’a pas servi."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        return dict(curseur.fetchall())


def _fichiers():
    """Rend {chemin: contenu} de ce que l’essai a mis dans son dossier."""
    var = Path(settings.VAR)
    return {str(f.relative_to(var)): f.read_bytes() for f in sorted(var.rglob("*")) if f.is_file()}
