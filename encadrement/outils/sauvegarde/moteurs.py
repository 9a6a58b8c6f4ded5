"""La base, selon son moteur : PostgreSQL en production, SQLite pour la démonstration."""

from django.db import connection

from encadrement.outils.sauvegarde import postgresql, sqlite


def actuel():
    """Rend le module qui sait figer et recharger la base des réglages."""
    return {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]
