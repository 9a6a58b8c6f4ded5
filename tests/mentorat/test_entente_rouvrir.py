"""Reprendre la rédaction : changer le contenu rend les signatures caduques; n’y rien changer les garde."""

import pytest

from mentorat.actions import ententes as actions
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de
from tests.mentorat.traces import courriels, rien_decrit

pytestmark = pytest.mark.django_db


@pytest.fixture
def signee_par_le_mentor(distribution):
    entente = scenes.entente(distribution, "a_signer")
    actions.signer_entente(entente, par=entente.mentor, confirmation=scenes.CONFIRMATION)
    return scenes.relire(entente)


def _rouvrir_et_ecrire(client, entente, **champs):
    assert client.post(adresse("entente_rouvrir", entente)).url == entente.get_absolute_url()
    if champs:
        actions.ecrire_entente(scenes.relire(entente), par=entente.mentore, saisi=champs, temoins={})
    assert client.post(adresse("entente_soumettre", entente)).status_code == 302
    return scenes.relire(entente)


@pytest.mark.exigence("R-334", "R-100", "R-109")
def test_modifier_le_contenu_rend_les_signatures_caduques(distribution, client_de, signee_par_le_mentor):
    entente = signee_par_le_mentor
    relue = _rouvrir_et_ecrire(client_de(entente.mentore), entente, frequence="Chaque mois")
    assert relue.instantane != entente.instantane
    assert relue.instantane.signatures.count() == 0
    assert entente.instantane.signatures.count() == 1, "la signature caduque reste au dossier"
    actions.signer_entente(relue, par=entente.mentore, confirmation=scenes.CONFIRMATION)
    assert scenes.relire(entente).etat == "a_signer"
    actions.signer_entente(scenes.relire(entente), par=entente.mentor, confirmation=scenes.CONFIRMATION)
    assert scenes.relire(entente).etat == "a_approuver"
    assert courriels("entente_rouverte") == [entente.mentor.nom_complet]


def test_des_la_premiere_frappe_le_contenu_signe_nest_plus_celui_de_lentente(signee_par_le_mentor):
    entente = signee_par_le_mentor
    actions.rouvrir_entente(entente, par=entente.mentore)
    actions.ecrire_entente(entente, par=entente.mentore, saisi={"frequence": "Chaque mois"}, temoins={})
    assert scenes.relire(entente).instantane is None


def test_un_autre_gestionnaire_a_la_reprise_refige_le_contenu(distribution, client_de, signee_par_le_mentor):
    entente = signee_par_le_mentor
    distribution.mentore.superieur = distribution.autre_gestionnaire
    distribution.mentore.save(update_fields=["superieur"])
    relue = _rouvrir_et_ecrire(client_de(entente.mentore), entente)
    assert relue.instantane.donnees["gestionnaire"]["nom"] == distribution.autre_gestionnaire.nom_complet
    assert relue.instantane.signatures.count() == 0


def test_rouvrir_sans_rien_changer_garde_les_signatures(client_de, signee_par_le_mentor):
    entente = signee_par_le_mentor
    relue = _rouvrir_et_ecrire(client_de(entente.mentore), entente)
    assert relue.instantane == entente.instantane
    actions.signer_entente(relue, par=entente.mentore, confirmation=scenes.CONFIRMATION)
    assert scenes.relire(entente).etat == "a_approuver"


def test_renvoyee_sans_changement_lentente_signee_se_represente_toute_seule(distribution, client_de):
    d = distribution
    entente = scenes.entente(d, "a_approuver")
    actions.renvoyer_entente(entente, par=d.gestionnaire, motif="Est-ce bien la fréquence voulue?")
    client_de(d.mentore).post(adresse("entente_soumettre", entente))
    assert scenes.relire(entente).etat == "a_approuver"


@pytest.mark.parametrize(("nom", "code"), [("gestionnaire", 403), ("collegue", 404), ("appr", 404)])
def test_personne_dautre_ne_rouvre(distribution, client_de, signee_par_le_mentor, nom, code):
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse("entente_rouvrir", signee_par_le_mentor))
    assert reponse.status_code == code


def test_on_ne_rouvre_pas_ce_que_le_gestionnaire_a_approuve(distribution, client_de):
    entente = scenes.entente(distribution, "active")
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(adresse("entente_rouvrir", entente))
    assert (reponse.status_code, "n’y est plus possible" in texte_de(reponse)) == (409, True)


def test_une_panne_en_rouvrant_ne_laisse_rien(client_de, signee_par_le_mentor, monkeypatch):
    monkeypatch.setattr(actions, "annoncer", _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        client_de(signee_par_le_mentor.mentor).post(adresse("entente_rouvrir", signee_par_le_mentor))


def _panne(*_args, **_options):
    raise RuntimeError("panne")
