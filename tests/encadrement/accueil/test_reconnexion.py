"""Se reconnecter sur place : la session a pris fin pendant qu’on écrivait, le texte reste à l’écran."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import MOT_DE_PASSE, PersonneFactory

ADRESSE = "/reconnexion/"


@pytest.fixture(autouse=True)
def essais_remis_a_zero():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def page_perimee(db):
    """Un navigateur qui vérifie le jeton, dont la page est encore ouverte et la session finie : (client, jeton)."""
    client = Client(enforce_csrf_checks=True)
    reponse = client.get(reverse("account_login"))
    return client, str(reponse.context["csrf_token"])


def poster(page, qui, mot_de_passe=MOT_DE_PASSE, **champs):
    client, jeton = page
    return client.post(
        ADRESSE,
        {
            "identifiant": qui.matricule,
            "mot_de_passe": mot_de_passe,
            "csrfmiddlewaretoken": jeton,
            **champs,
        },
    )


def test_le_jeton_de_la_page_suffit_et_un_neuf_revient(page_perimee):
    personne = PersonneFactory()
    reponse = poster(page_perimee, personne, personne=str(personne.uuid))
    assert reponse.status_code == 200
    assert get_user(page_perimee[0]) == personne
    neuf = reponse.json()["jeton_csrf"]
    client = page_perimee[0]
    assert client.post(reverse("accueil:fil_lu"), {"csrfmiddlewaretoken": page_perimee[1]}).status_code == 403
    assert client.post(reverse("accueil:fil_lu"), {"csrfmiddlewaretoken": neuf}).status_code == 302


def test_sans_jeton_rien_ne_s_ouvre(page_perimee):
    personne = PersonneFactory()
    assert poster(page_perimee, personne, csrfmiddlewaretoken="").status_code == 403
    assert not get_user(page_perimee[0]).is_authenticated


def test_une_autre_personne_ne_reprend_pas_la_page(page_perimee):
    autre = PersonneFactory()
    reponse = poster(page_perimee, autre, personne=str(PersonneFactory().uuid))
    assert reponse.status_code == 400
    assert "autre personne" in reponse.json()["message"]
    assert not get_user(page_perimee[0]).is_authenticated


def test_un_mauvais_mot_de_passe_se_dit_puis_les_essais_se_comptent(page_perimee):
    personne = PersonneFactory()
    assert "ne vont pas ensemble" in poster(page_perimee, personne, "faux").json()["message"]
    for _ in range(5):
        poster(page_perimee, personne, "faux")
    assert "Trop d’essais" in poster(page_perimee, personne).json()["message"]
    assert not get_user(page_perimee[0]).is_authenticated


def test_un_compte_ferme_ne_se_rouvre_pas(page_perimee):
    reponse = poster(page_perimee, PersonneFactory(is_active=False))
    assert (reponse.status_code, "fermé" in reponse.json()["message"]) == (403, True)


def test_le_second_facteur_reste_exige(page_perimee):
    personne = PersonneFactory()
    Authenticator.objects.create(user=personne, type=Authenticator.Type.TOTP, data={"secret": encrypt("A" * 32)})
    reponse = poster(page_perimee, personne)
    assert (reponse.status_code, "second facteur" in reponse.json()["message"]) == (403, True)
    assert not get_user(page_perimee[0]).is_authenticated


def test_on_ne_s_y_connecte_pas_par_un_lien(client, db):
    assert client.get(ADRESSE).status_code == 405
