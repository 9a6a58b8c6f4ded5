"""Une scène jouée une fois par les vraies actions, puis rejouée écriture par écriture par les essais suivants.

Un état avancé demande des centaines de requêtes, que l’ORM compose chaque fois de la même façon. La troupe a toujours les
mêmes identifiants : la même scène, le même jour, écrit donc les mêmes lignes. On garde ses écritures, et ses fichiers.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path

import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from encadrement.socle.temps import jour_local

# Ce qui ne change aucune ligne : lire, et poser ou lever un point de reprise.
_SANS_EFFET = ("SELECT", "SAVEPOINT", "RELEASE")
_GARDEES = {}


@dataclass(frozen=True)
class _Jouee:
    """Ce qu’une scène a écrit : de quoi remettre les suites d’identifiants où elles étaient, puis refaire chaque écriture."""

    script: str
    fichiers: dict
    rendu: bytes


def une_fois(scene, d, *arguments):
    """Rend ce que rend `scene(d, *arguments)`, jouée si elle ne l’a pas encore été ce jour-là dans ce processus, sinon rejouée.

    À demander d’une fixture, juste après la troupe : si la transaction a déjà écrit autre chose, la scène se joue. Rien ne
    doit être remplacé (réglage, fonction) à ce moment. Sur SQLite, elle se joue toujours.
    """
    instant = _instant()
    if connection.vendor != "postgresql" or instant is None:
        return scene(d, *arguments)
    cle = (scene.__module__, scene.__qualname__, arguments, instant, _ecrites())
    if cle not in _GARDEES:
        rendu, _GARDEES[cle] = _jouer(scene, d, arguments)
        return rendu
    gardee = _GARDEES[cle]
    if gardee is None:
        return scene(d, *arguments)
    for chemin, contenu in gardee.fichiers.items():
        fichier = Path(settings.VAR, chemin)
        fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fichier.write_bytes(contenu)
        fichier.chmod(0o600)
    with connection.cursor() as curseur:
        curseur.execute(gardee.script)
    return pickle.loads(gardee.rendu)


def _instant():
    """Rend le jour, ou l’instant si l’essai a arrêté l’horloge ; None s’il l’a déplacée sans l’arrêter."""
    if not time_machine.escape_hatch.is_travelling():
        return jour_local()
    instant = timezone.now()
    return instant if instant == timezone.now() else None


def _ecrites():
    """Rend combien de lignes la transaction en cours a écrites, table par table."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relname"
        )
        return tuple(curseur.fetchall())


def _jouer(scene, d, arguments):
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
    with connection.execute_wrapper(noter):
        rendu = scene(d, *arguments)
    if annulee or deja:
        return rendu, None
    apres = _suites()
    remises = [
        f"SELECT setval('{nom}', {valeur or 1}, {str(valeur is not None).lower()})"
        for nom, valeur in avant.items()
        if apres[nom] != valeur
    ]
    return rendu, _Jouee(";\n".join([*remises, *ecritures]), _fichiers(), pickle.dumps(rendu))


def _suites():
    """Rend le dernier identifiant donné par chaque suite, ou None si elle n’a pas servi."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        return dict(curseur.fetchall())


def _fichiers():
    """Rend {chemin: contenu} de ce que l’essai a mis dans son dossier."""
    var = Path(settings.VAR)
    return {str(f.relative_to(var)): f.read_bytes() for f in sorted(var.rglob("*")) if f.is_file()}
