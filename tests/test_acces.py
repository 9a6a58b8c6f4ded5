"""Chaque page × chaque titre : aucune adresse n’existe sans qu’on ait écrit qui la voit."""

import importlib
from collections import defaultdict
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse

from tests.conftest import ClientDeLaMaison

ICI = Path(__file__).parent
LIGNES = [
    ligne
    for fichier in sorted({ICI / "acces_attendu.py", *ICI.glob("*/acces_attendu.py")})
    for ligne in importlib.import_module(".".join(["tests", *fichier.relative_to(ICI).with_suffix("").parts])).ACCES
]
# Les pages d’allauth : la connexion s’ouvre à tous, les autres demandent d’être connecté.
PREFIXE_ALLAUTH = "compte/"
OUVERTES_CHEZ_ALLAUTH = {
    "account_login",
    "account_signup",
    "account_email_verification_sent",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
}


@pytest.fixture(autouse=True)
def sessions_en_memoire(settings):
    """Des milliers de connexions d’un instant : la base n’a pas à les garder."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.fixture
def refus_nus():
    """Les pages 403 et 404, et la trace d’un refus, ont leurs essais : ici, des milliers de fois, seul le code importe."""

    def repondre(self, code):
        return lambda request, exception=None: HttpResponse(status=code)

    with (
        mock.patch("django.urls.resolvers.URLResolver.resolve_error_handler", repondre),
        mock.patch("encadrement.acces.middleware.consigner"),
    ):
        yield


def _adresses(motifs=None, espace="", prefixe=""):
    for motif in get_resolver().url_patterns if motifs is None else motifs:
        chemin = f"{prefixe}{motif.pattern}"
        if isinstance(motif, URLPattern):
            yield f"{espace}{motif.name}", chemin
        else:
            suite = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from _adresses(motif.url_patterns, suite, chemin)


def test_chaque_adresse_a_sa_ligne():
    de_la_maison = {nom for nom, chemin in _adresses() if not chemin.startswith(PREFIXE_ALLAUTH)}
    ecrites = {ligne.nom for ligne in LIGNES}
    assert not de_la_maison - ecrites, f"sans ligne dans un acces_attendu.py : {sorted(de_la_maison - ecrites)}"
    assert not ecrites - de_la_maison, f"lignes d’une adresse disparue : {sorted(ecrites - de_la_maison)}"


def _par_scene():
    """Rend les lignes par scène : elle se joue une fois pour toutes celles qui la demandent."""
    scenes = defaultdict(list)
    for rang, ligne in enumerate(LIGNES):
        # Sans scène, les lignes se partagent par adresse, pour que les deux processus en aient autant.
        scenes[ligne.scene or ligne.nom.partition(":")[0]].append((rang, ligne))
    return [
        pytest.param([ligne for _, ligne in lignes], id=f"{lignes[0][0]}-{lignes[0][1]}") for lignes in scenes.values()
    ]


@pytest.mark.usefixtures("menu_sans_pastille", "refus_nus")
@pytest.mark.parametrize("lignes", _par_scene())
def test_chacun_recoit_ce_qui_est_ecrit(lignes, distribution):
    scene = lignes[0].scene
    objet = scene(distribution) if scene else None
    ecarts = {}
    for ligne in lignes:
        adresse = reverse(ligne.nom, kwargs=ligne.kwargs(objet))
        donnees = ligne.donnees(objet) if callable(ligne.donnees) else ligne.donnees or {}
        recu = {"personne": _essayer(None, ligne.methode, adresse, donnees)}
        recu |= {nom: _essayer(personne, ligne.methode, adresse, donnees) for nom, personne in distribution}
        faux = {nom: (code, recu[nom]) for nom, code in ligne.attendu().items() if recu[nom] != code}
        if faux:
            ecarts[f"{ligne} {adresse}"] = faux
    assert not ecarts, f"adresse, personnage → (écrit, reçu) : {ecarts}"


def _essayer(personne, methode, adresse, donnees):
    """Rend le code reçu ; ce que la requête a écrit est annulé, pour que chacun trouve le même dossier."""
    client = ClientDeLaMaison()
    with transaction.atomic():
        if personne is not None:
            client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
            assert SESSION_KEY in client.session
        reponse = getattr(client, methode)(adresse, donnees)
        # Un fichier remis reste ouvert tant qu’on ne l’a pas lu. Refermer la réponse soi-même fermerait aussi la connexion.
        if reponse.streaming:
            reponse.getvalue()
        transaction.set_rollback(True)
    return reponse.status_code


def test_les_pages_de_connexion_seules_sont_ouvertes(db):
    ouvertes = set()
    for nom, chemin in _adresses():
        if nom != "None" and chemin.startswith(PREFIXE_ALLAUTH) and "<" not in chemin and "(?P" not in chemin:
            reponse = ClientDeLaMaison().get(reverse(nom))
            assert reponse.status_code < 500, nom
            if reponse.status_code == 200:
                ouvertes.add(nom)
    assert ouvertes <= OUVERTES_CHEZ_ALLAUTH
