"""La base d’essais, tirée d’un modèle déjà migré : les migrations ne se jouent qu’une fois par état du dépôt.

Chaque processus d’essais partirait sinon d’une base vide, et passerait plus de temps à la migrer que bien des fichiers
à s’exécuter. Le modèle porte l’empreinte des migrations et de Django : le moindre changement en fait un autre.
"""

import contextlib
import fcntl
import hashlib
import sqlite3
import tempfile
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.sqlite3.creation import DatabaseCreation

DOSSIER = Path(tempfile.gettempdir())
GARDES = 5


def empreinte():
    """Rend l’empreinte de tout ce dont la base dépend : les migrations de chaque application, et Django."""
    somme = hashlib.sha256(django.__version__.encode())
    for application in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for fichier in sorted(Path(application.path).glob("migrations/*.py")):
            somme.update(f"{application.label}/{fichier.name}".encode() + fichier.read_bytes())
    return somme.hexdigest()[:16]


def partir_du_modele(monkeypatch):
    """Fait partir du modèle toute base d’essais créée ensuite ; le prépare s’il manque."""
    nom = f"encadrement_modele_{empreinte()}"
    with _seul(nom):
        if connection.vendor == "postgresql":
            _preparer_postgresql(nom)
            monkeypatch.setitem(connection.settings_dict["TEST"], "TEMPLATE", nom)
        else:
            fichier = DOSSIER / f"{nom}.sqlite3"
            _preparer_sqlite(fichier)
            _copier_sqlite(monkeypatch, fichier)


@contextlib.contextmanager
def _seul(nom):
    """Un seul processus prépare le modèle ; les autres l’attendent."""
    with (DOSSIER / f"{nom}.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def _preparer_postgresql(nom):
    with connection._nodb_cursor() as curseur:
        curseur.execute("SELECT datname FROM pg_database WHERE datname LIKE 'encadrement\\_modele\\_%'")
        existants = {existant for (existant,) in curseur.fetchall()}
        if nom in existants:
            return
        # Deux copies du dépôt peuvent partager la machine : on ne chasse que ce qui s’accumule.
        for perime in sorted(existants) if len(existants) >= GARDES else ():
            curseur.execute(f"DROP DATABASE {connection.ops.quote_name(perime)}")
        chantier = f"{nom}_chantier"
        curseur.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(chantier)}")
        curseur.execute(f"CREATE DATABASE {connection.ops.quote_name(chantier)}")
    _migrer(chantier)
    with connection._nodb_cursor() as curseur:
        curseur.execute(
            f"ALTER DATABASE {connection.ops.quote_name(chantier)} RENAME TO {connection.ops.quote_name(nom)}"
        )


def _preparer_sqlite(fichier):
    if fichier.exists():
        return
    anciens = sorted(DOSSIER.glob("encadrement_modele_*.sqlite3"), key=lambda ancien: ancien.stat().st_mtime)
    for perime in anciens[: -GARDES + 1]:
        perime.unlink(missing_ok=True)
    chantier = fichier.with_suffix(".chantier")
    chantier.unlink(missing_ok=True)
    _migrer(chantier)
    chantier.replace(fichier)


def _migrer(nom):
    """Joue les migrations sur cette base, par la connexion par défaut : c’est la seule que nos migrations connaissent."""
    vrai = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = nom
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = vrai


def _copier_sqlite(monkeypatch, fichier):
    creer = DatabaseCreation._create_test_db

    def creer_et_remplir(self, *arguments, **options):
        nom = creer(self, *arguments, **options)
        cible = connections[self.connection.alias]
        cible.close()
        cible.settings_dict["NAME"] = nom
        cible.ensure_connection()
        with contextlib.closing(sqlite3.connect(fichier)) as source:
            source.backup(cible.connection)
        return nom

    monkeypatch.setattr(DatabaseCreation, "_create_test_db", creer_et_remplir)
