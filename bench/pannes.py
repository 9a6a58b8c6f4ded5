"""Les pannes de tests/encadrement/supervision/pannes.py, en grand : perdus, doublés, en retard, ambigus.

Un PostgreSQL et un Redis à soi, arrêtés brutalement sous charge; un serveur SMTP qui refuse, traîne ou meurt après le
contenu; des travailleurs tués en plein lot. Tout doit être à zéro, sauf les ambigus, que le registre des courriels montre.
Usage : python bench/pannes.py [combien] (400 par défaut : quelques minutes). Sort avec 1 s’il y a une faute.
"""

import contextlib
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from encadrement.outils import instances

EXPEDIER = """
import django
django.setup()
from encadrement.notifications.envoi import expedier_courriels
from tests.encadrement.supervision import pannes
with pannes.envoi_vers({port}, delai=5):
    print("pret", flush=True)
    while expedier_courriels(limite=50).reclames:
        print("lot", flush=True)
"""


def main():
    combien = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with contextlib.ExitStack() as pile:
        environnement, redemarrer = pile.enter_context(instances.postgresql_prive())
        var = pile.enter_context(tempfile.TemporaryDirectory(prefix="encadrement-pannes-"))
        os.environ.update(
            environnement,
            ENCADREMENT_VAR=var,
            DJANGO_SETTINGS_MODULE="encadrement.settings.test",
        )
        import preparation  # noqa: F401  (démarre Django, sur la base qui vient de naître)
        from django.db import connection
        from django.test.utils import setup_databases, setup_test_environment, teardown_databases

        # La suite s’en passe; ici, un acte confirmé doit survivre à l’arrêt de la base.
        connection.settings_dict["OPTIONS"]["options"] += " -c synchronous_commit=on"
        # Les erreurs des pannes sont voulues : seul leur bilan se lit.
        logging.disable(logging.CRITICAL)
        setup_test_environment()
        bases = setup_databases(verbosity=0, interactive=False)
        try:
            return jouer(combien, redemarrer, var)
        finally:
            teardown_databases(bases, verbosity=0)


def jouer(combien, redemarrer, var):
    from tests.distribution import monter
    from tests.factories import PersonneFactory

    troupe = monter()
    personnes = PersonneFactory.create_batch(combien, mot_de_passe=None)
    bilans = {
        "courriel : refuse, traîne, meurt": courriel_capricieux(personnes, combien),
        "travailleurs tués en plein lot": travailleurs_tues(personnes, var),
        **redis_arrete(troupe.collegue, combien, var),
        **postgresql_redemarre(troupe.collegue, combien, redemarrer),
    }
    print(f"{'':36} {'combien':>8} {'perdus':>8} {'doublés':>8} {'en retard':>10} {'ambigus':>8}")
    for nom, b in bilans.items():
        print(f"{nom:36} {b.combien:8} {b.perdus:8} {b.doubles:8} {b.en_retard:10} {b.ambigus:8}")
    return all(bilan.sans_faute for bilan in bilans.values())


def courriel_capricieux(personnes, combien):
    from tests.encadrement.supervision import pannes
    from tests.encadrement.supervision.serveur_capricieux import BIEN, MEURT, REFUSE, TRAINE

    hasard = random.Random(20261127)
    humeurs = hasard.choices((BIEN, REFUSE, TRAINE, MEURT), (70, 20, 4, 6), k=2 * combien)
    bilan, _ = pannes.serveur_de_courriel(personnes, humeurs, tours=10 * combien)
    return bilan


def travailleurs_tues(personnes, var):
    """Tue chaque travailleur après un lot, jusqu’à ce qu’il n’y ait plus rien; au plus un ambigu par mort."""
    from django.conf import settings
    from django.db import connection

    from encadrement.notifications.models import Courriel, EtatCourriel
    from tests.encadrement.supervision import pannes
    from tests.encadrement.supervision.serveur_capricieux import serveur_capricieux

    port, apres, morts = instances.port_libre(), pannes.dernier_courriel(), 0
    env = {**os.environ, "PGDATABASE": connection.settings_dict["NAME"], "PYTHONPATH": str(settings.RACINE)}
    pannes.annoncer(personnes, "tues")
    with serveur_capricieux(port) as serveur:
        while not pannes.plus_rien_en_file():
            processus = subprocess.Popen(
                [sys.executable, "-c", EXPEDIER.format(port=port)], env=env, stdout=subprocess.PIPE, text=True
            )
            processus.stdout.readline()
            avant = len(serveur.recus)
            pannes.attendre(
                lambda avant=avant, p=processus: len(serveur.recus) > avant + 25 or p.poll() is not None, 20
            )
            processus.send_signal(signal.SIGKILL)
            processus.communicate()
            morts += 1
            Courriel.objects.filter(etat=EtatCourriel.EN_COURS).update(reclame_le="2026-01-01T00:00:00Z")
    bilan = pannes.compter(serveur.recus, apres)
    bilan.en_retard += max(0, bilan.ambigus - morts)
    return bilan


def redis_arrete(personne, combien, var):
    """Redis s’arrête et revient pendant qu’on agit; le travailleur et le métronome se rattrapent seuls."""
    from tests.encadrement.supervision import pannes
    from tests.encadrement.supervision.serveur_capricieux import serveur_capricieux

    port, port_redis, apres = instances.port_libre(), instances.port_libre(), pannes.dernier_courriel()
    os.environ["CELERY_BROKER_URL"] = adresse = f"redis://127.0.0.1:{port_redis}/0"

    def couper(fini):
        while not fini.is_set():
            with instances.courtier_prive(port_redis):
                fini.wait(1.5)
            fini.wait(1.5)

    with serveur_capricieux(port) as serveur, pannes.travailleur(port, adresse, var, cadence=2):
        debut = time.monotonic()
        actes = pannes.charge(personne, fils=4, actes=combien, couper=couper, essai="Redis")
        print(f"Redis arrêté une fois sur deux : {(time.monotonic() - debut) / combien * 4:.2f} s par acte")
        with instances.courtier_prive(port_redis):
            pannes.attendre(pannes.plus_rien_en_file)
    return {"Redis arrêté : actes": actes, "Redis arrêté : courriels": pannes.compter(serveur.recus, apres)}


def postgresql_redemarre(personne, combien, redemarrer):
    """PostgreSQL est arrêté net et relancé pendant qu’on agit; puis les courriels des actes partent."""
    from tests.encadrement.supervision import pannes
    from tests.encadrement.supervision.serveur_capricieux import serveur_capricieux

    port, apres, fois = instances.port_libre(), pannes.dernier_courriel(), []

    def couper(fini):
        while not fini.wait(2):
            redemarrer()
            fois.append(1)

    actes = pannes.charge(personne, fils=4, actes=combien, couper=couper, essai="Base")
    print(f"PostgreSQL arrêté net {len(fois)} fois, {actes.combien} actes confirmés sur {combien}")
    with pannes.envoi_vers(port, delai=5), serveur_capricieux(port) as serveur:
        pannes.tout_expedier(combien)
    return {"PostgreSQL : actes": actes, "PostgreSQL : courriels": pannes.compter(serveur.recus, apres)}


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
