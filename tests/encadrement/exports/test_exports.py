"""Exporter une liste : de vrais types, aucune formule, et la trace de l’export (B-06, N-09)."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from encadrement.exports.classeur import classeur
from encadrement.exports.csv_francais import csv_francais
from encadrement.exports.tableau import Colonne, Nature
from encadrement.exports.views import repondre_export
from encadrement.journal.models import Entree

PIEGES = [
    '=HYPERLINK("http://ailleurs","ici")',
    "=1+1",
    "+33",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "#N/A",
]
INSTANT = datetime.datetime(2026, 11, 22, 18, 5, 9, 123456, tzinfo=datetime.UTC)


def relire(octets):
    return load_workbook(io.BytesIO(octets)).active


def lire_csv(octets):
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("piege", PIEGES)
def test_aucun_texte_ne_devient_une_formule_dans_le_classeur(piege):
    octets = classeur("Liste", ["Nom"], [[piege]])
    cellule = relire(octets)["A2"]
    assert cellule.data_type == "s"
    assert cellule.value.strip() == piege.strip()
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("piege", PIEGES[:-1])
def test_ce_qui_ressemble_a_une_formule_le_reste_quand_on_retouche_la_cellule(piege):
    assert relire(classeur("Liste", ["Nom"], [[piege]]))["A2"].quotePrefix
    assert not relire(classeur("Liste", ["Nom"], [["Roy"]]))["A2"].quotePrefix


@pytest.mark.parametrize("piege", PIEGES[:-1])
def test_aucun_texte_ne_devient_une_formule_dans_le_csv(piege):
    (_, (valeur,)) = lire_csv(csv_francais(["Nom"], [[piege]]))
    assert valeur.startswith("'")
    assert valeur.endswith(piege.strip())


def test_un_titre_de_colonne_nest_pas_une_formule_non_plus():
    assert relire(classeur("L", ["=1+1"], []))["A1"].data_type == "s"
    assert lire_csv(csv_francais(["=1+1"], [])) == [["'=1+1"]]


def test_le_classeur_garde_les_types():
    colonnes = ["Jour", "Instant", Colonne("Durée", Nature.DUREE), "Nombre", "Part", "Oui", "Rien"]
    ligne = [datetime.date(2026, 9, 14), INSTANT, 1505, -3, Decimal("1.5"), True, None]
    feuille = relire(classeur("Heures", colonnes, [ligne]))
    jour, instant, duree, nombre, part, oui, rien = feuille[2]
    assert (jour.value, jour.number_format) == (datetime.datetime(2026, 9, 14), "yyyy-mm-dd")
    assert instant.value == datetime.datetime(2026, 11, 22, 13, 5, 9)
    assert (duree.value, duree.number_format) == (datetime.timedelta(hours=25, minutes=5), "[h]:mm")
    assert (nombre.value, nombre.data_type) == (-3, "n")
    assert (part.value, oui.value, rien.value) == (1.5, "oui", None)


def test_le_classeur_est_lisible_a_louverture():
    feuille = relire(
        classeur("Heures [2026] : CdP/SAD, année financière complète", ["Nom", "Notes"], [["Roy", "x" * 500]])
    )
    assert feuille.freeze_panes == "A2"
    assert feuille["A1"].font.bold
    assert feuille.auto_filter.ref == "A1:B2"
    assert feuille.column_dimensions["A"].width >= 6
    assert feuille.column_dimensions["B"].width == 60
    assert feuille.title == "Heures 2026 CdP SAD, année fina"


def test_un_texte_impossible_nabime_pas_le_classeur():
    feuille = relire(classeur("", ["Nom"], [["nul\x00 \x0b\ufffe cloche\x07 🌊"], ["é" * 40_000], [float("nan")]]))
    assert feuille["A2"].value == "nul  cloche 🌊"
    assert len(feuille["A3"].value) == 32_000
    assert feuille.title == "Feuille 1"


def test_le_csv_souvre_ici_sans_assistant():
    colonnes = ["Été", Colonne("Durée", Nature.DUREE), "Part", "Instant", "Notes"]
    octets = csv_francais(
        colonnes, [["Élise; Roy", 65, 1.5, INSTANT, 'dit "oui"\nà Gaspé'], [-4, None, Decimal("-0.25"), None, ""]]
    )
    assert lire_csv(octets) == [
        ["Été", "Durée", "Part", "Instant", "Notes"],
        ["Élise; Roy", "1:05", "1,5", "2026-11-22 13:05", 'dit "oui"\nà Gaspé'],
        ["-4", "", "-0,25", "", ""],
    ]


def test_une_ligne_trop_courte_se_voit():
    with pytest.raises(ValueError, match="shorter"):
        classeur("L", ["A", "B"], [["seule"]])


@pytest.fixture
def demander(distribution):
    def demander(adresse):
        requete = RequestFactory().get(adresse)
        requete.user = distribution.mentor
        lignes = ([nom] for nom in ("Roy", "Tremblay"))
        return repondre_export(
            requete,
            "Heures de l’été",
            ["Nom"],
            lignes,
            quoi="essai.heures",
            filtre={"annee": 2026, "q": "", "etat": None},
        )

    return demander


@pytest.mark.parametrize(("adresse", "extension"), [("/", "xlsx"), ("/?format=xlsx", "xlsx"), ("/?format=csv", "csv")])
def test_lexport_part_en_piece_jointe(demander, adresse, extension):
    reponse = demander(adresse)
    assert reponse.headers["Content-Disposition"] == (
        f"attachment; filename*=utf-8''Heures%20de%20l%E2%80%99%C3%A9t%C3%A9.{extension}"
    )
    assert reponse.headers["Cache-Control"] == "no-store"
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert (relire(reponse.content).max_row if extension == "xlsx" else len(lire_csv(reponse.content))) == 3


def test_lexport_est_consigne(demander, distribution):
    demander("/?format=csv")
    entree = Entree.objects.get(acte="export.telecharger")
    assert entree.par == distribution.mentor
    assert entree.details == {"quoi": "essai.heures", "filtre": {"annee": "2026"}, "lignes": 2, "format": "csv"}
