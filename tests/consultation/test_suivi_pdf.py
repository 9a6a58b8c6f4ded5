"""Le PDF de l’annexe 13 : les huit colonnes en paysage, ce que l’écran montre, et à qui il est (R-192, R-402)."""

import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from consultation.actions import suivi
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.personnes.models import Attribution
from encadrement.socle.erreurs import ErreurMetier
from tests.consultation import scenes
from tests.consultation.test_suivi_tableau import HUIT_COLONNES, ligne
from tests.consultation.traces import rien_decrit
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
PDF = reverse("consultation:suivi_pdf")


def les_deux_lignes(d):
    """Les deux consultations de G. Cyr de l’annexe remplie."""
    ligne(d, jour=datetime.date(2026, 5, 12), sujet=None, nouveau_sujet="Coussin d’assise, plaie stade 2",
          commentaires="Suivi à 3 sem.")  # fmt: skip
    ligne(d, jour=datetime.date(2026, 6, 3), demandeur=d.animatrice, minutes=90, sujet=None,
          nouveau_sujet="Fauteuil motorisé, conduite au menton")  # fmt: skip


def demander(client, **filtres):
    """Demande le PDF par la page et rend (réponse du téléchargement, pages)."""
    reponse = client.post(PDF, query_params=filtres)
    assert reponse.status_code == 302, texte_de(reponse)
    remis = client.get(reponse.url)
    assert remis.status_code == 200
    return remis, PdfReader(io.BytesIO(remis.content)).pages


def plat(page):
    return " ".join(page.extract_text().replace("\xa0", " ").split())


@pytest.mark.exigence("R-192", "R-402")
def test_les_huit_colonnes_en_paysage_et_le_total(distribution, client_de):
    les_deux_lignes(distribution)
    remis, pages = demander(client_de(distribution.mentor))
    boite = pages[0].mediabox
    assert boite.width > boite.height
    texte = plat(pages[0])
    for titre in HUIT_COLONNES:
        assert titre in texte
    for valeur in (
        "Guylaine Cyr",
        scenes.EXPERTISE,
        "2026-05-12",
        "Loïc St-Onge",
        "45 min",
        "Coussin d’assise, plaie stade 2",
        "Suivi à 3 sem.",
        "2026-06-03",
        "1 h 30",
        "Fauteuil motorisé, conduite au menton",
        "Total : 2 consultations 2 h 15",
    ):
        assert valeur in texte, valeur
    assert remis.headers["Content-Disposition"] == 'attachment; filename="tableau-de-suivi.pdf"'


@pytest.mark.exigence("R-402")
def test_le_pdf_a_les_lignes_et_les_filtres_de_l_ecran(distribution, client_de):
    les_deux_lignes(distribution)
    ligne(distribution, expert=distribution.animatrice, demandeur=distribution.collegue)
    remis, pages = demander(client_de(distribution.dsm), expert=str(distribution.mentor.uuid), du="2026-06-01")
    texte = plat(pages[0])
    assert "Total : 1 consultation 1 h 30" in texte
    assert "du 2026-06-01, Guylaine Cyr" in texte
    assert "Coussin d’assise" not in texte
    assert "Marie-Ève Huard" in texte  # la demanderesse
    assert "Cyr" not in remis.headers["Content-Disposition"]


def test_rien_a_imprimer_se_dit_sans_rien_ecrire(distribution, client_de):
    with rien_decrit():
        page = client_de(distribution.mentore).post(PDF)
    assert page.status_code == 409
    assert "Aucune consultation à imprimer" in texte_de(page)


def test_trop_de_lignes_renvoient_au_classeur(distribution, monkeypatch):
    les_deux_lignes(distribution)
    monkeypatch.setattr(suivi, "LIGNES_IMPRIMEES", 1)
    with rien_decrit(), pytest.raises(ErreurMetier, match="au plus 1 consultations"):
        suivi.imprimer_tableau(scenes.suivi.LigneSuivi.objects.all(), par=distribution.mentor)


def test_un_tableau_imprime_est_a_qui_l_a_imprime(distribution, client_de):
    d = distribution
    les_deux_lignes(d)
    mien = client_de(d.mentor).post(PDF).url
    for qui in (d.mentore, d.dsm, d.superutilisateur):
        assert client_de(qui).get(mien).status_code == 404
    assert client_de(d.mentor).get(mien).status_code == 200


def test_celui_de_toute_la_maison_cesse_de_se_lire_avec_le_role(distribution, client_de):
    d = distribution
    les_deux_lignes(d)
    page = client_de(d.appr).post(PDF).url
    assert client_de(d.appr).get(page).status_code == 200
    Attribution.objects.filter(personne=d.appr).update(fin=datetime.date(2020, 1, 2))
    assert client_de(d.appr).get(page).status_code == 404


def test_le_meme_tableau_est_le_meme_document_et_une_ligne_de_plus_en_fait_un_autre(distribution, client_de):
    les_deux_lignes(distribution)
    client = client_de(distribution.mentor)
    premier = client.post(PDF).url
    assert client.post(PDF).url == premier
    ligne(distribution, minutes=5)
    assert client.post(PDF).url != premier
    assert Document.objects.count() == 2


def test_un_long_tableau_repete_ses_titres_et_ne_coupe_pas_une_ligne(distribution):
    d = distribution
    for rang in range(40):
        ligne(d, minutes=1 + rang, commentaires=f"Commentaire {rang} " + "très long " * 20)
    document = produire(suivi.imprimer_tableau(scenes.suivi.LigneSuivi.objects.all(), par=d.mentor))
    assert document.est_produit, document.erreur
    with document.fichier.open("rb") as fichier:
        pages = PdfReader(io.BytesIO(fichier.read())).pages
    du_tableau = [plat(page) for page in pages if "Commentaire" in plat(page)]
    assert len(du_tableau) > 2
    assert all("Nom de l’expert" in page for page in du_tableau)
