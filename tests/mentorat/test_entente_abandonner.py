"""Abandonner un projet d’entente que personne n’a encore approuvé."""

import pytest

from mentorat.actions import ententes as actions
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse
from tests.mentorat.traces import actes, courriels, rien_decrit

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("R-362")
@pytest.mark.parametrize("etat", ["brouillon", "a_signer"])
@pytest.mark.parametrize("nom", ["mentor", "mentore"])
def test_lun_ou_lautre_abandonne_un_projet_pas_encore_approuve(distribution, client_de, nom, etat):
    d = distribution
    entente = scenes.entente(d, etat)
    assert client_de(d[nom]).post(adresse("entente_abandonner", entente)).status_code == 302
    relue = scenes.relire(entente)
    assert (relue.etat, relue.passages.get(transition="abandonner").par) == ("abandonnee", d[nom])
    autre = d.mentore if nom == "mentor" else d.mentor
    assert {autre.nom_complet, d.gestionnaire.nom_complet} <= set(courriels("entente_abandonnee"))
    assert d[nom].nom_complet not in courriels("entente_abandonnee")
    assert actes(relue)[-1] == "mentorat.entente.abandonner"


def test_on_nabandonne_pas_ce_qui_est_approuve_ni_le_projet_dautrui(distribution, client_de):
    entente = scenes.entente(distribution, "a_signer")
    with rien_decrit():
        for nom, code in (("gestionnaire", 403), ("gestionnaire_mentor", 404), ("superutilisateur", 404)):
            assert client_de(distribution[nom]).post(adresse("entente_abandonner", entente)).status_code == code
    scenes.signer_a_deux(entente)
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(adresse("entente_abandonner", entente))
    assert reponse.status_code == 409


def test_une_panne_en_abandonnant_ne_laisse_rien(distribution, client_de, monkeypatch):
    entente = scenes.entente(distribution, "brouillon")
    monkeypatch.setattr(actions, "annoncer", _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        client_de(distribution.mentor).post(adresse("entente_abandonner", entente))


def _panne(*_args, **_options):
    raise RuntimeError("panne")
