"""Discuter de la pertinence : le gestionnaire autorise ou dit non; ailleurs, la discussion suffit (R-179, R-202, Q-17)."""

import datetime

import pytest

from consultation.actions import demandes, reglages
from consultation.models import Ampleur, Approbation, EtatConsultation
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.gestes import adresse, relire, texte_de
from tests.consultation.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de

pytestmark = pytest.mark.django_db
MOTIF = {"motif": "Le guide du programme y répond, page 12."}


def _le(jours=0):
    return {"discutee_le": (jour_local() + datetime.timedelta(days=jours)).isoformat()}


@pytest.fixture
def demande(distribution):
    return scenes.demande_soumise(distribution)


def _informative(d):
    reglages.regler_direction(
        d.mentore.direction, par=d.dsm, approbation=Approbation.INFORMATIVE, motif="Demande de la direction"
    )


@pytest.mark.exigence("R-179", "R-202", "R-206")
def test_le_gestionnaire_autorise_au_jour_de_la_discussion(distribution, client_de, demande):
    chef = client_de(distribution.gestionnaire)
    page = chef.get(adresse("demande_autoriser", demande))
    assert "Les protocoles trouvés demandent" in texte_de(page)
    assert champs_de(page)["discutee_le"] == jour_local().isoformat()
    assert chef.post(adresse("demande_autoriser", demande), _le(-3)).url == demande.get_absolute_url()
    relue = relire(demande)
    assert (relue.etat, relue.discutee_avec) == (EtatConsultation.AUTORISEE, distribution.gestionnaire)
    assert relue.discutee_le == jour_local() - datetime.timedelta(days=3)
    assert courriels("demande_autorisee") == ["Loïc"]


@pytest.mark.exigence("R-202")
def test_le_delegue_autorise_au_nom_du_gestionnaire(distribution, client_de, demande):
    client_de(distribution.delegue).post(adresse("demande_autoriser", demande), _le())
    passage = demande.passages.get(transition="autoriser")
    assert (passage.par, passage.au_nom_de) == (distribution.delegue, distribution.gestionnaire)
    page = texte_de(client_de(distribution.mentore).get(adresse("demande", demande)))
    assert "Autorisée par Édith Landry, par délégation de Hélène Arsenault" in page


@pytest.mark.parametrize(
    ("jour", "phrase"),
    [
        (_le(1)["discutee_le"], "La discussion n’a pas encore eu lieu"),
        ("", "Donnez le jour où vous en avez discuté."),
        ("2026-02-31", "Cette date n’existe pas"),
        ("1026-01-01", "Vérifiez l’année"),
        ("hier", "Cette date n’existe pas ou n’est pas lisible"),
    ],
)
def test_une_date_impossible_est_expliquee(distribution, client_de, demande, jour, phrase):
    with rien_decrit():
        reponse = client_de(distribution.gestionnaire).post(
            adresse("demande_autoriser", demande), {"discutee_le": jour}
        )
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)


@pytest.mark.parametrize("nom", ["mentore", "directrice", "autre_gestionnaire", "ancien_gestionnaire", "appr", "dsm"])
def test_personne_dautre_nautorise(distribution, client_de, demande, nom):
    attendu = 403 if nom == "mentore" else 404
    with rien_decrit():
        for page, envoi in (("demande_autoriser", _le()), ("demande_juger_non_pertinente", MOTIF)):
            assert client_de(distribution[nom]).post(adresse(page, demande), envoi).status_code == attendu


def test_qui_consulte_en_groupe_nautorise_pas_sa_propre_consultation(distribution, client_de):
    d = distribution
    demande = scenes.demande_en_redaction(d, ampleur=Ampleur.GROUPE, participants=[d.delegue])
    demandes.soumettre_demande(demande, par=d.mentore)
    assert client_de(d.delegue).post(adresse("demande_autoriser", demande), _le()).status_code == 403
    assert courriels("demande_a_discuter") == ["Hélène"]


def test_on_nautorise_pas_deux_fois(distribution, client_de, demande):
    chef = client_de(distribution.gestionnaire)
    chef.post(adresse("demande_autoriser", demande), _le())
    with rien_decrit():
        assert chef.post(adresse("demande_autoriser", demande), _le()).status_code == 409
        assert chef.post(adresse("demande_juger_non_pertinente", demande), MOTIF).status_code == 409


@pytest.mark.exigence("R-179")
def test_le_gestionnaire_dit_pourquoi_un_expert_nest_pas_la_reponse(distribution, client_de, demande):
    chef = client_de(distribution.gestionnaire)
    assert chef.post(adresse("demande_juger_non_pertinente", demande), MOTIF).status_code == 302
    assert relire(demande).etat == EtatConsultation.NON_PERTINENTE
    page = texte_de(client_de(distribution.mentore).get(adresse("demande", demande)))
    assert MOTIF["motif"] in page
    assert "Jugée non pertinente par Hélène Arsenault" in page
    assert courriels("demande_non_pertinente") == ["Loïc"]


def test_sans_motif_ou_avec_un_nom_le_refus_ne_part_pas(distribution, client_de, demande):
    chef = client_de(distribution.gestionnaire)
    with rien_decrit():
        vide = chef.post(adresse("demande_juger_non_pertinente", demande), {"motif": " "})
        nomme = chef.post(adresse("demande_juger_non_pertinente", demande), {"motif": "Voir TREM 5501 0112."})
    assert "Écrivez le motif" in texte_de(vide)
    assert "Ce texte semble contenir" in texte_de(nomme)
    assert champs_de(nomme)["motif"] == "Voir TREM 5501 0112."


@pytest.mark.exigence("R-202")
def test_la_ou_lautorisation_est_exigee_le_demandeur_ne_se_lautorise_pas(distribution, client_de, demande):
    client = client_de(distribution.mentore)
    assert "c’est votre gestionnaire qui autorise" in texte_de(client.get(adresse("demande", demande)))
    with rien_decrit():
        reponse = client.post(adresse("demande_constater_discussion", demande), _le())
    assert reponse.status_code == 409
    assert "c’est votre gestionnaire qui autorise" in texte_de(reponse)


@pytest.mark.exigence("R-179", "R-202")
def test_la_ou_la_discussion_suffit_le_demandeur_la_consigne_et_poursuit(distribution, client_de, demande):
    _informative(distribution)
    client = client_de(distribution.mentore)
    with rien_decrit():
        assert client.post(adresse("demande_constater_discussion", demande), _le(1)).status_code == 200
    assert client.post(adresse("demande_constater_discussion", demande), _le(-1)).status_code == 302
    relue = relire(demande)
    assert (relue.etat, relue.discutee_avec) == (EtatConsultation.AUTORISEE, distribution.gestionnaire)
    assert "Discussion consignée par le demandeur" in texte_de(client.get(adresse("demande", demande)))
    assert courriels("demande_discutee") == ["Hélène", "Édith"]


def test_presenter_dit_si_le_gestionnaire_autorise_ou_si_la_discussion_suffit(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution)
    client = client_de(distribution.mentore)
    assert "il autorise la consultation" in texte_de(client.get(adresse("demande_soumettre", demande)))
    _informative(distribution)
    assert "la discussion suffit" in texte_de(client.get(adresse("demande_soumettre", demande)))
