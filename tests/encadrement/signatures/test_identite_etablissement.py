"""Une personne sans mot de passe local ne signe que si l’établissement vient de l’authentifier."""

import time

import pytest
from django.test import RequestFactory

from encadrement.signatures.forms import SignatureForm
from encadrement.signatures.models import Methode

pytestmark = pytest.mark.django_db


@pytest.fixture
def formulaire(distribution):
    personne = distribution.gestionnaire
    personne.set_unusable_password()

    def remplir(age):
        requete = RequestFactory().post("/")
        requete.user = personne
        requete.session = {
            "account_authentication_methods": [{"method": "socialaccount", "at": time.time() - age}],
            "account_authentication_methods_user": str(personne.pk),
        }
        return SignatureForm({"engagement": "on"}, request=requete, engagement="J’approuve.")

    return remplir


@pytest.mark.parametrize(("age", "signe"), [(5, True), (299, True), (301, False), (3600, False)])
def test_lauthentification_de_letablissement_vaut_cinq_minutes(formulaire, age, signe):
    form = formulaire(age)
    assert form.is_valid() is signe
    if signe:
        assert form.confirmation().methode == Methode.ETABLISSEMENT
    else:
        assert "rien n’a été signé" in str(form.non_field_errors())
