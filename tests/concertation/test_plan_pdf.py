"""Le PDF du plan : rendu à la demande, marqué de qui le lit, gardé nulle part, consigné d’abord (R-253, O-02, N-09)."""

import io

import pytest
from pypdf import PdfReader

from concertation.views import plans as vues
from encadrement.documents.models import Document
from encadrement.signatures.models import Instantane
from tests.concertation import scenes
from tests.concertation.gestes_plan import adresse, lectures, sans_lien
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(distribution):
    return distribution


@pytest.fixture
def situation(d):
    situation = scenes.situation_en_suivi(d)
    refusee = situation.orientations.get(rang=2)
    scenes.plans.ne_pas_appliquer_orientation(refusee, par=refusee.responsable, raison_du_refus=scenes.RAISON)
    sans_lien(situation, d.coordonnatrice, d.autre_gestionnaire)
    return situation


def plat(reponse):
    pages = PdfReader(io.BytesIO(reponse.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


@pytest.mark.exigence("R-253")
def test_le_pdf_reprend_le_plan_et_dit_qui_le_lit(d, client_de, situation):
    reponse = client_de(d.autre_gestionnaire).get(adresse("situation_plan_pdf", situation))
    assert reponse.status_code == 200
    texte = plat(reponse)
    for attendu in (
        "Plan de concertation",
        "Comité de concertation pour les cas complexes",
        situation.numero,
        "SITUATION DÉPERSONNALISÉE",
        "Adulte sans hébergement stable",
        "IMPASSE",
        scenes.RECIT["precision_impasse"][:40],
        "ORIENTATIONS",
        *(ligne for ligne, _ in scenes.ORIENTATIONS),
        "non appliquée",
        "Carole Desbois",
    ):
        assert attendu in texte, attendu
    assert "Aucune ressource disponible" in texte
    # Le filigrane, en travers de la page, et sa redite en marge.
    assert texte.lower().count("lu par carole desbois") >= 2
    assert "Chacun nomme ce qu’il peut faire." not in texte


@pytest.mark.exigence("R-253")
def test_il_part_en_piece_jointe_sans_memoire_ni_mot_de_la_situation_dans_son_nom(d, client_de, situation):
    reponse = client_de(d.coordonnatrice).get(adresse("situation_plan_pdf", situation))
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="plan-{situation.numero}.pdf"'
    assert reponse.headers["Cache-Control"] == "no-store"
    assert reponse.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    meta = PdfReader(io.BytesIO(reponse.content)).metadata
    assert all("hébergement" not in str(valeur) for valeur in meta.values())


def test_rien_n_en_est_garde(d, client_de, situation, settings):
    fichiers = settings.VAR / "fichiers"
    avant = sorted(fichiers.rglob("*")) if fichiers.exists() else []
    comptes = (Document.objects.count(), Instantane.objects.count())
    assert client_de(d.coordonnatrice).get(adresse("situation_plan_pdf", situation)).status_code == 200
    assert (sorted(fichiers.rglob("*")) if fichiers.exists() else []) == avant
    assert (Document.objects.count(), Instantane.objects.count()) == comptes


def test_la_lecture_est_consignee_avant_le_rendu_meme_s_il_echoue(d, client_de, situation, monkeypatch):
    avant = lectures(situation)
    monkeypatch.setattr(vues, "imprimer", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("panne")))
    with pytest.raises(RuntimeError):
        client_de(d.coordonnatrice).get(adresse("situation_plan_pdf", situation))
    (lecture,) = lectures(situation)[len(avant) :]
    assert lecture == (
        d.coordonnatrice.prenom,
        ("precision_impasse", "plan", "orientation 1", "orientation 2", "orientation 3"),
        "PDF du plan",
    )


def test_un_journal_en_panne_ne_rend_aucun_pdf(d, client_de, situation, monkeypatch):
    monkeypatch.setattr(scenes.recits, "consigner", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("journal")))
    rendus = []
    monkeypatch.setattr(vues, "imprimer", lambda *a, **k: rendus.append(a))
    with pytest.raises(RuntimeError):
        client_de(d.coordonnatrice).get(adresse("situation_plan_pdf", situation))
    assert rendus == []


def test_sans_plan_pas_de_pdf_et_rien_de_consigne(d, client_de):
    situation = scenes.situation_transmise(d)
    avant = lectures(situation)
    reponse = client_de(d.mentore).get(adresse("situation_plan_pdf", situation))
    assert reponse.status_code == 409
    assert "n’a pas encore de plan" in texte_de(reponse)
    assert lectures(situation) == avant


def test_un_plan_pas_encore_etabli_le_dit(d, client_de):
    situation = scenes.orientations_ecrites(d)
    assert "(en préparation)" in plat(client_de(d.mentore).get(adresse("situation_plan_pdf", situation)))
