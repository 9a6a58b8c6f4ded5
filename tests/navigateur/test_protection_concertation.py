"""Le navigateur ne garde rien d’une situation; ce qui la protège tient au clavier, à 320 px et sans script (D-05, S-14)."""

import re
import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from concertation.models import AccesExceptionnel, Exclusion
from concertation.views import zone
from encadrement.incidents.models import Incident
from tests.concertation import scenes
from tests.concertation.gestes import adresse, declares
from tests.encadrement.incidents import scenes as incidents
from tests.factories import MOT_DE_PASSE

pytestmark = pytest.mark.django_db(transaction=True)

MOT = "Zibeline dans le navigateur"
# Tout ce qu’une page peut laisser derrière elle, lu d’un coup.
STOCKAGE = """async () => {
  const bases = await indexedDB.databases();
  const caches_ = await caches.keys();
  return JSON.stringify([{...localStorage}, {...sessionStorage}, bases, caches_, document.cookie, history.state, window.name]);
}"""


@pytest.fixture
def d(distribution):
    return distribution


def test_d_05_apres_avoir_ecrit_le_navigateur_ne_garde_rien(d, ouvrir):
    situation = scenes.situation_en_redaction(d)
    page = ouvrir(d.mentore)
    page.goto(adresse("situation_modifier", situation))
    for champ in ("question", "contexte", "recherches", "attentes", "partenaires"):
        page.locator(f'[name="{champ}"]').fill(f"{MOT}, {champ}")
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Enregistré")
    assert "Zibeline" not in page.evaluate(STOCKAGE)
    page.get_by_role("button", name=re.compile("Enregistrer")).last.click()
    page.wait_for_load_state()
    assert "Zibeline" not in page.evaluate(STOCKAGE)
    # La page relue n’a rien laissé non plus, et le retour en arrière repasse par le serveur.
    page.goto(situation.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Zibeline")
    assert page.evaluate(STOCKAGE) == '[{},{},[],[],"",null,""]'


def test_s_14_apres_la_deconnexion_le_retour_en_arriere_ne_montre_rien(d, ouvrir):
    situation = scenes.situation_transmise(d)
    page = ouvrir(d.mentore)
    page.goto(situation.get_absolute_url())
    expect(page.locator("main")).to_contain_text(scenes.RECIT["question"][:30])
    page.locator("details.profil summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: "/concertation/" not in url)
    page.go_back()
    page.wait_for_load_state()
    assert scenes.RECIT["question"][:30] not in page.content()


def _laisser(page, minutes=20):
    """Fait comme si la dernière page de la zone datait de tant de minutes."""
    cle = next(temoin["value"] for temoin in page.context.cookies() if "session" in temoin["name"])
    session = SessionStore(cle)
    session["zone"] = int(time.time()) - minutes * 60
    session.save()


def test_d_03_un_envoi_verrouille_se_reprend_sans_rien_retaper_ni_script(d, sans_js):
    situation = scenes.situation_transmise(d)
    page = sans_js(d.dsm)
    page.goto(reverse("concertation:exception_demander"))
    page.get_by_label("Code de la situation").fill(situation.numero)
    page.get_by_label("Motif").fill("Ligne un.\nLigne deux, « Zibeline » & <b>.")
    _laisser(page, zone.INACTIVITE // 60 + 5)
    page.get_by_role("button", name="Demander").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmer votre identité")
    page.get_by_label("Votre mot de passe").fill("pas le bon")
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est perdu")
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.locator(".message")).to_contain_text("une seconde personne")
    assert AccesExceptionnel.objects.get().motif == "Ligne un.\nLigne deux, « Zibeline » & <b>."


def test_l_enregistrement_a_mesure_se_reconnecte_sur_place_apres_le_verrou(d, ouvrir):
    situation = scenes.situation_en_redaction(d)
    page = ouvrir(d.mentore)
    page.goto(adresse("situation_modifier", situation))
    _laisser(page)
    page.locator('[name="question"]').fill(MOT)
    dialogue = page.get_by_role("dialog")
    expect(dialogue).to_be_visible()
    dialogue.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    dialogue.get_by_role("button", name="Me reconnecter").click()
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Enregistré")
    assert page.locator('[name="question"]').input_value() == MOT
    assert "Zibeline" not in page.evaluate(STOCKAGE)


def test_declarer_puis_exclure_au_clavier_et_sans_script(d, sans_js):
    situation = scenes.situation_transmise(d)
    page = sans_js(d.coordonnatrice)
    page.goto(situation.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avant de lire")
    page.get_by_label("Non, je n’ai aucun lien avec elle").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(situation.numero)
    page.goto(adresse("situation_exclusions", situation))
    page.locator("#id_personne").fill("Landry Édith")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_contain_text("vaut dès maintenant")
    assert Exclusion.objects.get().personne == d.delegue


def _pages(d):
    """Rend [(personne, adresse)] des pages qui protègent, remplies."""
    situation = declares(scenes.situation_transmise(d), d.coordonnatrice, d.gestionnaire)
    for personne in (d.coordonnatrice, d.gestionnaire, d.mentore):
        scenes.lu(situation, personne)
    exclusion = scenes.exclusions.exclure(situation, par=d.mentore, personne=d.parrain)
    demande = scenes.exclusions.demander_exception(situation.numero, par=d.dsm, motif="Urgence de nuit.")
    incident = incidents.complet(d)
    return [
        (d.delegue, adresse("situation_declarer", situation)),
        (d.mentore, adresse("situation_exclusions", situation)),
        (d.mentore, adresse("exclusion_lever", exclusion)),
        (d.prp, adresse("situation_lectures", situation)),
        (d.prp, reverse("concertation:exceptions")),
        (d.dsm, reverse("concertation:exception_demander")),
        (d.prp, adresse("exception_approuver", demande)),
        (d.prp, reverse("concertation:conservation")),
        (d.membre, reverse("incidents:signaler")),
        (d.prp, reverse("incidents:registre")),
        (d.prp, incident.get_absolute_url()),
        (d.prp, reverse("incidents:incident_modifier", args=[incident.uuid])),
        (d.prp, reverse("incidents:incident_avis", args=[incident.uuid])),
    ]


def test_les_pages_qui_protegent_sont_accessibles_et_tiennent_a_320_px(d, ouvrir, axe, largeur_320):
    for personne, url in _pages(d):
        page = ouvrir(personne)
        page.goto(url)
        assert page.locator("h1").count() == 1, url
        axe(page)
        largeur_320(page)


def test_signaler_un_incident_depuis_le_pied_de_page_au_clavier(d, ouvrir):
    page = ouvrir(d.membre)
    page.goto(reverse("accueil:a_faire"))
    page.get_by_role("link", name="Signaler un incident").press("Enter")
    page.get_by_label("Ce qui s’est passé").fill("Un courriel est parti au mauvais destinataire.")
    page.get_by_label("Des usagers des services").check()
    page.get_by_role("button", name="Signaler").press("Enter")
    expect(page.locator(".message")).to_contain_text("Le signalement INC-")
    assert Incident.objects.get().signale_par == d.membre
