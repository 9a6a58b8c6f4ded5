"""Qui peut quoi d’une demande à la DSM : par volet, par état, et trois faces qui s’accordent (X-1)."""

import pytest

from encadrement.demandes.droits import DROITS_SERVICE
from tests.consultation import scenes
from tests.encadrement.acces.trois_faces import desaccords, permis
from tests.encadrement.demandes.pages import adresse

pytestmark = pytest.mark.django_db

DEMANDEUR = {"voir", "modifier", "transmettre", "retirer"}
TRAITENT = {"voir", "renvoyer", "prendre_en_charge", "clore"}
LECTEURS = {"gestionnaire": {"voir"}, "delegue": {"voir"}}
APPR = ("appr", "appr_liaison")
ATTENDU = {
    "soutien_en_redaction": {"mentore": DEMANDEUR},
    "soutien_transmis": {
        "mentore": DEMANDEUR, **LECTEURS, **dict.fromkeys(APPR, TRAITENT), "dsm": {"voir"}
    },
    "soutien_clos": {"mentore": DEMANDEUR, **LECTEURS, **dict.fromkeys(APPR, TRAITENT), "dsm": {"voir"}},
    "cas_en_redaction": {"mentore": DEMANDEUR},
    "cas_poursuivi": {"mentore": DEMANDEUR},
}  # fmt: skip


@pytest.mark.exigence("R-065", "R-136")
@pytest.mark.parametrize("scene", ATTENDU)
def test_chaque_titre_peut_ce_que_dit_le_tableau(distribution, scene):
    demande = getattr(scenes, scene)(distribution)
    attendu = {nom: set() for nom, _ in distribution} | ATTENDU[scene]
    obtenu = permis(DROITS_SERVICE, demande, distribution)
    assert {nom: obtenu[nom] for nom in obtenu if obtenu[nom] != attendu[nom]} == {}


@pytest.mark.parametrize("scene", ATTENDU)
def test_les_trois_faces_saccordent(distribution, scene):
    demande = getattr(scenes, scene)(distribution)
    assert desaccords(DROITS_SERVICE, [demande], distribution) == []


@pytest.mark.parametrize("scene", ["cas_en_redaction", "cas_poursuivi"])
@pytest.mark.parametrize("nom", ["dsm", "appr", "gestionnaire", "coordonnatrice", "pilote", "superutilisateur"])
def test_personne_dautre_que_son_demandeur_ne_lit_un_cas_du_comite(distribution, client_de, nom, scene):
    cas = getattr(scenes, scene)(distribution)
    client = client_de(distribution[nom])
    for page in ("demande", "demande_prendre_en_charge", "demande_renvoyer", "demande_transmettre"):
        assert client.get(adresse(page, cas)).status_code == 404, page
