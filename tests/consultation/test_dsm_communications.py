"""Le registre des communications : ce qui est sorti vers le RUISSS UL, quand, à qui, à quelle fin, pourquoi, par qui (O-03)."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from consultation.actions import dsm
from consultation.models import Acheminement
from encadrement.journal.models import Entree
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
PAGE = "consultation:communications"


@pytest.fixture
def client(distribution, client_de):
    return client_de(distribution.appr_liaison)


@pytest.mark.exigence("R-182", "R-196", "R-210")
def test_le_registre_dit_quand_a_qui_a_quelle_fin_pourquoi_et_par_qui(distribution, client):
    demande = scenes.demande_en_contact(distribution)
    page = texte_de(client.get(reverse(PAGE)))
    for dit in (demande.numero, *scenes.RUISSS.values(), str(distribution.appr_liaison), scenes.CONTACT["organisme"]):
        assert dit in page
    assert scenes.QUESTION not in page


@pytest.mark.parametrize(
    ("nom", "code"),
    [("appr", 200), ("dsm", 200), ("appr_liaison", 200), ("coordonnatrice", 403), ("mentore", 403), ("pilote", 403)],
)
def test_qui_lit_le_registre(distribution, client_de, nom, code):
    assert client_de(distribution[nom]).get(reverse(PAGE)).status_code == code
    assert client_de(distribution[nom]).get(f"{reverse(PAGE)}?format=xlsx").status_code == code


def test_la_periode_se_filtre_bornes_comprises(distribution, client):
    demande = scenes.demande_acheminee(distribution)
    jour, hier = jour_local(), jour_local() - datetime.timedelta(days=1)
    for filtre, present in ((f"du={jour}", True), (f"au={jour}", True), (f"au={hier}", False), ("du=n’importe", True)):
        assert (demande.numero in texte_de(client.get(f"{reverse(PAGE)}?{filtre}"))) is present, filtre


@pytest.mark.exigence("R-182")
def test_le_classeur_dit_la_meme_chose_et_nexecute_rien(distribution, client):
    demande = scenes.demande_analysee(distribution)
    piege = {**scenes.RUISSS, "finalite": '=HYPERLINK("http://exemple","Avis")'}
    dsm.acheminer_au_ruisss(demande, par=distribution.appr_liaison, **piege)
    reponse = client.get(f"{reverse(PAGE)}?format=xlsx")
    feuille = load_workbook(io.BytesIO(reponse.content)).active
    rangees = [[cellule.value for cellule in rangee] for rangee in feuille.iter_rows()]
    titres = next(rang for rang, rangee in enumerate(rangees) if rangee[0] == "Date")
    ligne = rangees[titres + 1]
    assert ligne[0].date() == jour_local()
    assert ligne[1:3] == [demande.numero, scenes.RUISSS["destinataire"]]
    assert feuille.cell(row=titres + 2, column=4).data_type != "f"
    consignee = Entree.objects.get(acte="export.telecharger")
    assert consignee.details["lignes"] == 1
    texte = client.get(f"{reverse(PAGE)}?format=csv").content.decode("utf-8-sig")
    assert scenes.RUISSS["justification"] in texte


def test_le_registre_coute_autant_pour_vingt_communications_que_pour_une(distribution, client):
    demande = scenes.demande_acheminee(distribution)
    cout = _cout(client)
    for rang in range(19):
        dsm.constater_sans_reponse(demande, par=distribution.appr_liaison, motif="Personne.")
        dsm.acheminer_au_ruisss(
            demande, par=distribution.appr_liaison, **{**scenes.RUISSS, "destinataire": f"Chaire {rang}"}
        )
    assert Acheminement.objects.count() == 20
    assert _cout(client) == cout


def _cout(client):
    with CaptureQueriesContext(connection) as requetes:
        client.get(reverse(PAGE))
    return len(requetes)
