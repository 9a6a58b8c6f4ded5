"""L’ordre du jour horodaté : l’heure de chaque point, et ce qui déborde."""

import datetime
from types import SimpleNamespace

import pytest

from encadrement.rencontres.horaire import horodater

DEBUT = datetime.datetime(2026, 10, 28, 17, 30, tzinfo=datetime.UTC)


def points(*minutes):
    return [SimpleNamespace(minutes=duree) for duree in minutes]


def heures(horaire):
    return [f"{ligne.debut:%H:%M}" for ligne in horaire.lignes]


@pytest.mark.exigence("R-488")
def test_chaque_point_a_son_heure_d_ici():
    ordre = points(10, 45, None, 60, 5)
    horaire = horodater(DEBUT, ordre, fin=DEBUT + datetime.timedelta(hours=3))
    assert heures(horaire) == ["13:30", "13:40", "14:25", "14:25", "15:25"]
    assert [ligne.point for ligne in horaire.lignes] == ordre
    assert (f"{horaire.fin:%H:%M}", horaire.sans_duree) == ("15:30", 1)
    assert (horaire.depassement, horaire.marge, horaire.deborde) == (0, 60, False)


@pytest.mark.exigence("R-488")
def test_un_ordre_du_jour_trop_charge_dit_de_combien():
    horaire = horodater(DEBUT, points(120, 75), fin=DEBUT + datetime.timedelta(hours=3))
    assert (horaire.depassement, horaire.marge, horaire.deborde) == (15, 0, True)


def test_juste_plein_ne_deborde_pas():
    horaire = horodater(DEBUT, points(90, 90), fin=DEBUT + datetime.timedelta(hours=3))
    assert (horaire.depassement, horaire.marge, horaire.deborde) == (0, 0, False)


def test_un_ordre_du_jour_vide_finit_quand_il_commence():
    horaire = horodater(DEBUT, [], fin=DEBUT + datetime.timedelta(hours=1))
    assert (horaire.lignes, horaire.fin, horaire.marge) == ((), DEBUT, 60)


def test_les_minutes_sont_reelles_a_travers_un_changement_d_heure():
    debut = datetime.datetime(2026, 11, 1, 5, 0, tzinfo=datetime.UTC)
    horaire = horodater(debut, points(90, 60, 60), fin=debut + datetime.timedelta(hours=4))
    assert heures(horaire) == ["01:00", "01:30", "02:30"]
    assert horaire.marge == 30
