"""La connexion de l’établissement (OIDC) retrouve la personne par son matricule, et seulement ainsi."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.sessions.middleware import SessionMiddleware
from django.urls import reverse

from encadrement.personnes.comptes import AdaptateurOIDC
from encadrement.personnes.models import Personne
from tests.factories import PersonneFactory


@pytest.fixture
def relier(rf, db, settings):
    """Joue l’arrivée du fournisseur d’identité avec ces données ; rend la connexion obtenue."""

    application = {"provider_id": "etablissement", "name": "Compte de l’établissement", "client_id": "x", "secret": "x"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [application]}}

    def relier(donnees, uid="sujet-1"):
        requete = rf.get("/")
        SessionMiddleware(lambda _: None).process_request(requete)
        compte = SocialAccount(provider="etablissement", uid=uid, extra_data=donnees)
        fournisseur = get_adapter(requete).get_provider(requete, "etablissement")
        arrivee = SocialLogin(
            provider=fournisseur,
            user=Personne(),
            account=compte,
            email_addresses=[EmailAddress(email="b@ailleurs.exemple", verified=True)],
        )
        with request_context(requete):
            arrivee.lookup()
            AdaptateurOIDC(requete).pre_social_login(requete, arrivee)
        return arrivee

    return relier


@pytest.mark.parametrize(
    "donnees",
    [
        {"id_token": {"matricule": "10004"}},
        {"userinfo": {"employee_number": 10004}, "id_token": None},
        {"userinfo": {"matricule": "99"}, "id_token": {"employeeNumber": "10004"}},
    ],
)
def test_une_premiere_connexion_se_relie_par_le_matricule(relier, donnees):
    personne = PersonneFactory(matricule="10004")
    PersonneFactory(matricule="99")
    arrivee = relier(donnees)
    assert arrivee.user == personne
    assert arrivee.is_existing
    assert SocialAccount.objects.get().user == personne


def test_la_fois_suivante_la_personne_est_deja_connue(relier):
    personne = PersonneFactory(matricule="10004")
    relier({"id_token": {"matricule": "10004"}})
    assert relier({}).user == personne
    assert SocialAccount.objects.count() == 1


def test_l_adresse_du_fournisseur_n_entre_pas_dans_le_compte(relier):
    personne = PersonneFactory(matricule="10004", courriel="a@cisss.exemple")
    relier({"userinfo": {"matricule": "10004", "email": "b@ailleurs.exemple", "email_verified": True}})
    personne.refresh_from_db()
    assert personne.courriel == "a@cisss.exemple"
    assert not personne.emailaddress_set.exists()


@pytest.mark.parametrize(
    "donnees",
    [
        {},
        {"userinfo": {"matricule": "40404"}},
        {"userinfo": {"matricule": "10005"}},
        {"userinfo": {"matricule": "systeme"}},
        {"userinfo": {"matricule": ""}},
        {"userinfo": {"email": "connue@cisss.exemple"}},
    ],
    ids=["rien", "inconnu", "compte fermé", "application", "vide", "courriel seulement"],
)
def test_un_matricule_inconnu_ou_ferme_revient_a_la_connexion(relier, donnees):
    PersonneFactory(matricule="10005", is_active=False)
    PersonneFactory(courriel="connue@cisss.exemple")
    Personne.objects.systeme()
    with pytest.raises(ImmediateHttpResponse) as refus:
        relier(donnees)
    assert refus.value.response.url == reverse("account_login") + "?compte=inconnu"
    assert not SocialAccount.objects.exists()


def test_l_inscription_par_le_fournisseur_est_fermee(rf, db):
    assert AdaptateurOIDC().is_open_for_signup(rf.get("/"), None) is False
