"""Le napperon : la communauté en une page, à l’écran et en PDF, quels que soient les textes."""

import io
import random

import pytest
from pypdf import PdfReader

from cdp.actions import adhesions, communautes
from cdp.actions.napperon import abreger, contenu_napperon, imprimer_napperon
from cdp.models import Besoin
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.personnes.organisation import TitreEmploi
from tests.cdp import scenes
from tests.cdp.annuel import adresse
from tests.factories import PersonneFactory, ServiceFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db

A4 = (595, 842)


def _pdf(document):
    document = produire(document)
    assert document.est_produit, document.erreur
    with document.fichier.open("rb") as fichier:
        return PdfReader(io.BytesIO(fichier.read()))


def _remplie(d):
    """Une communauté dont chaque texte va au bout de ce que la fiche permet."""
    communaute = scenes.communaute_active(d)
    mots = "évaluation intervention réadaptation harmonisation développement gaspésienne interdisciplinaire".split()
    hasard = random.Random(7)

    def long(maximum):
        return " ".join(hasard.choices(mots, k=maximum // 8))[:maximum]

    saisi = {champ: long(4000) for champ in ("domaine", "groupe", "pratique", "retombees")}
    saisi |= {"nom": long(160), "clientele": long(300), "themes": "\n".join(long(95) for _ in range(10))}
    saisi |= {f"besoin_{besoin}": True for besoin in Besoin.values}
    communautes.ecrire_fiche(communaute, par=d.animatrice, temoins={}, saisi=saisi)
    communaute.titres_emploi.set(TitreEmploi.objects.all())
    service = ServiceFactory(nom=long(110))
    for rang in range(4):
        personne = PersonneFactory(
            prenom="Marie-Madeleine",
            nom=f"Desrochers-Castonguay-{rang}",
            service=service,
            courriel=f"marie-madeleine.desrochers-castonguay-{rang}.cisssgaspesie@ssss.gouv.qc.ca",
            titre_emploi=d.animatrice.titre_emploi,
        )
        adhesions.accepter_invitation(
            adhesions.inviter(communaute, personne, par=d.animatrice, role="animateur"), par=personne
        )
    for dans in (20, 50, 80, 110, 140, 170):
        scenes.rencontre_planifiee(d, communaute, dans=dans, mode="hybride", lieu=long(200))
    return communaute


@pytest.mark.exigence("R-455")
@pytest.mark.parametrize("scene", [scenes.communaute_active, _remplie])
def test_le_pdf_tient_sur_une_page_a4(distribution, scene):
    lu = _pdf(imprimer_napperon(scene(distribution), par=distribution.animatrice))
    assert len(lu.pages) == 1
    boite = lu.pages[0].mediabox
    assert (round(boite.width), round(boite.height)) == A4
    assert "Qui joindre" in lu.pages[0].extract_text()


@pytest.mark.exigence("R-455")
def test_le_napperon_dit_le_domaine_les_themes_les_dates_le_modele_les_retombees_et_qui_joindre(
    distribution, client_de
):
    communaute = scenes.communaute_active(distribution)
    scenes.plan_approuve(distribution, communaute)
    rencontre = scenes.rencontre_convoquee(distribution, communaute)
    page = texte_de(client_de(distribution.mentore).get(adresse("communaute_napperon", communaute)))
    for attendu in (
        scenes.FICHE["domaine"],
        "Bégaiement",
        f"{rencontre.jour.day} ",
        "6 rencontres de 3 h par année",
        scenes.FICHE["retombees"],
        distribution.animatrice.courriel,
        "Pierre-Luc Barriault, gestionnaire parrain",
    ):
        assert attendu in page


def test_ce_qui_est_aux_membres_n_y_parait_pas(distribution):
    communaute = scenes.communaute_active(distribution)
    scenes.rencontre_convoquee(distribution, communaute)
    dit = str(contenu_napperon(communaute))
    assert scenes.LIEN not in dit
    assert scenes.FICHE["accueil"] not in dit
    assert "Grille TDL" not in dit


def test_le_meme_jour_le_meme_napperon_est_le_meme_document(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    page = adresse("communaute_napperon", communaute)
    client = client_de(distribution.mentore)
    premier = client.post(page).url
    assert client.post(page).url == premier
    communautes.ecrire_fiche(communaute, par=distribution.animatrice, temoins={}, saisi={"clientele": "Familles"})
    assert client.post(page).url != premier
    assert Document.objects.count() == 2


def test_un_texte_s_abrege_a_la_fin_d_un_mot():
    assert abreger("un  deux\ntrois", 40) == "un deux trois"
    assert abreger("un deux, trois", 9) == "un deux\xa0…"
    assert len(abreger("a" * 50, 10)) <= 12
