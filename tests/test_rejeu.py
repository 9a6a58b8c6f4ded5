"""Une scène rejouée laisse la base, le dossier et la troupe exactement comme la scène jouée ; le moindre écart la fait jouer."""

import datetime
from collections import Counter
from unittest import mock

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from encadrement.outils.horloge import au
from tests import rejeu
from tests.cdp import scenes as cdp
from tests.concertation import scenes as concertation
from tests.distribution import monter
from tests.mentorat import scenes as mentorat

# Des transactions réelles : les lignes qu’une transaction a écrites se comptent même annulées.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def _close(d):
    return mentorat.entente(d, "close")


SCENES = [_close, cdp.rapport_soumis, concertation.situation_en_suivi]
JOUEES = Counter()


@rejeu.rejouee
def une_demande(d, suffixe=""):
    JOUEES["demande"] += 1
    demande = mentorat.demandes.ouvrir_demande(par=d.mentore)
    d.mentore.surnom = f"Lo{suffixe}"
    return demande


@rejeu.rejouee
def une_fiche(d):
    JOUEES["fiche"] += 1
    return mentorat.fiche_en_redaction(d)


@pytest.fixture(autouse=True)
def rien_de_joue():
    JOUEES.clear()
    with mock.patch.object(rejeu, "_GARDEES", {}):
        yield


@pytest.fixture
def troupe(monkeypatch):
    """Rend de quoi ouvrir, autant de fois qu’on veut, un essai qui part de la troupe."""

    class Essai(transaction.Atomic):
        def __enter__(self):
            super().__enter__()
            return rejeu.partir(monter(), monkeypatch)

        def __exit__(self, *erreur):
            transaction.set_rollback(True)
            super().__exit__(*erreur)

    return lambda: Essai(using=None, savepoint=True, durable=False)


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
def test_rejouee_elle_laisse_les_memes_lignes_et_les_memes_fichiers(scene, troupe):
    def etat():
        with troupe() as d:
            objet = scene(d)
            return objet.pk, objet.etat, _tout(), rejeu._fichiers()

    jouee = etat()
    for fichier in jouee[-1]:
        (rejeu.settings.VAR / fichier).unlink()
    # La seconde fois, rien ne se joue.
    with mock.patch.object(rejeu, "_jouer", None):
        assert etat() == jouee


def test_deux_scenes_de_suite_se_rejouent_et_la_troupe_garde_ce_quelles_lui_font(troupe):
    for _ in range(3):
        with troupe() as d:
            demande, fiche = une_demande(d), une_fiche(d)
            assert (d.mentore.surnom, demande.mentore, fiche.personne) == ("Lo", d.mentore, d.mentor)
    assert JOUEES == {"demande": 1, "fiche": 1}


def test_ce_qui_sen_ecrit_ensuite_ne_heurte_rien(troupe):
    for _ in range(2):
        with troupe() as d:
            entente = mentorat.entente(d)
            mentorat.rencontrer(entente)
            assert entente.rencontres.count() == 4


def _ecrire(d, monkeypatch):
    type(d.membre).objects.filter(pk=d.membre.pk).update(nom="Roy")


def _remplacer(d, monkeypatch):
    monkeypatch.setattr(mentorat.demandes, "ouvrir_demande", mentorat.demandes.ouvrir_demande)


@pytest.mark.parametrize("ecart", [_ecrire, _remplacer])
def test_apres_une_autre_ecriture_ou_un_remplacement_elle_se_joue(ecart, troupe, monkeypatch):
    with troupe() as d:
        une_demande(d)
    for _ in range(2):
        with troupe() as d:
            ecart(d, monkeypatch)
            une_demande(d)
    assert JOUEES["demande"] == 3


def test_un_remplacement_fait_avant_la_troupe_la_fait_jouer(troupe, monkeypatch):
    with troupe() as d:
        une_demande(d)
    _remplacer(d, monkeypatch)
    with troupe() as d:
        une_demande(d)
    assert JOUEES["demande"] == 2


@pytest.mark.parametrize(
    "autrement",
    [
        lambda d, settings: une_demande(d, "c"),
        lambda d, settings: (setattr(settings, "COURRIEL_DSM", "autre@cisss.exemple"), une_demande(d)),
        lambda d, settings: (une_fiche(d), une_demande(d)),
    ],
    ids=["d’autres arguments", "un autre réglage", "après une autre scène"],
)
def test_dans_dautres_conditions_elle_se_joue(autrement, troupe, settings):
    with troupe() as d:
        une_demande(d)
    with troupe() as d:
        autrement(d, settings)
    assert JOUEES["demande"] == 2


def test_a_une_autre_heure_elle_se_joue(troupe):
    for heure in (9, 15, 15):
        with au(datetime.date(2026, 9, 1), heure), troupe() as d:
            assert une_demande(d).depuis == timezone.now()
    assert JOUEES["demande"] == 2


def test_ce_qui_est_annule_laisse_rejouer_la_suite(troupe):
    with troupe() as d:
        for _ in range(2):
            with rejeu.retour(), transaction.atomic():
                une_demande(d)
                transaction.set_rollback(True)
        type(d.membre).objects.filter(pk=d.membre.pk).update(nom="Roy")
        with rejeu.retour(), transaction.atomic():
            une_demande(d)
            transaction.set_rollback(True)
        une_demande(d)
    assert JOUEES["demande"] == 3
