"""La courte trajectoire d’une demande à la DSM, état × verbe × personne : ce qui n’est pas dans la table est refusé."""

import pytest

from encadrement.acces.matrice import AccesRefuse
from encadrement.demandes import actions
from encadrement.demandes.models import EtatService
from encadrement.demandes.trajectoire import TRAJECTOIRE_SERVICE
from encadrement.trajectoire.transition import TransitionImpossible
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit
from tests.encadrement.demandes.pages import adresse, relire, signature
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


def _retiree(d):
    demande = scenes.soutien_transmis(d)
    actions.retirer_demande_service(demande, par=d.mentore)
    return demande


def _cas_retire(d):
    demande = scenes.cas_en_redaction(d)
    actions.retirer_demande_service(demande, par=d.mentore)
    return demande


SCENES = {
    ("soutien", "brouillon"): scenes.soutien_en_redaction,
    ("soutien", "transmise"): scenes.soutien_transmis,
    ("soutien", "prise_en_charge"): scenes.soutien_pris_en_charge,
    ("soutien", "close"): scenes.soutien_clos,
    ("soutien", "retiree"): _retiree,
    ("comite", "brouillon"): scenes.cas_en_redaction,
    ("comite", "close"): scenes.cas_poursuivi,
    ("comite", "retiree"): _cas_retire,
}


def test_chaque_etat_a_sa_scene_pour_chaque_volet():
    assert {etat for volet, etat in SCENES if volet == "soutien"} == set(EtatService.values)
    # Un cas du comité ne passe pas par la DSM : il se poursuit, ou se retire.
    assert {etat for volet, etat in SCENES if volet == "comite"} == {"brouillon", "close", "retiree"}


@pytest.mark.parametrize(("volet", "etat"), SCENES)
def test_ce_qui_nest_pas_dans_la_table_est_refuse_et_necrit_rien(distribution, client_de, volet, etat):
    demande = relire(SCENES[volet, etat](distribution))
    assert (demande.volet, demande.etat) == (volet, etat)
    a_la_main = [transition for transition in TRAJECTOIRE_SERVICE if not transition.automatique]
    for transition in a_la_main:
        if etat not in transition.de:
            continue
        assert transition.droits.personnes(transition.code, demande).exists(), transition.code
    with rien_decrit():
        for transition in a_la_main:
            for _, personne in distribution:
                permis = transition.droits.peut(personne, transition.code, demande)
                if etat in transition.de and permis:
                    continue
                with pytest.raises(TransitionImpossible if permis else AccesRefuse):
                    relire(demande).franchir(transition, par=personne, motif="Motif.", raison="Raison.")
    for transition in a_la_main:
        # Un cas du comité n’a pas de page où transmettre : elle ramène au dossier.
        if etat not in transition.de and (volet, transition.code) != ("comite", "transmettre"):
            _la_page_explique(distribution, client_de, transition, demande)


def _la_page_explique(distribution, client_de, transition, demande):
    qui = next((qui for _, qui in distribution if transition.droits.peut(qui, transition.code, demande)), None)
    if qui is None:
        return
    client = client_de(qui)
    page = adresse(f"demande_{transition.code}", demande)
    saisi = {"motif": "Motif.", "suite": "Fait.", "minutes": "1 h"}
    if transition.code == "transmettre":
        saisi = signature(client, demande)
    with rien_decrit():
        reponse = client.post(page, saisi)
    assert reponse.status_code == 409, transition.code
    assert "Ce dossier est maintenant à l’état" in texte_de(reponse)
