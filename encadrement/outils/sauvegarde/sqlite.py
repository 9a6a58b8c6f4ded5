"""SQLite, pour la démonstration : figer et recharger par l’API de copie, qui voit un état entier ou rien."""

import contextlib
import sqlite3
from contextlib import contextmanager

from django.db import connection

from encadrement.outils.sauvegarde.releve import tables_sans_lignes

MEMBRE = "base.sqlite3"


@contextmanager
def figer(chemin):
    """Copie la base dans `chemin` et rend un curseur sur la copie."""
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(chemin)) as copie:
        connection.connection.backup(copie)
        copie.execute("PRAGMA journal_mode=DELETE")
        presentes = {nom for (nom,) in copie.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in presentes & set(tables_sans_lignes()):
            copie.execute(f'DELETE FROM "{table}"')  # noqa: S608
        copie.commit()
        copie.execute("VACUUM")
        yield copie.cursor()


def charger(chemin, ensuite):
    """Remplace la base par celle de `chemin`, où le SQL `ensuite` a déjà été joué."""
    with contextlib.closing(sqlite3.connect(chemin)) as copie:
        copie.executescript(ensuite)
        connection.ensure_connection()
        copie.backup(connection.connection)
    connection.close()


def prendre_son_temps():
    """SQLite n’a aucun délai à lever."""


@contextmanager
def base_jetable():
    """La base vit dans le dossier de données : un dossier jetable suffit."""
    yield {}
