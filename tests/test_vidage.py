"""Le balai des essais retire du disque les lignes que les transactions annulées y laissent."""

import pytest
from django.db import connection, transaction

from tests.distribution import monter
from tests.vidage import LIGNES_MORTES_TOLEREES, balayer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def _taille():
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_relation_size('personnes_personne')")
        return curseur.fetchone()[0]


def test_ce_quun_essai_annule_ne_reste_pas_sur_le_disque():
    balayer()
    for _ in range(LIGNES_MORTES_TOLEREES // 20):
        with transaction.atomic():
            monter()
            transaction.set_rollback(True)
    # Le serveur ne publie le compte des lignes mortes qu’une fois par seconde, ou à la demande.
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_stat_force_next_flush()")
    pleine = _taille()
    assert "personnes_personne" in balayer()
    assert _taille() < pleine


def test_dans_une_transaction_il_attend():
    with transaction.atomic():
        assert balayer() == []
