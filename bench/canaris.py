"""Mille mots plantés dans les situations du comité : combien se lisent sans la clé, et se relisent-ils tous avec (S-10).

Base, sessions, cache, courriels remis, fichiers, Redis si REDIS_URL est donné. Usage : python bench/canaris.py [mots].
PostgreSQL si PGDATABASE est donné : la base y est vidée par pg_dump.
"""

import io
import logging
import os
import sys
import time

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
from django.db import connection
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from concertation.models import SituationComplexe
from encadrement.celery import app
from tests.concertation import canaris
from tests.distribution import monter

MOTS = 1000


def sorties():
    """Rend {sortie: texte}, chacune lue comme le ferait qui n’a pas la clé."""
    vidage = canaris.vidage_de_la_base()
    lues = {
        "base": vidage,
        "base décodée": canaris.base_decodee(vidage),
        "sessions": canaris.sessions(),
        "cache": canaris.memoire_cache(),
        "courriels": canaris.courriels_envoyes(),
        "fichiers": canaris.fichiers(),
    }
    if adresse := os.environ.get("REDIS_URL"):
        lues["Redis"] = canaris.redis_en_texte(adresse)
    return lues


def main():
    """Plante, cherche, affiche et rend vrai si rien ne fuit et si tout se relit."""
    voulus = int(sys.argv[1]) if len(sys.argv) > 1 else MOTS
    setup_test_environment()
    if adresse := os.environ.get("REDIS_URL"):
        app.conf.broker_url = adresse
    bases = setup_databases(verbosity=0, interactive=False)
    journaux, semis, depart = io.StringIO(), canaris.Semis(), time.monotonic()
    racine = logging.getLogger()
    racine.addHandler(logging.StreamHandler(journaux))
    racine.setLevel(logging.DEBUG)
    try:
        d = monter()
        while len(semis.plantes) < voulus:
            canaris.planter(d, semis)
        lues = sorties() | {"journaux": journaux.getvalue()}
        fuites = {sortie: len(canaris.trouves(texte, semis)) for sortie, texte in lues.items()}
        relu = canaris.relire_tout()
        relus = sum(mot in relu for mot in semis.plantes)
        print(f"{connection.vendor}, {len(semis.plantes)} mots dans {SituationComplexe.objects.count()} situations")
    finally:
        teardown_databases(bases, verbosity=0)
    for sortie, nombre in fuites.items():
        print(f"  {sortie} ({len(lues[sortie]) // 1024} Kio) : {nombre} lisible{'s' if nombre > 1 else ''}")
    tenu = not any(fuites.values()) and relus == len(semis.plantes)
    print(
        f"relus avec la clé : {relus} sur {len(semis.plantes)}; {time.monotonic() - depart:.0f} s; {'OK' if tenu else 'FUITE'}"
    )
    return tenu


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
