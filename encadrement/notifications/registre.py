"""Le registre des envois, tenu à part de la base : ce qui a commencé à partir, ce qui est parti.

Une ligne s’écrit juste avant la remise au serveur et se complète juste après. Un travailleur tué laisse donc au plus
un message incertain, et une base restaurée à une date passée ne renvoie pas ce qui était déjà parti. SQLite en WAL :
quelques dizaines de microsecondes par écriture, aucune perte à la mort du processus.
"""

import contextlib
import fcntl
import sqlite3
import uuid
from pathlib import Path

from django.conf import settings
from django.utils import timezone

COMMENCE, PARTI, NON_PARTI = "commence", "parti", "non_parti"

VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS envois (
  message_id TEXT, essai INTEGER, issue TEXT NOT NULL, le TEXT NOT NULL, PRIMARY KEY (message_id, essai)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS envois_le ON envois (le);
CREATE TABLE IF NOT EXISTS identite (nom TEXT NOT NULL);
"""


class Registre:
    """Le registre ouvert ; `nom` distingue deux serveurs dont les disques ne sont pas partagés."""

    def __init__(self, chemin=None):
        chemin = Path(chemin or fichier_du_registre())
        chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._base = sqlite3.connect(chemin, timeout=10, isolation_level=None)
        if self._base.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            self._installer(chemin)
        self._base.execute("PRAGMA synchronous=NORMAL")
        self.nom = self._base.execute("SELECT nom FROM identite").fetchone()[0]

    def _installer(self, chemin):
        """Crée les tables, un travailleur à la fois : passer en WAL ne supporte pas d’être deux."""
        with chemin.with_suffix(".verrou").open("w") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX)
            if self._base.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return
            chemin.chmod(0o600)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.executescript(_SCHEMA)
            self._base.execute(
                "INSERT INTO identite SELECT ? WHERE NOT EXISTS (SELECT 1 FROM identite)", [uuid.uuid4().hex]
            )
            self._base.execute(f"PRAGMA user_version = {VERSION}")

    def commencer(self, message_id, essai):
        """Note que le message va partir ; rend False si un autre l’a déjà commencé : il ne faut pas l’envoyer."""
        ecrite = self._base.execute(
            "INSERT OR IGNORE INTO envois VALUES (?, ?, ?, ?)", [message_id, essai, COMMENCE, _instant()]
        )
        return ecrite.rowcount == 1

    def conclure(self, message_id, essai, issue):
        """Note l’issue connue d’un envoi commencé : `PARTI` ou `NON_PARTI`."""
        self._base.execute(
            "UPDATE envois SET issue = ?, le = ? WHERE message_id = ? AND essai = ?",
            [issue, _instant(), message_id, essai],
        )

    def issues(self, message_ids):
        """Rend {message_id: {essai: issue}} pour les messages déjà connus du registre."""
        connues = {}
        for debut in range(0, len(message_ids), 500):
            lot = message_ids[debut : debut + 500]
            marques = ",".join("?" * len(lot))
            requete = f"SELECT message_id, essai, issue FROM envois WHERE message_id IN ({marques})"  # noqa: S608
            for message_id, essai, issue in self._base.execute(requete, lot):
                connues.setdefault(message_id, {})[essai] = issue
        return connues

    def absorber(self, copie):
        """Ajoute les envois d’une copie de registre que celui-ci ne connaît pas ; les siens priment."""
        self._base.execute("ATTACH DATABASE ? AS copie", [str(copie)])
        self._base.execute("INSERT OR IGNORE INTO envois SELECT message_id, essai, issue, le FROM copie.envois")
        self._base.execute("DETACH DATABASE copie")

    def purger(self, avant):
        """Oublie les envois conclus avant l’instant `avant`."""
        self._base.execute(
            "DELETE FROM envois WHERE le < ? AND issue <> ?", [avant.isoformat(timespec="seconds"), COMMENCE]
        )

    def fermer(self):
        self._base.close()


def fichier_du_registre():
    """Rend le chemin du registre des envois."""
    return Path(settings.VAR) / "envois" / "registre.sqlite3"


@contextlib.contextmanager
def registre_ouvert():
    """Ouvre le registre des envois, le temps d’un lot."""
    registre = Registre()
    try:
        yield registre
    finally:
        registre.fermer()


def _instant():
    return timezone.now().isoformat(timespec="seconds")
