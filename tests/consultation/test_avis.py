"""Rendre l’avis : des pistes, une fois la rencontre consignée; au-delà de quelques rencontres, on dit pourquoi."""

import datetime

import pytest

from consultation.actions import experts
from consultation.models import EtatConsultation, ReponseExpert
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.gestes import adresse, relire, texte_de
from tests.consultation.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de

pytestmark = pytest.mark.django_db
AVIS = {"avis": "Essayer deux blocs de 10 minutes."}


@pytest.fixture
def expert(distribution, client_de):
    return client_de(distribution.mentor)


def _quatre_rencontres(d):
    demande = scenes.rencontre_tenue(d)
    for jours in (1, 2, 3):
        jour = jour_local() - datetime.timedelta(days=jours)
        experts.consigner_rencontre(demande, par=d.mentor, jour=jour, **scenes.RENCONTRE)
    return demande


@pytest.mark.exigence("R-167", "R-204")
def test_lexpert_rend_ses_pistes_et_le_demandeur_les_lit_au_dossier(distribution, client_de, expert):
    demande = scenes.rencontre_tenue(distribution)
    assert "celle-ci reste au demandeur" in texte_de(expert.get(adresse("demande_rendre_avis", demande)))
    assert expert.post(adresse("demande_rendre_avis", demande), AVIS).url == demande.get_absolute_url()
    assert relire(demande).etat == EtatConsultation.AVIS_RENDU
    assert demande.sollicitations.get().reponse == ReponseExpert.RENDUE
    page = texte_de(client_de(distribution.mentore).get(adresse("demande", demande)))
    assert AVIS["avis"] in page
    assert "Fermer la consultation" in page
    assert courriels("avis_rendu") == ["Loïc"]


@pytest.mark.exigence("R-204")
def test_tout_le_groupe_est_avise_et_lit_lavis(distribution, client_de, expert):
    d = distribution
    demande = scenes.demande_de_groupe(d)
    scenes.demandes.soumettre_demande(demande, par=d.mentore)
    scenes.demandes.autoriser_consultation(demande, par=d.gestionnaire, discutee_le=jour_local())
    experts.choisir_expert(demande, par=d.mentore, fiche=scenes.fiche_inscrite(d))
    experts.accepter_demande(demande, par=d.mentor)
    experts.consigner_rencontre(demande, par=d.mentor, jour=jour_local(), **scenes.RENCONTRE)
    expert.post(adresse("demande_rendre_avis", demande), AVIS)
    assert courriels("avis_rendu") == ["Loïc", "Zoé"]
    assert AVIS["avis"] in texte_de(client_de(d.collegue).get(adresse("demande", demande)))


@pytest.mark.exigence("R-188", "R-205")
def test_sans_rencontre_consignee_lavis_attend(distribution, expert):
    demande = scenes.demande_acceptee(distribution)
    with rien_decrit():
        reponse = expert.post(adresse("demande_rendre_avis", demande), AVIS)
    assert reponse.status_code == 409
    assert "Consignez d’abord la rencontre, sa date et sa durée" in texte_de(reponse)
    assert champs_de(reponse)["avis"] == AVIS["avis"]


@pytest.mark.exigence("R-174", "R-175")
def test_au_dela_de_quelques_rencontres_lexpert_ecrit_pourquoi(distribution, expert):
    demande = _quatre_rencontres(distribution)
    assert "4 rencontres sont consignées" in texte_de(expert.get(adresse("demande_rendre_avis", demande)))
    with rien_decrit():
        sans = expert.post(adresse("demande_rendre_avis", demande), AVIS)
    assert "Écrivez la raison de cet écart" in texte_de(sans)
    assert champs_de(sans)["avis"] == AVIS["avis"]
    expert.post(adresse("demande_rendre_avis", demande), {**AVIS, "raison": "Situation complexe."})
    passage = demande.passages.get(transition="rendre_avis")
    assert "Situation complexe." in passage.motif
    assert passage.avertissements


def test_trois_rencontres_ne_demandent_aucune_raison(distribution, expert):
    demande = _quatre_rencontres(distribution)
    experts.retirer_rencontre(demande.sollicitation.rencontres.first(), par=distribution.mentor)
    assert expert.post(adresse("demande_rendre_avis", demande), AVIS).status_code == 302


@pytest.mark.parametrize(
    ("avis", "phrase"),
    [
        ("", "Écrivez votre avis"),
        (" \x00\u202e ", "Écrivez votre avis"),
        ("é" * 8001, "Ce texte dépasse 8000 caractères"),
        ("Pour TREM 5501 0112, cesser.", "Ce texte semble contenir"),
    ],
)
def test_un_avis_vide_trop_long_ou_nominatif_ne_part_pas(distribution, expert, avis, phrase):
    demande = scenes.rencontre_tenue(distribution)
    with rien_decrit():
        reponse = expert.post(adresse("demande_rendre_avis", demande), {"avis": avis})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)


def test_lavis_ne_se_rend_quune_fois(distribution, expert):
    demande = scenes.rencontre_tenue(distribution)
    expert.post(adresse("demande_rendre_avis", demande), AVIS)
    # Il n’a plus rien à rendre : ce n’est plus son tour.
    with rien_decrit():
        assert expert.post(adresse("demande_rendre_avis", demande), {"avis": "Autre"}).status_code == 403
    assert demande.sollicitations.get().avis == AVIS["avis"]
