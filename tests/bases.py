"""Passer un moment à une autre base PostgreSQL, jetable, sans changer de processus."""

import os
import subprocess
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from encadrement.outils.sauvegarde.postgresql import base_jetable


@contextmanager
def ailleurs():
    """Crée une base vide et y branche la connexion le temps du bloc ; elle disparaît ensuite."""
    with base_jetable() as environnement, branchee(environnement["PGDATABASE"]):
        yield


@contextmanager
def branchee(nom):
    """La connexion mène à la base de ce nom le temps du bloc."""
    habituelle = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = nom
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = habituelle
        ContentType.objects.clear_cache()


def recharger(sql):
    """Joue dans la base branchée ce SQL, que psql sait lire."""
    reglages = connection.settings_dict
    noms = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    connection.close()
    subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        input=sql,
        env={**os.environ, **{nom: str(reglages[cle]) for nom, cle in noms.items()}},
        check=True,
    )
