"""Le jour qu’il est en Gaspésie, les mois civils et les durées comme les gens les écrivent."""

import datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from encadrement.socle.temps import ajouter_mois, ecrire_duree, jour_local, lire_duree


@pytest.mark.parametrize(
    ("tape", "minutes"),
    [
        ("1 h 15", 75),
        ("1h15", 75),
        ("1 h", 60),
        ("90 min", 90),
        ("90 minutes", 90),
        ("1,5 h", 90),
        ("1.5", 90),
        ("2", 120),
        ("0,25 h", 15),
        ("1:05", 65),
        ("1 heure 5", 65),
        ("2 heures", 120),
        ("  1 H 15  ", 75),
        ("1\u00a0h\u00a015", 75),
        ("1\u202fh\u202f15", 75),
    ],
)
def test_une_duree_se_lit_comme_elle_se_tape(tape, minutes):
    assert lire_duree(tape) == minutes


@pytest.mark.parametrize("tape", ["", "une heure", "1 h 75", "-1 h", "1 h 15 h", "٣ h", "1,555 h", "h", "1e3"])
def test_une_duree_illisible_est_refusee(tape):
    with pytest.raises(ValueError):
        lire_duree(tape)


@given(st.integers(min_value=1, max_value=24 * 60))
def test_une_duree_ecrite_se_relit(minutes):
    assert lire_duree(ecrire_duree(minutes)) == minutes


@given(st.text(max_size=30))
def test_aucun_texte_ne_casse_la_lecture(texte):
    try:
        assert lire_duree(texte) >= 0
    except ValueError:
        pass


@pytest.mark.exigence("R-056")
@pytest.mark.parametrize(
    ("depart", "mois", "arrivee"),
    [
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 9, 14), 6, (2027, 3, 14)),
        ((2026, 12, 31), 6, (2027, 6, 30)),
    ],
)
def test_six_mois_civils_finissent_le_bon_jour(depart, mois, arrivee):
    assert ajouter_mois(datetime.date(*depart), mois) == datetime.date(*arrivee)


@pytest.mark.parametrize(
    ("instant", "jour"),
    [
        ("2026-11-01T03:30:00Z", (2026, 10, 31)),
        ("2026-11-01T05:30:00Z", (2026, 11, 1)),
        ("2027-03-14T04:59:00Z", (2027, 3, 13)),
        ("2027-03-15T03:59:00Z", (2027, 3, 14)),
    ],
)
def test_le_jour_est_celui_de_la_gaspesie(instant, jour):
    with time_machine.travel(datetime.datetime.fromisoformat(instant), tick=False):
        assert jour_local() == datetime.date(*jour)
