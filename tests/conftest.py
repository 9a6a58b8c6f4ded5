"""Les garde-fous de la suite : aucun réseau, aucun gabarit bancal, aucun essai sauté en silence."""

import os
import random
import re
import socket
from types import SimpleNamespace
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from encadrement.notifications import rappels
from tests.distribution import monter
from tests.manque import manque
from tests.modele import partir_du_modele
from tests.rejeu import partir
from tests.vidage import balayer_de_temps_en_temps, vider_en_effacant

# La même graine pour tous les processus d’une exécution : pytest-xdist exige le même ordre partout.
GRAINE = os.environ.setdefault("ENCADREMENT_GRAINE", str(random.randrange(10**6)))


def pytest_report_header(config):
    return f"ordre des essais : ENCADREMENT_GRAINE={GRAINE}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mélange les fichiers, puis les essais de chacun ; pytest-django regroupe ensuite ceux à transactions réelles."""
    hasard = random.Random(GRAINE)
    fichiers = {}
    for essai in sorted(items, key=lambda essai: essai.nodeid):
        fichiers.setdefault(essai.path, []).append(essai)
    groupes = list(fichiers.values())
    hasard.shuffle(groupes)
    for groupe in groupes:
        hasard.shuffle(groupe)
    items[:] = [essai for groupe in groupes for essai in groupe]


def pytest_runtest_setup(item):
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        manque("postgresql", "cet essai demande PostgreSQL : ./tester s’en procure un")


# --- Garde-fous -------------------------------------------------------------------------------------------------


class ReseauInterdit(AssertionError):
    """L’essai a voulu sortir de la machine."""


def _est_locale(adresse):
    return not isinstance(adresse, tuple) or adresse[0] in {"127.0.0.1", "localhost", "::1", ""}


@pytest.fixture(autouse=True, scope="session")
def aucun_reseau():
    """Toute connexion hors de la machine échoue."""
    monkeypatch = pytest.MonkeyPatch()

    for nom in ("connect", "connect_ex"):
        vraie = getattr(socket.socket, nom)

        def gardee(self, adresse, vraie=vraie):
            if not _est_locale(adresse):
                raise ReseauInterdit(f"connexion à {adresse} interdite pendant les essais")
            return vraie(self, adresse)

        monkeypatch.setattr(socket.socket, nom, gardee)
    yield
    monkeypatch.undo()


@pytest.fixture(autouse=True, scope="session")
def base_tenue_propre():
    monkeypatch = pytest.MonkeyPatch()
    vider_en_effacant(monkeypatch)
    balayer_de_temps_en_temps(monkeypatch)
    yield
    monkeypatch.undo()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    monkeypatch = pytest.MonkeyPatch()
    with django_db_blocker.unblock():
        partir_du_modele(monkeypatch)
    yield
    monkeypatch.undo()


@pytest.fixture(autouse=True)
def var_jetable(settings, tmp_path):
    """Chaque essai a son dossier de fichiers ; rien n’est écrit dans celui de la machine."""
    settings.VAR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path / "fichiers"},
        },
    }
    return tmp_path


@pytest.fixture(autouse=True)
def limites_remises_a_zero():
    """Les limites d’essais (connexion, vérification) se comptent dans le cache : chaque essai repart de zéro."""
    cache.clear()


@pytest.fixture(autouse=True)
def coups_de_pouce():
    """Les tâches publiées pendant l’essai, par nom ; aucune ne part : la table est la file."""
    publiees = []

    def noter(self, *args, **kwargs):
        publiees.append(self.name)
        return SimpleNamespace(id="essai")

    with mock.patch("celery.app.task.Task.apply_async", noter):
        yield publiees


# --- La troupe et ses navigations -------------------------------------------------------------------------------


@pytest.fixture
def distribution(db, monkeypatch):
    """La troupe des essais (tests/distribution.py) ; les scènes qui en partent se rejouent (tests/rejeu.py)."""
    return partir(monter(), monkeypatch)


@pytest.fixture
def relances_de_la_mesure(request):
    """Le balayage ne lit que la source de la mesure éprouvée, et ses sondages : des mois de jours n’ont rien à tirer d’autres."""
    siennes = {nom: rappels._sources[nom] for nom in (request.path.parent.name, "sondages")}
    with mock.patch.dict(rappels._sources, siennes, clear=True):
        yield


@pytest.fixture
def menu_sans_pastille():
    """Pour qui lit des centaines de pages sans regarder la pastille « À faire » : elle en coûte une bonne part."""
    with mock.patch("encadrement.accueil.contexte.nombre_a_faire", return_value=0):
        yield


_INTERDITS = {
    "une balise de gabarit": re.compile(r"\{\{|\{%"),
    "un style en ligne": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "un gestionnaire en ligne": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "un script en ligne": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE),
    "une feuille en ligne": re.compile(r"<style\b", re.IGNORECASE),
}


class ClientDeLaMaison(Client):
    """Client d’essai qui refuse une page contraire à la CSP ou mal gabariée."""

    def request(self, **requete):
        reponse = super().request(**requete)
        if not reponse.streaming and reponse.get("Content-Type", "").startswith("text/html"):
            page = reponse.content.decode(reponse.charset)
            for nom, motif in _INTERDITS.items():
                trouve = motif.search(page)
                assert trouve is None, f"{nom} dans {requete.get('PATH_INFO')} : {page[trouve.start() :][:120]}"
        return reponse


@pytest.fixture
def client():
    """Un client que personne n’a connecté."""
    return ClientDeLaMaison()


@pytest.fixture
def client_de():
    """Rend un client connecté comme la personne donnée : `client_de(distribution.mentor)`."""

    def connecter(personne):
        client = ClientDeLaMaison()
        client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return connecter
