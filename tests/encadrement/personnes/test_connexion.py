"""Entrer : par matricule ou courriel, jamais un compte fermé, jamais par la force."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.contrib.auth import get_user
from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import get_random_string

from encadrement.personnes.models import Personne
from tests.factories import MOT_DE_PASSE, PersonneFactory

CONNEXION = "account_login"


@pytest.fixture(autouse=True)
def essais_remis_a_zero():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def personne(db):
    return PersonneFactory(courriel="guylaine.cyr@cisss.exemple")


def entrer(client, identifiant, mot_de_passe=MOT_DE_PASSE):
    return client.post(reverse(CONNEXION), {"login": identifiant, "password": mot_de_passe})


def code(secret):
    compteur = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret, compteur))


@pytest.mark.parametrize("champ", ["matricule", "courriel"])
def test_on_entre_par_matricule_ou_par_courriel(client, personne, champ):
    reponse = entrer(client, getattr(personne, champ))
    assert (reponse.status_code, reponse.url) == (302, "/")
    assert get_user(client) == personne


def test_le_courriel_se_tape_avec_ou_sans_majuscules(client, personne):
    entrer(client, "Guylaine.Cyr@CISSS.exemple")
    assert get_user(client) == personne


def test_la_page_parle_notre_langue(client, db):
    page = client.get(reverse(CONNEXION)).content.decode()
    assert "Matricule ou courriel" in page
    assert "Mot de passe" in page


def test_un_mauvais_mot_de_passe_ne_dit_pas_si_le_compte_existe(client, personne):
    connue = entrer(client, personne.matricule, "faux").content.decode()
    inconnue = entrer(client, "00000", "faux").content.decode()
    phrase = "Cet identifiant et ce mot de passe ne vont pas ensemble."
    assert phrase in connue
    assert phrase in inconnue


def test_un_compte_ferme_n_entre_pas_et_le_lit_en_francais(client, db):
    fermee = PersonneFactory(is_active=False)
    reponse = client.post(reverse(CONNEXION), {"login": fermee.matricule, "password": MOT_DE_PASSE}, follow=True)
    assert reponse.redirect_chain[-1][0] == reverse("account_inactive")
    assert not get_user(client).is_authenticated


def test_un_compte_ferme_perd_sa_session_a_la_requete_suivante(client, personne):
    entrer(client, personne.matricule)
    assert client.get("/").status_code == 200
    Personne.objects.filter(pk=personne.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_cinq_echecs_ferment_la_porte_meme_au_bon_mot_de_passe(client, personne):
    for _ in range(5):
        entrer(client, personne.matricule, get_random_string(12))
    page = entrer(client, personne.matricule)
    assert "Trop d’essais" in page.content.decode()
    assert not get_user(client).is_authenticated


def test_l_inscription_est_fermee(client, db):
    page = client.post(
        reverse("account_signup"), {"username": "x", "email": "x@x.exemple", "password1": "Azerty-12345"}
    )
    assert page.status_code in (200, 403)
    assert not get_user(client).is_authenticated
    assert not Personne.objects.filter(matricule="x").exists()


def test_on_ne_change_pas_son_courriel_ici(client_de, personne):
    reponse = client_de(personne).post(reverse("account_email"), {"action_add": "", "email": "pirate@x.exemple"})
    assert (reponse.status_code, reponse.url) == (302, reverse("accueil:profil"))
    personne.refresh_from_db()
    assert personne.courriel == "guylaine.cyr@cisss.exemple"


def test_on_sort_par_un_envoi_pas_par_un_lien(client, personne):
    entrer(client, personne.matricule)
    client.get(reverse("account_logout"))
    assert get_user(client).is_authenticated
    client.post(reverse("account_logout"))
    assert not get_user(client).is_authenticated


def test_on_change_son_mot_de_passe_et_l_ancien_ne_vaut_plus(client, personne):
    entrer(client, personne.matricule)
    nouveau = "Un-nouveau-mot-2026"
    reponse = client.post(
        reverse("account_change_password"),
        {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau},
    )
    assert reponse.status_code == 302
    personne.refresh_from_db()
    assert personne.check_password(nouveau)


@pytest.mark.parametrize("faible", ["court", "motdepasse", "guylainecyr1"])
def test_un_mot_de_passe_faible_est_refuse(client, personne, faible):
    entrer(client, personne.matricule)
    client.post(
        reverse("account_change_password"), {"oldpassword": MOT_DE_PASSE, "password1": faible, "password2": faible}
    )
    personne.refresh_from_db()
    assert personne.check_password(MOT_DE_PASSE)


def test_se_reauthentifier_demande_son_propre_mot_de_passe(client, personne):
    entrer(client, personne.matricule)
    adresse = reverse("account_reauthenticate")
    assert "Ce mot de passe n’est pas le vôtre" in client.post(adresse, {"password": "faux"}).content.decode()
    assert client.post(adresse, {"password": MOT_DE_PASSE}).status_code == 302


def test_le_second_facteur_s_active_son_secret_est_chiffre_et_il_est_exige(client, personne):
    entrer(client, personne.matricule)
    activation = reverse("mfa_activate_totp")
    client.post(reverse("account_reauthenticate"), {"password": MOT_DE_PASSE})
    page = client.get(activation)
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post(activation, {"code": "000000"}).status_code == 200
    assert client.post(activation, {"code": code(secret)}).status_code == 302
    facteur = Authenticator.objects.get(user=personne, type=Authenticator.Type.TOTP)
    assert secret not in str(facteur.data)
    assert decrypt(facteur.data["secret"]) == secret

    client.post(reverse("account_logout"))
    cache.clear()
    reponse = entrer(client, personne.matricule)
    assert reponse.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert get_user(client) == personne
