"""Les réglages disent ce qu’on croit."""

from django.conf import settings
from django.db import connection
from django.utils import formats, timezone, translation


def test_sqlite_serialise_les_ecritures():
    """Le verrou de ligne n’existe pas sur SQLite : la transaction immédiate le remplace."""
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"
    else:
        options = connection.settings_dict["OPTIONS"]["options"]
        for delai in ("lock_timeout=3000", "statement_timeout=10000", "idle_in_transaction_session_timeout=15000"):
            assert delai in options


def test_lheure_secrit_a_la_quebecoise():
    instant = timezone.datetime(2026, 9, 14, 13, 5, tzinfo=timezone.get_default_timezone())
    with translation.override("fr-ca"):
        assert formats.date_format(instant, "DATETIME_FORMAT") == "14 septembre 2026, 13\xa0h\xa005"


def test_rien_ne_part_vers_lexterieur_par_les_reglages():
    assert settings.SOCIALACCOUNT_STORE_TOKENS is False
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TIMEZONE == "UTC"
