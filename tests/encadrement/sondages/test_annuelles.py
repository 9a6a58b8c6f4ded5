"""Une campagne annuelle s’ouvre en sa saison, n’invite personne deux fois, et suit qui arrive."""

import datetime

import pytest

from encadrement.outils.horloge import au
from encadrement.sondages import annuelles
from encadrement.sondages.annuelles import CampagneAnnuelle, ouvrir_les_annuelles
from encadrement.sondages.models import Campagne, Invitation

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("R-141")]


@pytest.fixture
def campagne(monkeypatch):
    gens = []
    monkeypatch.setattr(annuelles, "_inscrites", {})
    annuelles.inscrire(CampagneAnnuelle("mentorat-mentor", "mentorat", "Évaluation d’essai", lambda annee: gens))
    return gens


@pytest.mark.parametrize(
    ("jour", "ouverte"), [("2026-02-28", False), ("2026-03-01", True), ("2026-04-30", True), ("2026-05-01", False)]
)
def test_elle_souvre_en_sa_saison_seulement(campagne, distribution, jour, ouverte):
    campagne.append(distribution.membre)
    ouvrir_les_annuelles(datetime.date.fromisoformat(jour))
    assert Campagne.objects.exists() is ouverte


def test_le_jour_douverture_dit_lannee_evaluee(campagne, distribution):
    campagne.append(distribution.membre)
    ouvrir_les_annuelles(datetime.date(2026, 4, 15))
    assert Campagne.objects.get().annee == 2025


def test_la_rejouer_ninvite_que_les_nouveaux(campagne, distribution):
    campagne.append(distribution.membre)
    with au(datetime.date(2026, 3, 1)):
        ouvrir_les_annuelles()
    campagne.append(distribution.secretaire)
    with au(datetime.date(2026, 3, 2)):
        ouvrir_les_annuelles()
        ouvrir_les_annuelles()
    assert Campagne.objects.count() == 1
    assert set(Invitation.objects.values_list("personne", flat=True)) == {
        distribution.membre.pk,
        distribution.secretaire.pk,
    }
