"""Le lundi d’une APPR : trouver les bilans de mi-temps en retard d’une direction, relancer tout le monde, exporter."""

import datetime
import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from encadrement.notifications.models import Courriel
from encadrement.outils.horloge import au
from tests.mentorat import scenes
from tests.navigateur.gestes import annonce, dossier, titre_est

pytestmark = pytest.mark.django_db(transaction=True)
CLICS_PERMIS = 6


class Souris:
    """Compte les clics : chacun est un geste de la personne."""

    def __init__(self):
        self.clics = 0

    def cliquer(self, cible):
        self.clics += 1
        cible.click()


@pytest.fixture
def retard(distribution):
    """Une entente dont le bilan de mi-temps est en retard d’une semaine."""
    entente = scenes.entente(distribution, "active")
    with au(entente.mi_temps_le + datetime.timedelta(days=7)):
        yield entente


@pytest.mark.parametrize("javascript", [True, False], ids=["avec scripts", "sans script"])
def test_six_clics_pour_trouver_relancer_et_exporter(ouvrir, distribution, retard, javascript):
    page, souris = ouvrir(distribution.appr, javascript=javascript), Souris()
    page.goto("/")
    souris.cliquer(page.get_by_role("navigation", name="Principale").get_by_role("link", name="Tableau de bord"))
    titre_est(page, "Tableau de bord")
    souris.cliquer(dossier(page).get_by_role("link", name="Bilans de mi-temps en retard"))
    titre_est(page, "Bilans de mi-temps en retard")
    souris.cliquer(dossier(page).get_by_role("link", name=str(retard.mentore.direction)))
    expect(dossier(page).get_by_label("Direction", exact=True)).to_have_value(str(retard.mentore.direction.pk))
    souris.cliquer(dossier(page).get_by_role("button", name="Relancer tous (1 dossier)"))
    annonce(page, "2 relances, 1 dossier.")
    with page.expect_download() as telechargement:
        souris.cliquer(dossier(page).get_by_role("link", name="Excel"))
    feuille = load_workbook(io.BytesIO(telechargement.value.path().read_bytes())).active
    assert [ligne[0] for ligne in feuille.iter_rows(min_row=2, values_only=True)] == [str(retard)]
    assert Courriel.objects.filter(gabarit="mentorat/rappel_mi_temps").count() == 2
    assert souris.clics <= CLICS_PERMIS
