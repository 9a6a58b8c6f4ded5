"""Ce que coûte un balayage des relances du mentorat quand rien n’est dû, à 10³ puis 10⁵ ententes.

Budget : 10 ms à 10⁵ dossiers. Usage : python bench/balayage.py [dossiers]. PostgreSQL si PGDATABASE est donné.
"""

import datetime
import statistics
import sys
import time
import uuid

import preparation  # noqa: F401  (démarre Django avant l’import des modèles)
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from encadrement.notifications.rappels import balayer_rappels
from encadrement.socle.temps import jour_local
from mentorat.models import Entente
from tests.distribution import monter
from tests.mentorat import scenes

BUDGET_MS = 10


def copier(entente, de, a):
    """Copie une entente jouée : quatre-vingt-quinze closes sur cent, les autres actives et à jour."""
    for debut in range(de, a, 5000):
        copies = []
        for rang in range(debut, min(debut + 5000, a)):
            copie = Entente(
                **{
                    champ.attname: getattr(entente, champ.attname)
                    for champ in Entente._meta.concrete_fields
                    if champ.attname not in ("id", "uuid", "demande_id", "numero", "etat", "mi_temps_le")
                }
            )
            copie.uuid, copie.numero = uuid.uuid4(), f"C-{rang}"
            copie.etat = "active" if rang % 20 == 0 else "close"
            copies.append(copie)
        Entente.objects.bulk_create(copies)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")


def balayage_ms():
    """Rend les temps médians d’un balayage, en millisecondes : de processeur, puis à la montre, base comprise."""
    temps = []
    for _ in range(30):
        debut, montre = time.process_time(), time.perf_counter()
        parties = balayer_rappels()
        temps.append((time.process_time() - debut, time.perf_counter() - montre))
        if parties:
            raise SystemExit("Ce balayage ne devait relancer personne.")
    return [statistics.median(colonne) * 1000 for colonne in zip(*temps, strict=True)]


def main():
    """Mesure, affiche et rend vrai si le budget est tenu."""
    dossiers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        entente = scenes.entente(monter(), debut=jour_local() + datetime.timedelta(days=1))
        copier(entente, 0, 1000)
        petit = balayage_ms()
        copier(entente, 1000, dossiers)
        grand = balayage_ms()
    finally:
        teardown_databases(bases, verbosity=0)
    verdict = "OK" if grand[0] <= BUDGET_MS else "DÉPASSE"
    for nombre, (processeur, montre) in ((1000, petit), (dossiers, grand)):
        print(
            f"{connection.vendor}, {nombre} ententes : {processeur:.1f} ms de processeur, {montre:.1f} ms à la montre"
        )
    print(f"rapport {grand[0] / petit[0]:.2f}, budget {BUDGET_MS} ms de processeur {verdict}")
    return grand[0] <= BUDGET_MS


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
