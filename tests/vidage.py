"""Vider la base après un essai à transactions réelles, en effaçant ses lignes.

Le `flush` de Django tronque chaque table, donc recrée des centaines de fichiers, puis refait les types de contenu et les
permissions : près de deux secondes par essai. Effacer des tables presque vides n’en coûte que quelques centièmes.
"""

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
