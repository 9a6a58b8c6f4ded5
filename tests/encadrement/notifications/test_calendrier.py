"""Les jours ouvrables du Québec."""

import datetime

import pytest

from encadrement.notifications.calendrier import ajouter_jours_ouvrables, est_ouvrable, jour_ouvrable_suivant

J = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("jour", "suivant"),
    [
        ("2026-01-01", "2026-01-02"),  # jour de l’An
        ("2026-04-03", "2026-04-06"),  # Vendredi saint, puis fin de semaine
        ("2026-05-18", "2026-05-19"),  # Journée nationale des patriotes
        ("2026-06-24", "2026-06-25"),  # Fête nationale
        ("2026-07-01", "2026-07-02"),  # fête du Canada
        ("2026-09-07", "2026-09-08"),  # fête du Travail
        ("2026-10-12", "2026-10-13"),  # Action de grâces
        ("2026-12-25", "2026-12-28"),  # Noël un vendredi
        ("2027-12-25", "2027-12-28"),  # Noël un samedi, reporté au lundi
        ("2026-11-14", "2026-11-16"),  # samedi
        ("2026-11-15", "2026-11-16"),  # dimanche
        ("2026-11-11", "2026-11-11"),  # le jour du Souvenir est ouvrable au Québec
        ("2026-09-30", "2026-09-30"),  # la journée de la vérité et de la réconciliation aussi
        ("2026-11-17", "2026-11-17"),
    ],
)
def test_le_jour_ouvrable_suivant(jour, suivant):
    assert jour_ouvrable_suivant(J(jour)) == J(suivant)
    assert est_ouvrable(J(jour)) == (jour == suivant)


def test_vendredi_saint_et_lundi_de_paques_se_reglent(settings):
    assert not est_ouvrable(J("2026-04-03"))
    assert est_ouvrable(J("2026-04-06"))
    settings.CHOME_LE_VENDREDI_SAINT, settings.CHOME_LE_LUNDI_DE_PAQUES = False, True
    assert est_ouvrable(J("2026-04-03"))
    assert not est_ouvrable(J("2026-04-06"))


def test_l_etablissement_ajoute_ses_jours_chomes(settings):
    settings.JOURS_CHOMES = ["12-24", "2026-12-31"]
    assert not est_ouvrable(J("2026-12-24"))
    assert not est_ouvrable(J("2025-12-24"))
    assert not est_ouvrable(J("2026-12-31"))
    assert est_ouvrable(J("2025-12-31"))


@pytest.mark.parametrize(
    ("jour", "nombre", "attendu"),
    [
        ("2026-11-16", 3, "2026-11-19"),
        ("2026-11-19", 3, "2026-11-24"),
        ("2026-06-22", 3, "2026-06-26"),
        ("2026-12-24", 1, "2026-12-28"),
        ("2026-11-16", 0, "2026-11-16"),
        ("2026-11-14", 1, "2026-11-16"),
        ("2026-11-16", -1, "2026-11-13"),
        ("2026-11-16", 15, "2026-12-07"),
    ],
)
def test_ajouter_des_jours_ouvrables(jour, nombre, attendu):
    assert ajouter_jours_ouvrables(J(jour), nombre) == J(attendu)
