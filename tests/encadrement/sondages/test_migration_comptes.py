"""Les lots formés avant de garder leurs comptes les retrouvent, tels que leur formation les ferait."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from encadrement.sondages.actions import fermer_campagne, inviter, ouvrir_campagne
from encadrement.sondages.models import Lot
from tests.encadrement.sondages.essai import CODE, repondre_a
from tests.factories import PersonneFactory

AVANT, APRES = ("sondages", "0002_rien_ne_change"), ("sondages", "0003_comptes_des_lots")


def _migrer(vers):
    MigrationExecutor(connection).migrate([vers])


@pytest.mark.django_db(transaction=True)
def test_un_lot_deja_forme_retrouve_ses_comptes():
    campagne = ouvrir_campagne(CODE, cle="essai", mesure="essai", annee=2026, libelle="essai")
    invitees = inviter(campagne, PersonneFactory.create_batch(6, mot_de_passe=None))
    repondre_a(invitees[:4], utilite=5, note=10)
    repondre_a(invitees[4:], utilite=2, note=None)
    fermer_campagne(campagne)
    formes = Lot.objects.get().comptes
    assert {compte["code"]: compte["valeurs"] for compte in formes}["utilite"] == [[2, 2], [5, 4]]
    try:
        _migrer(AVANT)
    finally:
        _migrer(APRES)
    assert Lot.objects.get().comptes == formes
