"""L’attestation de présence : une personne, une année, ses rencontres et leur durée, en PDF scellé (R-461)."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cdp.actions import adhesions, heures
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.socle.temps import AnneeFinanciere, jour_local
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def annee():
    return AnneeFinanciere.du(jour_local())


def adresse(adhesion):
    return reverse("cdp:adhesion_attester", args=[adhesion.uuid])


def _texte(document):
    produit = produire(document)
    assert produit.est_produit, produit.erreur
    with produit.fichier.open("rb") as fichier:
        pages = PdfReader(io.BytesIO(fichier.read())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


@pytest.mark.exigence("R-461")
def test_lattestation_porte_les_rencontres_ou_la_personne_etait(distribution, client_de):
    rencontre = scenes.rencontre_publiee(distribution)
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    client = client_de(distribution.secretaire)
    assert "Total" in texte_de(client.get(adresse(adhesion)))
    reponse = client.post(adresse(adhesion))
    document = Document.objects.get(instantane__nature="cdp_presence")
    assert reponse.url == reverse("documents:telecharger", args=[document.uuid])
    texte = _texte(document)
    for attendu in ("Attestation de présence", "Zélie Babin", "Orthophoniste", "3 h", rencontre.communaute.nom):
        assert attendu.lower() in texte.lower()


@pytest.mark.exigence("R-461")
def test_une_absence_ne_satteste_pas(distribution, client_de, annee):
    scenes.rencontre_publiee(distribution)
    adhesion = scenes.adhesion_de(distribution, "membre")
    client = client_de(distribution.membre)
    assert "Aucune présence notée cette année" in texte_de(client.get(adresse(adhesion)))
    with rien_decrit():
        reponse = client.post(adresse(adhesion))
    assert reponse.status_code == 409
    assert f"Aucune présence n’est notée en {annee}" in texte_de(reponse)


def test_demandee_deux_fois_cest_le_meme_document(distribution, annee):
    scenes.rencontre_publiee(distribution)
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    une = heures.attester_presence(adhesion, annee, par=distribution.secretaire)
    assert heures.attester_presence(adhesion, annee, par=distribution.animatrice) == une


@pytest.mark.exigence("R-461")
def test_qui_a_quitte_obtient_encore_son_attestation(distribution, client_de):
    scenes.rencontre_publiee(distribution)
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    adhesions.quitter(adhesion, par=distribution.secretaire)
    assert client_de(distribution.secretaire).post(adresse(adhesion)).status_code == 302


def test_son_gestionnaire_voit_ses_presences_sans_pouvoir_attester(distribution, client_de):
    scenes.rencontre_publiee(distribution)
    adhesion = scenes.adhesion_de(distribution, "secretaire")
    cheffe = client_de(distribution.secretaire.superieur)
    page = texte_de(cheffe.get(adresse(adhesion)))
    assert "Total" in page
    assert "Obtenir l’attestation" not in page
    with rien_decrit():
        assert cheffe.post(adresse(adhesion)).status_code == 403


@pytest.mark.exigence("R-149", "R-396", "R-397", "R-398", "R-399")
def test_le_pdf_du_compte_rendu_reproduit_lannexe_10(distribution):
    rencontre = scenes.rencontre_publiee(distribution)
    texte = _texte(Document.objects.get(instantane=rencontre.compte_rendu))
    for attendu in (
        "Compte rendu de la rencontre de la communauté de pratique",
        "13 h 30 à 16 h 30",
        "Présences : 2",
        "Absences : 1",
        "Invités : 1",
        "Line Metallic, Gesgapegiag",
        "Points à l’ordre du jour",
        "Sommaire des discussions et des décisions prises",
        "Suivi / échéance",
        "4.1 Grille TDL",
        "quand le budget sera connu",
    ):
        assert attendu.lower() in texte.lower(), attendu
