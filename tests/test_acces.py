"""Chaque page × chaque titre : aucune adresse n’existe sans qu’on ait écrit qui la voit."""

import importlib
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import transaction
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


@pytest.mark.parametrize("ligne", LIGNES, ids=str)
def test_chacun_recoit_ce_qui_est_ecrit(ligne, distribution):
    objet = ligne.scene(distribution) if ligne.scene else None
    adresse = reverse(ligne.nom, kwargs=ligne.kwargs(objet))
    donnees = ligne.donnees(objet) if callable(ligne.donnees) else ligne.donnees or {}
    recu = {"personne": _essayer(None, ligne.methode, adresse, donnees)}
    recu |= {nom: _essayer(personne, ligne.methode, adresse, donnees) for nom, personne in distribution}
    ecarts = {nom: (code, recu[nom]) for nom, code in ligne.attendu().items() if recu[nom] != code}
    assert not ecarts, f"{adresse}, personnage → (écrit, reçu) : {ecarts}"


def _essayer(personne, methode, adresse, donnees):
    """Rend le code reçu ; ce que la requête a écrit est annulé, pour que chacun trouve le même dossier."""
    client = ClientDeLaMaison()
    with transaction.atomic():
        if personne is not None:
            client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
            assert SESSION_KEY in client.session
        code = getattr(client, methode)(adresse, donnees).status_code
        transaction.set_rollback(True)
    return code


def test_les_pages_de_connexion_seules_sont_ouvertes(db):
    ouvertes = set()
    for nom, chemin in _adresses():
        if nom != "None" and chemin.startswith(PREFIXE_ALLAUTH) and "<" not in chemin and "(?P" not in chemin:
            reponse = ClientDeLaMaison().get(reverse(nom))
            assert reponse.status_code < 500, nom
            if reponse.status_code == 200:
                ouvertes.add(nom)
    assert ouvertes <= OUVERTES_CHEZ_ALLAUTH
