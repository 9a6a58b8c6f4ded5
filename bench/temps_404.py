"""L’écart de temps entre la 404 d’une situation cachée et celle d’un identifiant inventé (S-04, N-04).

Une personne exclue ne doit pas apprendre qu’une situation existe à la durée de la réponse. Les deux sortes de requêtes
s’alternent, pour que la charge de la machine pèse autant sur l’une que sur l’autre. Usage : python bench/temps_404.py [paires].
Rapport seulement : un temps ne fait échouer aucun essai. PostgreSQL si PGDATABASE est donné.
"""

import logging
import statistics
import sys
import time
import uuid

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases
from django.urls import reverse

from concertation.actions import exclusions
from tests.concertation import scenes
from tests.distribution import monter

PAIRES = 500
PAGES = ("situation", "situation_plan", "situation_lectures", "situation_declarer")
# Au-delà de ce rapport entre l’écart des médianes et l’écart-type, l’écart se verrait en quelques milliers d’essais.
VISIBLE = 0.2


def main():
    """Mesure et imprime, page par page : médianes, écart, et s’il sort du bruit."""
    paires = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRES
    setup_test_environment()
    # Chaque 404 s’annoncerait au journal technique : des milliers de lignes, et du temps.
    logging.disable(logging.WARNING)
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        client, cachee = _exclure()
        print(f"{connection.vendor}, {paires} paires par page; temps en ms")
        for page in PAGES:
            _imprimer(page, *_mesurer(client, page, cachee, paires))
    finally:
        teardown_databases(bases, verbosity=0)


def _exclure():
    d = monter()
    cachee = scenes.situation_transmise(d)
    exclusions.exclure(cachee, par=d.mentore, personne=d.coordonnatrice)
    client = Client()
    client.force_login(d.coordonnatrice, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client, cachee.uuid


def _mesurer(client, page, cachee, paires):
    """Rend les temps des deux sortes, mesurés en alternance, l’ordre de chaque paire inversé une fois sur deux."""
    temps = {True: [], False: []}
    for rang in range(paires + 10):
        for existe in (True, False) if rang % 2 else (False, True):
            adresse = reverse(f"concertation:{page}", args=[cachee if existe else uuid.uuid4()])
            depart = time.perf_counter()
            statut = client.get(adresse).status_code
            duree = (time.perf_counter() - depart) * 1000
            if statut != 404:
                raise SystemExit(f"{page} : {statut} au lieu de 404")
            # Les premières chauffent les gabarits et les requêtes.
            if rang >= 10:
                temps[existe].append(duree)
    return temps[True], temps[False]


def _imprimer(page, cachees, inventees):
    medianes = statistics.median(cachees), statistics.median(inventees)
    ecart = medianes[0] - medianes[1]
    bruit = statistics.pstdev([*cachees, *inventees])
    rapport = abs(ecart) / bruit if bruit else 0
    dit = "se verrait" if rapport > VISIBLE else "dans le bruit"
    print(
        f"  {page:<22} cachée {medianes[0]:6.2f}  inventée {medianes[1]:6.2f}  écart {ecart:+6.2f}  "
        f"écart-type {bruit:5.2f}  → {dit}"
    )


if __name__ == "__main__":
    main()
