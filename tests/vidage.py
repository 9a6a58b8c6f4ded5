"""Vider la base après un essai à transactions réelles, en effaçant ses lignes, et balayer celles que les essais annulent.

Le `flush` de Django tronque chaque table, donc recrée des centaines de fichiers, puis refait les types de contenu et les
permissions : près de deux secondes par essai. Effacer des tables presque vides n’en coûte que quelques centièmes.

Une ligne effacée ou annulée reste pourtant sur le disque jusqu’au passage d’un balai, et chaque recherche la retrouve. Un
serveur peut avoir coupé le sien (autovacuum) : des milliers d’essais plus loin, une page coûterait plusieurs fois la première.
"""

import itertools
from functools import cache

from django.db import connections, transaction
from django.test import TransactionTestCase

# Écrites par les migrations, jamais par un essai.
GARDEES = {"django_migrations", "django_content_type", "auth_permission"}


@cache
def _tables(alias):
    """Rend les tables à vider, ou None si la base ne laisse pas suspendre ses contraintes."""
    connexion = connections[alias]
    if connexion.vendor == "postgresql":
        with connexion.cursor() as curseur:
            curseur.execute("SHOW is_superuser")
            if curseur.fetchone() != ("on",):
                return None
    return sorted(set(connexion.introspection.django_table_names(only_existing=True, include_views=False)) - GARDEES)


def _vider(self):
    for alias in self._databases_names(include_mirrors=False):
        tables, connexion = _tables(alias), connections[alias]
        if tables is None:
            _FLUSH(self)
            return
        with transaction.atomic(using=alias), connexion.cursor() as curseur:
            if connexion.vendor == "postgresql":
                # Ni clé étrangère ni déclencheur d’ajout seul pendant ce vidage.
                curseur.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                curseur.execute(f"DELETE FROM {connexion.ops.quote_name(table)}")


_FLUSH = TransactionTestCase._fixture_teardown


def vider_en_effacant(monkeypatch):
    """Remplace, pour la session d’essais, le `flush` des essais à transactions réelles."""
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", _vider)


ESSAIS_ENTRE_DEUX_BALAIS = 50
LIGNES_MORTES_TOLEREES = 500


def balayer():
    """Retire du disque les lignes mortes des tables qui en ont plus de LIGNES_MORTES_TOLEREES ; rend leurs noms."""
    connexion = connections["default"]
    if connexion.vendor != "postgresql" or connexion.in_atomic_block:
        return []
    with connexion.cursor() as curseur:
        curseur.execute(
            "SELECT relid::regclass::text FROM pg_stat_user_tables WHERE n_dead_tup > %s ORDER BY 1",
            [LIGNES_MORTES_TOLEREES],
        )
        tables = [table for (table,) in curseur.fetchall()]
        if tables:
            curseur.execute(f"VACUUM (SKIP_LOCKED) {', '.join(tables)}")
    return tables


def balayer_de_temps_en_temps(monkeypatch):
    """Balaie, pour la session d’essais, avant un essai sur ESSAIS_ENTRE_DEUX_BALAIS ; aucune transaction n’est alors ouverte."""
    ouvrir, rangs = TransactionTestCase.setUpClass.__func__, itertools.count(1)

    def balayer_puis_ouvrir(classe):
        if next(rangs) % ESSAIS_ENTRE_DEUX_BALAIS == 0:
            balayer()
        ouvrir(classe)

    monkeypatch.setattr(TransactionTestCase, "setUpClass", classmethod(balayer_puis_ouvrir))
