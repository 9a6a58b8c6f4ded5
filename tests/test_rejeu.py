"""Une scène rejouée laisse la base et le dossier exactement comme la scène jouée."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from tests import rejeu
from tests.cdp import scenes as cdp
from tests.concertation import scenes as concertation
from tests.distribution import monter
from tests.mentorat import scenes as mentorat
from tests.rejeu import une_fois

# Des transactions réelles : les lignes qu’une transaction a écrites se comptent même annulées.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def _close(d):
    return mentorat.entente(d, "close")


SCENES = [_close, cdp.rapport_soumis, concertation.situation_en_suivi]


@pytest.fixture(autouse=True)
def aucune_gardee(monkeypatch):
    monkeypatch.setattr(rejeu, "_GARDEES", {})


def _tout():
    """Rend chaque ligne de chaque table."""
    tables = sorted(modele._meta.db_table for modele in apps.get_models())
    with connection.cursor() as curseur:
        lues = {}
        for table in tables:
            curseur.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            lues[table] = curseur.fetchall()
    return lues


@pytest.mark.parametrize("scene", SCENES)
def test_rejouee_elle_laisse_les_memes_lignes_et_les_memes_fichiers(scene, monkeypatch):
    etats = []
    for _ in range(2):
        with transaction.atomic():
            objet = une_fois(scene, monter())
            etats.append((objet.pk, objet.etat, _tout(), rejeu._fichiers()))
            transaction.set_rollback(True)
        # La seconde fois, rien ne se joue ; et les fichiers de la première ne sont plus là.
        monkeypatch.setattr(rejeu, "_jouer", None)
        for fichier in etats[0][-1]:
            (rejeu.settings.VAR / fichier).unlink(missing_ok=True)
    jouee, rejouee = etats
    assert rejouee == jouee


def test_apres_une_autre_ecriture_elle_se_joue(monkeypatch):
    jouees = []

    def scene(d):
        jouees.append(d)
        return concertation.situation_a_attester(d)

    for nom in ("Gagné", "Gagné-Roy"):
        with transaction.atomic():
            d = monter()
            type(d.membre).objects.filter(pk=d.membre.pk, nom__startswith=nom).update(nom=nom)
            une_fois(scene, d)
            transaction.set_rollback(True)
    assert len(jouees) == 2


def test_ce_qui_sen_ecrit_ensuite_ne_heurte_rien():
    for _ in range(2):
        with transaction.atomic():
            d = monter()
            entente = une_fois(mentorat.entente, d)
            mentorat.rencontrer(entente)
            assert entente.rencontres.count() == 4
            transaction.set_rollback(True)
