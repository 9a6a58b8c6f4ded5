"""Chromium pour les essais : une page par personne, connectée, en français du Québec, sans rien télécharger."""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from tests.manque import manque

# Playwright tient une boucle d’événements dans le fil de l’essai ; l’ORM y est appelé sans concurrence.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Une machine chargée fait attendre une page ; elle ne la rend pas fausse.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)

ICI = Path(__file__).parent
LARGEUR = {"width": 1280, "height": 900}
ETROIT = {"width": 320, "height": 640}
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for essai in items:
        if ICI in essai.path.parents:
            essai.add_marker(pytest.mark.navigateur)


def _chromium():
    for nom in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if nom and (chemin := shutil.which(nom)):
            return chemin
    return None


@pytest.fixture(scope="module")
def chromium():
    """Un Chromium par fichier d’essais.

    Il s’arrête avec le fichier : tant qu’il vit, une boucle d’événements tourne dans le fil des essais, et pyHanko, qui
    ouvre la sienne pour sceller, y échouerait.
    """
    chemin = _chromium()
    if chemin is None:
        manque("chromium", "cet essai demande Chromium : apt-get install chromium")
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin, args=OPTIONS)
        yield navigateur
        navigateur.close()


@pytest.fixture
def fautes():
    """Les fautes vues par le navigateur pendant l’essai : scripts en erreur, refus de la CSP. Doit rester vide."""
    relevees = []
    yield relevees
    assert relevees == [], "le navigateur s’est plaint"


@pytest.fixture
def ouvrir(chromium, live_server, fautes):
    """Rend une page connectée comme la personne donnée (ou personne) ; `goto` prend des adresses relatives.

    `javascript=False` : sans aucun script. `etroit=True` : un téléphone de 320 px.
    """
    contextes = []

    def page_de(personne=None, *, javascript=True, etroit=False):
        contexte = chromium.new_context(
            base_url=live_server.url,
            locale="fr-CA",
            timezone_id="America/Toronto",
            viewport=ETROIT if etroit else LARGEUR,
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        contextes.append(contexte)
        contexte.set_default_timeout(PATIENCE)
        if personne is not None:
            contexte.add_cookies([_jeton(personne, live_server.url)])
        page = contexte.new_page()
        page.on("pageerror", lambda erreur: fautes.append(str(erreur)))
        page.on("console", lambda message: _relever(message, fautes))
        return page

    yield page_de
    for contexte in contextes:
        contexte.close()


def _jeton(personne, adresse):
    client = Client()
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    nom = settings.SESSION_COOKIE_NAME
    return {"name": nom, "value": client.cookies[nom].value, "url": adresse}


def _relever(message, fautes):
    # Une page 403, 404 ou 409 voulue par l’essai s’annonce ainsi : ce n’est pas une faute de la page.
    if message.type == "error" and "Failed to load resource" not in message.text:
        fautes.append(message.text)


@pytest.fixture
def sans_js(ouvrir):
    """Rend une page connectée dont le navigateur n’exécute aucun script."""
    return lambda personne=None: ouvrir(personne, javascript=False)


@pytest.fixture
def axe():
    """Vérifie l’accessibilité de la page : `axe(page)` échoue en listant chaque défaut et son élément."""

    def verifier(page):
        defauts = [
            f"{defaut['id']} : {defaut['help']} → {[noeud['target'] for noeud in defaut['nodes']][:3]}"
            for defaut in Axe().run(page).response["violations"]
        ]
        assert defauts == [], f"{page.url}\n" + "\n".join(defauts)

    return verifier


@pytest.fixture
def largeur_320():
    """Vérifie qu’à 320 px rien ne déborde : `largeur_320(page)`."""

    def verifier(page):
        avant = page.viewport_size
        page.set_viewport_size(ETROIT)
        debord = page.evaluate("document.documentElement.scrollWidth") - ETROIT["width"]
        page.set_viewport_size(avant)
        assert debord <= 0, f"{page.url} déborde de {debord} px à 320 px"

    return verifier
