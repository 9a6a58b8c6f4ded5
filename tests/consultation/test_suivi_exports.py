"""Le tableau de suivi en classeur et en CSV : les lignes de l’écran, de vrais types, aucune formule (B-06, N-09)."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from encadrement.journal.models import Entree
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.test_suivi_tableau import HUIT_COLONNES, TABLEAU, ligne

pytestmark = pytest.mark.django_db
EXPORTER = reverse("consultation:suivi_exporter")
FORMULE = '=HYPERLINK("http://exemple.ca","Coussin d’assise")'


def feuille(reponse):
    assert reponse.status_code == 200
    return load_workbook(io.BytesIO(reponse.content)).active


def lignes_csv(reponse):
    return list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.exigence("R-192", "R-402")
def test_les_huit_colonnes_avec_leurs_types(distribution, client_de):
    d = distribution
    ligne(d, jour=datetime.date(2026, 5, 12), commentaires="Suivi à 3 sem.")
    ligne(d, jour=datetime.date(2026, 6, 3), demandeur=d.collegue, minutes=90)
    lue = feuille(client_de(d.dsm).get(EXPORTER))
    assert [cellule.value for cellule in lue[1]] == HUIT_COLONNES
    recente, ancienne = list(lue.iter_rows(min_row=2))
    assert [cellule.value for cellule in ancienne] == [
        "Guylaine Cyr",
        scenes.EXPERTISE,
        datetime.datetime(2026, 5, 12),
        "Loïc St-Onge",
        "Direction des programmes Soutien à l’autonomie des personnes âgées",
        datetime.timedelta(minutes=45),
        "Coussin d’assise et plaies",
        "Suivi à 3 sem.",
    ]
    assert (recente[2].number_format, recente[5].number_format) == ("yyyy-mm-dd", "[h]:mm")
    assert recente[5].value == datetime.timedelta(hours=1, minutes=30)
    assert recente[7].value is None


@pytest.mark.exigence("R-402")
@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\uff1d"])
def test_une_formule_tapee_reste_un_texte(distribution, client_de, debut):
    d = distribution
    formule = f"{debut}{FORMULE[1:]}"
    ligne(d, sujet=None, nouveau_sujet=formule, commentaires=formule, expertise=formule)
    client = client_de(d.dsm)
    (cellules,) = feuille(client.get(EXPORTER)).iter_rows(min_row=2)
    for rang in (1, 6, 7):
        assert (cellules[rang].value, cellules[rang].data_type, cellules[rang].quotePrefix) == (formule, "s", True)
    _, ecrite = lignes_csv(client.get(EXPORTER, {"format": "csv"}))
    assert {ecrite[rang] for rang in (1, 6, 7)} == {f"'{formule}"}


@pytest.mark.exigence("R-402")
def test_le_classeur_a_les_lignes_de_l_ecran_toutes_pages_reunies(distribution, client_de):
    d = distribution
    for rang in range(51):
        ligne(d, minutes=1 + rang)
    ligne(d, expert=d.animatrice, demandeur=d.collegue)
    client = client_de(d.dsm)
    for filtres, attendues in (({}, 52), ({"expert": str(d.mentor.uuid)}, 51), ({"provenance": "ruisss"}, 0)):
        assert client.get(TABLEAU, filtres).context["total"].nombre == attendues
        assert feuille(client.get(EXPORTER, filtres)).max_row == 1 + attendues
        assert len(lignes_csv(client.get(EXPORTER, {**filtres, "format": "csv"}))) == 1 + attendues


@pytest.mark.exigence("R-402")
def test_l_expert_et_le_demandeur_n_exportent_que_ce_qu_ils_voient(distribution, client_de):
    d = distribution
    ligne(d)
    ligne(d, expert=d.animatrice, demandeur=d.collegue)
    for qui, nom in ((d.mentor, "Guylaine Cyr"), (d.collegue, "Marie-Ève Huard")):
        (exportee,) = feuille(client_de(qui).get(EXPORTER)).iter_rows(min_row=2)
        assert exportee[0].value == nom
    assert feuille(client_de(d.gestionnaire).get(EXPORTER)).max_row == 1


def test_l_export_est_consigne_sans_contenu_clinique(distribution, client_de):
    d = distribution
    ligne(d, commentaires="Plaie de stade 2")
    sujet = scenes.les_sujets(d)[1]
    reponse = client_de(d.appr).get(EXPORTER, {"sujet": str(sujet.uuid), "provenance": "cisss", "format": "csv"})
    entree = Entree.objects.get(acte="export.telecharger")
    assert entree.par == d.appr
    assert entree.details == {
        "quoi": "consultation.suivi",
        "filtre": {"sujet": str(sujet.uuid), "provenance": "cisss"},
        "lignes": 1,
        "format": "csv",
    }
    assert "Cyr" not in reponse.headers["Content-Disposition"]
    assert "attachment" in reponse.headers["Content-Disposition"]


def test_le_csv_ecrit_les_dates_et_les_durees_comme_un_tableur_d_ici_les_lit(distribution, client_de):
    ligne(distribution, minutes=90)
    _, ecrite = lignes_csv(client_de(distribution.dsm).get(EXPORTER, {"format": "csv"}))
    assert (ecrite[2], ecrite[5]) == (jour_local().isoformat(), "1:30")
