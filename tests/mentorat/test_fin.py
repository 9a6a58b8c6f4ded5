"""Mettre fin : sans motif obligatoire, conclu par une rencontre, constaté par le gestionnaire."""

import datetime

import pytest

from encadrement.notifications.models import Courriel
from encadrement.socle.temps import jour_local
from encadrement.sondages.models import Invitation
from mentorat.models import Cessation
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution)


@pytest.fixture
def demandee(distribution):
    return scenes.fin_demandee(distribution)


def _rencontre(distribution, **champs):
    return {
        "rencontre_le": jour_local().isoformat(),
        "appr": str(distribution.appr.pk),
        "gestionnaire_present": "on",
        "constat": "Les attentes n’étaient pas les mêmes.",
        **champs,
    }


@pytest.mark.exigence("R-071", "R-092", "R-362", "R-363", "R-447")
def test_la_mentore_met_fin_sans_motif_une_rencontre_la_conclut_et_le_gestionnaire_la_constate(
    distribution, client_de, entente
):
    mentore, gestionnaire = client_de(distribution.mentore), client_de(distribution.gestionnaire)
    page = texte_de(mentore.get(adresse("entente_demander_fin", entente)))
    assert "Vous n’avez pas à donner de motif." in page
    Courriel.objects.all().delete()
    mentore.post(adresse("entente_demander_fin", entente), {"motif": ""})
    assert scenes.relire(entente).etat == "fin_demandee"
    avises = set(Courriel.objects.filter(gabarit="mentorat/fin_demandee").values_list("a", flat=True))
    assert {distribution.mentor.pk, distribution.gestionnaire.pk, distribution.appr.pk} <= avises
    assert distribution.mentore.pk not in avises
    gestionnaire.post(adresse("entente_consigner_fin", entente), _rencontre(distribution))
    cessation = Cessation.objects.get()
    assert (cessation.motif, cessation.appr, cessation.gestionnaire_present) == ("", distribution.appr, True)
    page = texte_de(gestionnaire.get(adresse("entente_constater_fin", entente)))
    assert "Les attentes n’étaient pas les mêmes." in page
    gestionnaire.post(adresse("entente_constater_fin", entente))
    assert scenes.relire(entente).etat == "cessee"
    assert Invitation.objects.filter(remplie=False).count() == 2
    assert entente.passages.get(transition="constater_fin").par == distribution.gestionnaire


@pytest.mark.exigence("R-362")
@pytest.mark.parametrize("qui", ["mentor", "mentore", "gestionnaire", "delegue"])
def test_chacun_peut_demander_la_fin(distribution, client_de, entente, qui):
    client_de(distribution[qui]).post(adresse("entente_demander_fin", entente), {})
    assert scenes.relire(entente).etat == "fin_demandee"


@pytest.mark.parametrize(
    ("qui", "code"),
    [("dsm", 403), ("appr", 403), ("drhcaj", 403), ("gestionnaire_mentor", 404), ("superutilisateur", 404)],
)
def test_personne_dautre_ne_demande_la_fin(distribution, client_de, entente, qui, code):
    assert client_de(distribution[qui]).post(adresse("entente_demander_fin", entente), {}).status_code == code
    assert scenes.relire(entente).etat == "active"


@pytest.mark.parametrize("nom", ["entente_consigner_fin", "entente_constater_fin"])
@pytest.mark.parametrize(("qui", "code"), [("mentor", 403), ("mentore", 403), ("drhcaj", 403), ("pilote", 404)])
def test_la_dyade_ne_consigne_ni_ne_constate(distribution, client_de, demandee, nom, qui, code):
    reponse = client_de(distribution[qui]).post(adresse(nom, demandee), _rencontre(distribution))
    assert reponse.status_code == code
    assert scenes.relire(demandee).etat == "fin_demandee"


def test_lappr_consigne_la_rencontre_mais_ne_constate_pas(distribution, client_de, demandee):
    client = client_de(distribution.appr)
    assert client.post(adresse("entente_consigner_fin", demandee), _rencontre(distribution)).status_code == 302
    assert client.post(adresse("entente_constater_fin", demandee)).status_code == 403


@pytest.mark.exigence("R-363")
def test_sans_rencontre_consignee_la_fin_ne_se_constate_pas(distribution, client_de, demandee):
    reponse = client_de(distribution.gestionnaire).post(adresse("entente_constater_fin", demandee))
    assert reponse.status_code == 409
    assert "consignez-la d’abord" in texte_de(reponse)
    assert scenes.relire(demandee).etat == "fin_demandee"


@pytest.mark.exigence("R-363")
@pytest.mark.parametrize("absence", [{"appr": ""}, {"gestionnaire_present": ""}])
def test_une_rencontre_sans_appr_ou_sans_gestionnaire_demande_une_raison(distribution, client_de, demandee, absence):
    client = client_de(distribution.gestionnaire)
    saisie = {nom: valeur for nom, valeur in _rencontre(distribution, **absence).items() if valeur}
    client.post(adresse("entente_consigner_fin", demandee), saisie)
    reponse = client.post(adresse("entente_constater_fin", demandee))
    assert "sans le gestionnaire ou sans un APPR" in texte_de(reponse)
    assert scenes.relire(demandee).etat == "fin_demandee"
    client.post(adresse("entente_constater_fin", demandee), {"raison": "Tempête : rencontre par téléphone."})
    assert scenes.relire(demandee).etat == "cessee"


@pytest.mark.exigence("R-363")
def test_lappr_present_se_choisit_parmi_les_appr(distribution, client_de, demandee):
    client = client_de(distribution.gestionnaire)
    page = client.get(adresse("entente_consigner_fin", demandee)).content.decode()
    for qui, propose in (("appr", True), ("appr_liaison", True), ("dsm", False), ("ancien_gestionnaire", False)):
        assert (f'<option value="{distribution[qui].pk}"' in page) == propose, qui
    reponse = client.post(
        adresse("entente_consigner_fin", demandee), _rencontre(distribution, appr=str(distribution.collegue.pk))
    )
    assert reponse.status_code == 200
    assert champs_de(reponse)["constat"] == "Les attentes n’étaient pas les mêmes."
    assert Cessation.objects.get().rencontre_le is None


def test_une_rencontre_de_fin_dans_lavenir_est_refusee(distribution, client_de, demandee):
    demain = (jour_local() + datetime.timedelta(days=1)).isoformat()
    reponse = client_de(distribution.gestionnaire).post(
        adresse("entente_consigner_fin", demandee), _rencontre(distribution, rencontre_le=demain)
    )
    assert "Cette rencontre est dans l’avenir" in texte_de(reponse)
    assert champs_de(reponse)["rencontre_le"] == demain
    assert Cessation.objects.get().rencontre_le is None


def test_la_rencontre_deja_consignee_se_corrige(distribution, client_de, demandee):
    client = client_de(distribution.gestionnaire)
    client.post(adresse("entente_consigner_fin", demandee), _rencontre(distribution))
    lus = champs_de(client.get(adresse("entente_consigner_fin", demandee)))
    assert lus["rencontre_le"] == jour_local().isoformat()
    client.post(adresse("entente_consigner_fin", demandee), {**_rencontre(distribution), "constat": "Corrigé."})
    assert Cessation.objects.get().constat == "Corrigé."


def test_celle_qui_a_demande_la_fin_peut_y_renoncer_et_elle_seule(distribution, client_de, demandee):
    reponse = client_de(distribution.mentor).post(adresse("entente_retirer_fin", demandee))
    assert reponse.status_code == 409
    assert "Seule la personne qui a demandé la fin" in texte_de(reponse)
    client_de(distribution.mentore).post(adresse("entente_retirer_fin", demandee))
    assert scenes.relire(demandee).etat == "active"
    assert Cessation.objects.get().retiree


def test_la_fin_ne_se_demande_pas_deux_fois(distribution, client_de, demandee):
    reponse = client_de(distribution.mentor).post(adresse("entente_demander_fin", demandee), {"motif": "Encore"})
    assert reponse.status_code == 409
    assert champs_de(reponse)["motif"] == "Encore"
    assert Cessation.objects.count() == 1


def test_une_fin_constatee_ne_se_constate_pas_deux_fois(distribution, client_de, demandee):
    client = client_de(distribution.gestionnaire)
    client.post(adresse("entente_consigner_fin", demandee), _rencontre(distribution))
    client.post(adresse("entente_constater_fin", demandee))
    assert client.post(adresse("entente_constater_fin", demandee)).status_code == 409
    assert Invitation.objects.count() == 2


@pytest.mark.exigence("R-063")
@pytest.mark.parametrize(
    ("qui", "code"),
    [
        ("mentor", 200),
        ("mentore", 200),
        ("gestionnaire", 200),
        ("appr", 200),
        ("dsm", 403),
        ("drhcaj", 403),
        ("gestionnaire_mentor", 404),
        ("superutilisateur", 404),
    ],
)
def test_la_demande_de_fin_est_lue_de_ceux_quelle_concerne(distribution, client_de, entente, qui, code):
    client_de(distribution.mentore).post(adresse("entente_demander_fin", entente), {"motif": "Objectifs atteints."})
    reponse = client_de(distribution[qui]).get(adresse("entente_fin", entente))
    assert reponse.status_code == code
    assert ("Objectifs atteints." in reponse.content.decode()) == (code == 200)


def test_une_panne_ne_laisse_pas_une_fin_sans_demande(distribution, client_de, entente, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("mentorat.actions.fin.annoncer", panne)
    with pytest.raises(RuntimeError, match="panne"):
        client_de(distribution.mentore).post(adresse("entente_demander_fin", entente), {})
    assert scenes.relire(entente).etat == "active"
    assert not Cessation.objects.exists()
