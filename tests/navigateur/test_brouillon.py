"""L’enregistrement pendant la frappe, sous ce qui arrive vraiment : réseau lent, session finie, deux personnes."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes

POSTES = re.compile(r"/brouillon/$")


@pytest.fixture
def entente(distribution):
    return scenes.remplir(scenes.entente_naissante(distribution))


@pytest.fixture
def redaction(ouvrir, distribution, entente):
    """Rend la page de rédaction, ouverte par la personne nommée."""

    def ouvrir_pour(nom):
        page = ouvrir(distribution[nom])
        page.goto(entente.get_absolute_url() + "modifier/")
        return page

    return ouvrir_pour


def champ(page):
    return page.get_by_label("Fréquence des rencontres")


def etat(page):
    return page.locator("[data-brouillon-etat]")


def frequence(entente):
    return scenes.relire(entente).frequence


def attendre_frequence(page, entente, texte):
    """Laisse arriver l’envoi qui survit à la page, sans compter sur une durée."""
    for _ in range(30):
        page.wait_for_timeout(500)
        if frequence(entente) == texte:
            return
    assert frequence(entente) == texte


def test_le_texte_senregistre_et_lheure_le_dit(redaction, entente):
    page = redaction("mentor")
    champ(page).fill("Chaque mois")
    expect(etat(page)).to_have_text(re.compile(r"^Enregistré à \d{1,2}\sh\s\d\d$"))
    assert frequence(entente) == "Chaque mois"


def test_le_premier_envoi_arrive_sans_reponse_ne_prend_pas_le_pas_sur_la_suite(redaction, entente):
    page = redaction("mentor")
    retenus = []

    def arriver_sans_repondre(route):
        route.fetch()
        retenus.append(route)

    page.route(POSTES, arriver_sans_repondre)
    with page.expect_request(POSTES):
        champ(page).fill("Chaque m")
    attendre_frequence(page, entente, "Chaque m")
    champ(page).fill("Chaque mois, et plus au besoin")
    page.unroute(POSTES)
    page.goto("/verifier/")
    attendre_frequence(page, entente, "Chaque mois, et plus au besoin")


def test_ce_qui_vient_detre_tape_part_avec_la_page(redaction, entente):
    page = redaction("mentor")
    champ(page).fill("Aux deux semaines")
    page.goto("/verifier/")
    attendre_frequence(page, entente, "Aux deux semaines")


def test_une_saisie_refusee_ailleurs_ne_fait_pas_passer_mon_texte_pour_celui_dun_autre(redaction, entente):
    page = redaction("mentor")
    page.evaluate("document.querySelector('[name=debut]').type = 'text'")
    page.locator("[name=debut]").fill("le mois prochain")
    champ(page).fill("Chaque m")
    expect(etat(page)).to_contain_text("Non enregistré")
    champ(page).fill("Chaque mois")
    attendre_frequence(page, entente, "Chaque mois")
    expect(page.locator("dialog")).to_have_count(0)
    page.locator("[name=debut]").fill("")
    expect(etat(page)).to_contain_text("Enregistré à")


def test_session_finie_on_se_reconnecte_sur_place_sans_rien_perdre(redaction, entente, axe):
    page = redaction("mentor")
    Session.objects.all().delete()
    champ(page).fill("Chaque mois")
    dialogue = page.get_by_role("dialog", name="Votre session est terminée")
    expect(dialogue).to_be_visible()
    axe(page)
    dialogue.get_by_label("Mot de passe").fill("pas le bon")
    dialogue.get_by_role("button", name="Me reconnecter").click()
    expect(dialogue.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    dialogue.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    dialogue.get_by_role("button", name="Me reconnecter").click()
    expect(etat(page)).to_contain_text("Enregistré à")
    assert frequence(entente) == "Chaque mois"
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(page.locator(".messages")).to_contain_text("est enregistrée")


def test_envoyer_la_page_quand_la_session_est_finie_ne_perd_pas_le_texte(redaction, entente):
    page = redaction("mentor")
    Session.objects.all().delete()
    champ(page).fill("Chaque mois")
    champ(page).press("Enter")
    dialogue = page.get_by_role("dialog", name="Votre session est terminée")
    dialogue.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    dialogue.get_by_role("button", name="Me reconnecter").click()
    expect(page.locator(".messages")).to_contain_text("est enregistrée")
    assert frequence(entente) == "Chaque mois"


def test_deux_textes_au_meme_endroit_se_comparent_et_se_choisissent(redaction, entente, axe):
    mentor, mentore = redaction("mentor"), redaction("mentore")
    champ(mentor).fill("Aux deux semaines")
    expect(etat(mentor)).to_contain_text("Enregistré à")
    champ(mentore).fill("Chaque mois")
    dialogue = mentore.get_by_role("dialog", name="Deux versions de ce texte")
    expect(dialogue).to_contain_text("Aux deux semaines")
    expect(dialogue).to_contain_text("Chaque mois")
    axe(mentore)
    dialogue.get_by_role("radio", name="Prendre le texte").check()
    dialogue.get_by_role("button", name="Enregistrer ce choix").click()
    expect(champ(mentore)).to_have_value("Aux deux semaines")
    champ(mentore).fill("Aux deux semaines, une heure")
    attendre_frequence(mentore, entente, "Aux deux semaines, une heure")


def test_le_serveur_muet_se_dit_puis_se_rattrape(redaction, entente):
    page = redaction("mentor")
    page.route(POSTES, lambda route: route.abort())
    champ(page).fill("Chaque mois")
    expect(etat(page)).to_contain_text("le serveur ne répond pas")
    page.unroute(POSTES)
    expect(etat(page)).to_contain_text("Enregistré à", timeout=30_000)
    assert frequence(entente) == "Chaque mois"


def test_rien_nest_garde_dans_le_navigateur(redaction):
    page = redaction("mentor")
    champ(page).fill("Chaque mois")
    expect(etat(page)).to_contain_text("Enregistré à")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then((bases) => bases.length)") == 0
