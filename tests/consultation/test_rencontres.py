"""Les rencontres d’une consultation : consigner, lister, retirer; une, ou quelques-unes (R-174, R-175, R-188)."""

import datetime

import pytest

from consultation.models import RencontreConsultation
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.gestes import adresse, texte_de
from tests.consultation.traces import actes, rien_decrit
from tests.mentorat.formulaire import champs_de

pytestmark = pytest.mark.django_db
AUJOURD_HUI = {"duree": "45 min", "mode": "teams"}


def _saisie(jours=0, **champs):
    return {"jour": (jour_local() + datetime.timedelta(days=jours)).isoformat(), **AUJOURD_HUI, **champs}


@pytest.fixture
def demande(distribution):
    return scenes.demande_acceptee(distribution)


@pytest.fixture
def expert(distribution, client_de):
    return client_de(distribution.mentor)


@pytest.mark.exigence("R-174", "R-188")
@pytest.mark.parametrize("nom", ["mentor", "mentore"])
def test_lexpert_ou_le_demandeur_consigne_la_rencontre_tenue(distribution, client_de, demande, nom):
    client = client_de(distribution[nom])
    page = adresse("demande_rencontres", demande)
    assert client.post(page, _saisie(-2, duree="1 h 15")).url == page
    rencontre = RencontreConsultation.objects.get()
    assert (rencontre.minutes, rencontre.mode, rencontre.consignee_par) == (75, "teams", distribution[nom])
    assert rencontre.jour == jour_local() - datetime.timedelta(days=2)
    lue = texte_de(client.get(page))
    assert "1 h 15" in lue
    assert "Guylaine Cyr" in lue
    assert "1 h 15" in texte_de(client_de(distribution.gestionnaire).get(adresse("demande", demande)))
    assert actes(demande)[-1] == "consultation.rencontre.consigner"


@pytest.mark.parametrize(
    ("duree", "phrase"),
    [
        ("0", "Écrivez une durée entre 1 min et 24 h."),
        ("-1", "Écrivez une durée comme"),
        ("24,25", "Écrivez une durée entre 1 min et 24 h."),
        ("1 h 75", "Écrivez une durée comme"),
        ("", "Écrivez la durée, par exemple 45 min."),
        ("longtemps\x00", "Écrivez une durée comme"),
        ("9" * 500, "Écrivez une durée comme"),
        ("٤٥ min", "Écrivez une durée comme"),
    ],
)
def test_une_duree_impossible_est_expliquee(demande, expert, duree, phrase):
    with rien_decrit():
        reponse = expert.post(adresse("demande_rencontres", demande), _saisie(duree=duree))
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"jour": "2999-01-01"}, "Vérifiez l’année"),
        ({"jour": "2026-02-30"}, "Cette date n’existe pas"),
        ({"jour": ""}, "Écrivez la date de la rencontre."),
        ({"mode": "télépathie"}, "Choisissez comment la rencontre s’est tenue."),
        ({"mode": ""}, "Choisissez comment la rencontre s’est tenue."),
    ],
)
def test_une_rencontre_impossible_est_expliquee_et_le_reste_est_garde(demande, expert, champs, phrase):
    with rien_decrit():
        reponse = expert.post(adresse("demande_rencontres", demande), _saisie(**champs))
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["duree"] == "45 min"


def test_une_rencontre_a_venir_ne_se_consigne_pas(demande, expert):
    with rien_decrit():
        reponse = expert.post(adresse("demande_rencontres", demande), _saisie(1))
    assert "n’a pas encore eu lieu" in texte_de(reponse)


def test_la_meme_rencontre_ne_compte_quune_fois(demande, expert):
    page = adresse("demande_rencontres", demande)
    expert.post(page, _saisie())
    with rien_decrit():
        reponse = expert.post(page, _saisie())
    assert reponse.status_code == 409
    assert "Cette rencontre est déjà consignée." in texte_de(reponse)
    assert champs_de(reponse)["duree"] == "45 min"


@pytest.mark.parametrize("nom", ["gestionnaire", "delegue", "animatrice", "dsm", "appr_liaison", "collegue"])
def test_les_autres_nen_consignent_pas(distribution, client_de, demande, nom):
    attendu = 403 if nom in ("gestionnaire", "delegue") else 404
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse("demande_rencontres", demande), _saisie())
    assert reponse.status_code == attendu


@pytest.mark.parametrize("scene", ["demande_chez_expert", "avis_rendu", "demande_fermee"])
def test_avant_laccord_ou_apres_lavis_rien_ne_se_consigne(distribution, client_de, scene):
    demande = getattr(scenes, scene)(distribution)
    client = client_de(distribution.mentore)
    assert "Une rencontre se consigne une fois la demande acceptée" in texte_de(
        client.get(adresse("demande_rencontres", demande))
    )
    with rien_decrit():
        reponse = client.post(adresse("demande_rencontres", demande), _saisie(-1, duree="2 h"))
    assert reponse.status_code == 409
    assert champs_de(reponse)["duree"] == "2 h"


@pytest.mark.exigence("R-188")
def test_les_heures_du_ruisss_se_consignent_aussi(distribution, client_de):
    demande = scenes.demande_en_contact(distribution)
    for nom, duree in (("mentore", "1 h 30"), ("appr_liaison", "30 min")):
        client_de(distribution[nom]).post(adresse("demande_rencontres", demande), _saisie(duree=duree))
    assert demande.acheminement.rencontres.minutes() == 120
    page = texte_de(client_de(distribution.mentore).get(adresse("demande_rencontres", demande)))
    assert "Clinique de réadaptation neurologique" in page
    assert "En tout : <strong>2 h</strong>" in page


def test_une_rencontre_consignee_par_erreur_se_retire(distribution, client_de):
    demande = scenes.rencontre_tenue(distribution)
    rencontre = RencontreConsultation.objects.get()
    client = client_de(distribution.mentore)
    assert "45 min" in texte_de(client.get(adresse("rencontre_retirer", rencontre)))
    assert client.post(adresse("rencontre_retirer", rencontre)).url == adresse("demande_rencontres", demande)
    assert not RencontreConsultation.objects.exists()
    assert actes(demande)[-1] == "consultation.rencontre.retirer"
    assert client.post(adresse("rencontre_retirer", rencontre)).status_code == 404


def test_une_rencontre_deja_comptee_ne_se_retire_plus(distribution, client_de):
    demande = scenes.avis_rendu(distribution)
    rencontre = RencontreConsultation.objects.get()
    client = client_de(distribution.mentore)
    assert adresse("rencontre_retirer", rencontre) not in texte_de(client.get(adresse("demande_rencontres", demande)))
    with rien_decrit():
        assert client.post(adresse("rencontre_retirer", rencontre)).status_code == 409


@pytest.mark.parametrize(("nom", "attendu"), [("gestionnaire", 403), ("animatrice", 404), ("dsm", 404)])
def test_personne_dautre_ne_retire_une_rencontre(distribution, client_de, nom, attendu):
    scenes.rencontre_tenue(distribution)
    rencontre = RencontreConsultation.objects.get()
    with rien_decrit():
        assert client_de(distribution[nom]).post(adresse("rencontre_retirer", rencontre)).status_code == attendu


@pytest.mark.exigence("R-168")
def test_une_consultation_ne_depasse_pas_ce_que_le_tableau_de_suivi_tient(demande, expert):
    page = adresse("demande_rencontres", demande)
    for jours in range(-4, 0):
        expert.post(page, _saisie(jours, duree="24 h"))
    with rien_decrit():
        reponse = expert.post(page, _saisie(duree="5 h"))
    assert reponse.status_code == 409
    assert "ne dépasse pas 100 heures" in texte_de(reponse)
    assert expert.post(page, _saisie(duree="4 h")).status_code == 302
