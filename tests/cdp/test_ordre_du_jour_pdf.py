"""Le PDF de l’annexe 9 : l’en-tête, le tableau, les suivis qui reviennent, et qui le lit (R-393 à R-395)."""

import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cdp.actions import ordre_du_jour as actions
from cdp.actions import rencontres, suivis
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.documents.rendu import rendre
from tests.cdp import scenes
from tests.cdp.acces_rencontres import joindre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_septembre(time_machine):
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)


@pytest.fixture
def rencontre(distribution):
    """Mardi 15 septembre 2026, de 13 h 30 à 16 h 30, trois points de 45, 30 et 40 minutes."""
    return scenes.rencontre_planifiee(distribution)


def _pdf(rencontre):
    rendu = rendre(Document.objects.get(instantane=rencontre.ordre_du_jour))
    page = PdfReader(io.BytesIO(rendu.octets)).pages[0].extract_text()
    return " ".join(page.replace("\xa0", " ").split())


@pytest.mark.exigence("R-148", "R-393", "R-394", "R-395")
def test_le_pdf_dit_len_tete_et_le_tableau_de_lannexe(distribution, rencontre):
    joindre(distribution, rencontre)
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    texte = _pdf(rencontre).casefold()
    for attendu in (
        "projet d’ordre du jour de la rencontre de la communauté de pratique",
        "par teams ou visioconférence le mardi 15 septembre 2026 de 13 h 30 à 16 h 30",
        "# heure sujet responsables pièce jointe",
        "1. 13 h 30 ouverture et mot de bienvenue",
        "4. autres points :",
        "4.1 13 h 30 45 min grille tdl : retour des essais zélie babin grille.pdf",
        "5. 15 h 25 évaluation de la rencontre",
        "7. 15 h 25 fin de la rencontre",
    ):
        assert attendu in texte, attendu


@pytest.mark.exigence("R-390", "R-395")
def test_un_suivi_ouvert_revient_au_pdf_jusqua_sa_cloture(distribution):
    precedente = scenes.rencontre_publiee(distribution, il_y_a=9)
    ouvert, clos = precedente.suivis.order_by("pk")
    suivis.clore_suivi(clos, par=distribution.animatrice)
    texte = _pdf(scenes.rencontre_convoquee(distribution, dans=20))
    assert f"{ouvert.texte}, {ouvert.qui}, {ouvert.quand}" in texte
    assert clos.texte not in texte


def test_une_personne_invitee_na_pas_le_pdf_ni_les_suivis(distribution, client_de):
    suivi = scenes.rencontre_publiee(distribution, il_y_a=9).suivis.first()
    rencontre = scenes.rencontre_convoquee(distribution, dans=20)
    rencontres.inviter_a_la_rencontre(rencontre, par=distribution.animatrice, personne=distribution.collegue)
    document = produire(rencontre.ordre_du_jour.document)
    telecharger = reverse("documents:telecharger", args=[document.uuid])
    assert client_de(distribution.membre).get(telecharger).status_code == 200
    assert client_de(distribution.collegue).get(telecharger).status_code == 404
    page = client_de(distribution.collegue).get(rencontre.get_absolute_url()).content.decode()
    assert "Grille TDL" in page
    assert suivi.texte not in page
    assert telecharger not in page


@pytest.mark.exigence("R-393")
def test_sans_duree_le_pdf_na_pas_de_colonne_dheures(distribution):
    communaute = scenes.communaute_active(distribution)
    debut = scenes.moment(14)[0]
    (rencontre,) = rencontres.planifier_rencontres(
        communaute,
        [(debut, debut + datetime.timedelta(hours=2))],
        par=distribution.animatrice,
        mode="presence",
        lieu="Salle B-204",
    )
    actions.ajouter_point(rencontre, par=distribution.animatrice, sujet="Télépratique")
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    texte = _pdf(rencontre).casefold()
    assert "en personne, salle b-204" in texte
    assert "# sujet responsables pièce jointe" in texte
