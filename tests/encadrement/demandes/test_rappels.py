"""Une demande transmise que personne ne prend en charge : relancer à 3 et 7 jours ouvrables, plus haut à 15."""

import datetime

import pytest
from django.utils import timezone

from encadrement.demandes import actions
from encadrement.notifications.models import Courriel, Rappel, StatutRappel
from encadrement.notifications.rappels import balayer_rappels
from tests.consultation import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def aller(time_machine):
    """Amène l’horloge à midi, heure locale, le jour dit, et balaie les rappels."""

    def aller(jour, balayer=True):
        midi = datetime.datetime.combine(datetime.date.fromisoformat(jour), datetime.time(12))
        time_machine.move_to(timezone.make_aware(midi), tick=False)
        if balayer:
            balayer_rappels()

    aller("2026-06-01", balayer=False)
    return aller


def relances():
    """Rend {pas: prénoms} des relances parties."""
    lignes = {}
    for rappel in Rappel.objects.filter(statut=StatutRappel.PARTI, mesure="demandes"):
        lignes.setdefault(rappel.jalon.partition(" J+")[2].split()[0], set()).add(rappel.destinataire)
    return lignes


def test_les_appr_a_trois_et_sept_jours_puis_leur_superieur(aller, distribution):
    scenes.soutien_transmis(distribution)
    appr = {distribution.appr, distribution.appr_liaison}
    aller("2026-06-03")
    assert relances() == {}
    aller("2026-06-04")
    assert relances() == {"3": appr}
    aller("2026-06-10")
    assert relances() == {"3": appr, "7": appr}
    aller("2026-06-22")
    assert relances() == {"3": appr, "7": appr, "15": {distribution.dsm}}


def test_rejouer_ne_double_rien_et_la_prise_en_charge_fait_taire(aller, distribution):
    demande = scenes.soutien_transmis(distribution)
    aller("2026-06-04")
    partis = Courriel.objects.count()
    aller("2026-06-04")
    assert Courriel.objects.count() == partis
    actions.prendre_en_charge(demande, par=distribution.appr)
    partis = Courriel.objects.count()
    aller("2026-06-22")
    assert Courriel.objects.count() == partis


def test_un_cas_du_comite_ne_relance_personne(aller, distribution):
    """Il n’attend que son demandeur, qui le poursuit au comité ou le laisse."""
    scenes.cas_en_redaction(distribution)
    for jour in ("2026-06-04", "2026-06-10", "2026-06-22"):
        aller(jour)
    assert relances() == {}
