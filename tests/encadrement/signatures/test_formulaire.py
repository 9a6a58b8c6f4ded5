"""Signer, c’est cocher l’engagement et confirmer son identité ; chaque refus s’explique."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import cache
from django.http import QueryDict
from django.test import RequestFactory

from encadrement.signatures.forms import SignatureForm
from encadrement.signatures.models import Methode
from tests.factories import MOT_DE_PASSE

EMPREINTE = "a" * 64


@pytest.fixture(autouse=True)
def compteurs_neufs(db):
    cache.clear()


@pytest.fixture
def former(personne):
    """Rend le formulaire rempli par `personne`, comme la page le reçoit."""

    def _former(qui=None, *, retirer=(), initial=EMPREINTE, **saisi):
        donnees = {"engagement": "on", "mot_de_passe": MOT_DE_PASSE, "empreinte": EMPREINTE} | saisi
        requete = RequestFactory().post("/signer/", {})
        requete.user = qui or personne
        requete.session = SessionStore()
        envoi = QueryDict(mutable=True)
        envoi.update({cle: valeur for cle, valeur in donnees.items() if cle not in retirer})
        return SignatureForm(
            envoi, request=requete, engagement="Je respecterai l’entente.", initial={"empreinte": initial}
        )

    return _former


def test_tout_y_est(former):
    form = former()

    assert form.is_valid(), form.errors
    confirmation = form.confirmation()
    assert (confirmation.methode, confirmation.adresse) == (Methode.MOT_DE_PASSE, "127.0.0.1")
    assert confirmation.empreinte_lue == EMPREINTE
    assert confirmation.engagement == "Je respecterai l’entente."


@pytest.mark.parametrize(
    ("retire", "phrase"),
    [
        ("engagement", "Cochez l’engagement"),
        ("mot_de_passe", "Écrivez votre mot de passe"),
        ("empreinte", "La page n’a pas dit quel contenu"),
    ],
)
def test_ce_qui_manque_se_dit(former, retire, phrase):
    form = former(retirer=[retire])

    assert not form.is_valid()
    assert phrase in str(form.errors)


def test_un_mauvais_mot_de_passe_ne_signe_pas(former):
    form = former(mot_de_passe="un autre")

    assert not form.is_valid()
    assert "Ce mot de passe n’est pas le vôtre" in str(form.errors)


def test_trop_d_essais_font_patienter(former):
    for _ in range(40):
        former(mot_de_passe="un autre").is_valid()

    form = former()

    assert not form.is_valid()
    assert "Trop d’essais" in str(form.errors)


def test_si_le_contenu_a_change_la_page_reaffichee_nomme_le_nouveau(former):
    form = former(initial="b" * 64)
    form.is_valid()

    assert form.confirmation().empreinte_lue == EMPREINTE
    assert "b" * 64 in str(form["empreinte"])


def test_le_mot_de_passe_ne_revient_jamais_dans_la_page(former):
    form = former(retirer=["engagement"])
    form.is_valid()

    assert MOT_DE_PASSE not in form.as_p()


def test_un_compte_de_l_etablissement_se_reauthentifie_au_lieu_de_taper_un_mot_de_passe(former, personne):
    personne.set_unusable_password()
    form = former(personne)

    assert "mot_de_passe" not in form.fields
    assert not form.is_valid()
    assert "Reconnectez-vous avec le compte de l’établissement" in str(form.errors)


def test_une_visite_anonyme_n_a_pas_de_formulaire(former):
    with pytest.raises(AttributeError):
        former(AnonymousUser())
