"""Présenter sa demande au gestionnaire, la reprendre, la retirer : le premier échelon est fait (R-177 à R-179, R-206)."""

import pytest

from consultation.actions import demandes, experts
from consultation.models import Ampleur, EtatConsultation, Plage, ReponseExpert
from encadrement.journal.models import Entree
from tests.consultation import scenes
from tests.consultation.gestes import adresse, relire, texte_de
from tests.consultation.traces import actes, courriels, rien_decrit

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("R-177", "R-178", "R-179", "R-206")
def test_la_demande_part_chez_le_gestionnaire_pour_en_discuter(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution)
    client = client_de(distribution.mentore)
    page = texte_de(client.get(adresse("demande_soumettre", demande)))
    assert "Votre gestionnaire lira ce qui suit" in page
    assert "Les protocoles trouvés demandent des séances quotidiennes" in page
    assert client.post(adresse("demande_soumettre", demande)).url == demande.get_absolute_url()
    assert relire(demande).etat == EtatConsultation.A_DISCUTER
    # Le délégué du gestionnaire peut décider aussi.
    assert courriels("demande_a_discuter") == ["Hélène", "Édith"]
    assert actes(demande)[-1] == "consultation.demandeconsultation.soumettre"
    lu = texte_de(client_de(distribution.gestionnaire).get(adresse("demande", demande)))
    assert "3 articles, guide des AVC" in lu


@pytest.mark.exigence("R-168", "R-178", "R-206")
@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"question": " "}, "Écrivez la question précise"),
        ({"recherches": ""}, "Dites d’abord ce que vous avez cherché et ce que vous avez trouvé"),
        ({"constats": ""}, "Dites d’abord ce que vous avez cherché et ce que vous avez trouvé"),
        ({"sujet": None}, "Choisissez le sujet de la consultation"),
        ({"ampleur": Ampleur.GROUPE}, "Nommez les personnes du groupe"),
    ],
)
def test_sans_objet_clinique_precis_ni_recherches_elle_ne_part_pas(distribution, client_de, champs, phrase):
    demande = scenes.demande_en_redaction(distribution, **champs)
    client = client_de(distribution.mentore)
    assert phrase in texte_de(client.get(adresse("demande", demande)))
    with rien_decrit():
        reponse = client.post(adresse("demande_soumettre", demande))
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)


@pytest.mark.exigence("R-169")
def test_seul_un_membre_du_cm_consulte(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution, distribution.drhcaj)
    with rien_decrit():
        reponse = client_de(distribution.drhcaj).post(adresse("demande_soumettre", demande))
    assert reponse.status_code == 409
    assert "s’adresse aux membres du conseil multidisciplinaire" in texte_de(reponse)


def test_un_second_clic_ne_presente_pas_deux_fois(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution)
    client = client_de(distribution.mentore)
    client.post(adresse("demande_soumettre", demande))
    with rien_decrit():
        reponse = client.post(adresse("demande_soumettre", demande))
    assert reponse.status_code == 409


def test_ce_qui_nomme_quelquun_se_relit_avant_de_partir(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution, constats="Rien dans TREM 5501 0112.")
    client = client_de(distribution.mentore)
    page = client.get(adresse("demande_soumettre", demande))
    assert "Relisez avant de présenter" in texte_de(page)
    with rien_decrit():
        assert "Relisez avant de présenter" in texte_de(client.post(adresse("demande_soumettre", demande)))
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert client.post(adresse("demande_soumettre", demande), {"relu": relu}).status_code == 302


@pytest.mark.exigence("R-166")
def test_un_groupe_consulte_ensemble_et_chacun_lit_la_demande(distribution, client_de):
    demande = scenes.demande_de_groupe(distribution)
    participante = client_de(distribution.collegue)
    assert participante.get(adresse("demande", demande)).status_code == 404
    demandes.soumettre_demande(demande, par=distribution.mentore)
    assert "Zoé Bujold" in texte_de(participante.get(adresse("demande", demande)))
    assert participante.post(adresse("demande_retirer", demande)).status_code == 403


def test_le_demandeur_reprend_sa_redaction_avant_la_decision(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution.mentore)
    assert client.post(adresse("demande_reprendre", demande)).status_code == 302
    assert relire(demande).etat == EtatConsultation.BROUILLON
    assert client_de(distribution.gestionnaire).get(adresse("demande", demande)).status_code == 404
    autorisee = scenes.demande_autorisee(distribution)
    assert client.post(adresse("demande_reprendre", autorisee)).status_code == 409


def test_retirer_rend_la_plage_et_previent_lexpert(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    demande = scenes.demande_acceptee(distribution, plage)
    client = client_de(distribution.mentore)
    assert "Guylaine Cyr l’apprendra" in texte_de(client.get(adresse("demande_retirer", demande)))
    assert client.post(adresse("demande_retirer", demande)).status_code == 302
    assert relire(demande).etat == EtatConsultation.RETIREE
    assert demande.sollicitations.get().reponse == ReponseExpert.REPRISE
    assert plage in Plage.objects.libres()
    assert courriels("demande_retiree") == ["Guylaine"]
    assert courriels("moment_annule") == ["Guylaine", "Loïc"]
    with rien_decrit():
        assert client.post(adresse("demande_retirer", demande)).status_code == 409


@pytest.mark.exigence("R-177")
@pytest.mark.parametrize(
    ("scene", "page", "qui", "envoi"),
    [
        ("demande_en_redaction", "demande_choisir_expert", "mentore", {}),
        ("demande_soumise", "demande_choisir_expert", "mentore", {}),
        ("demande_autorisee", "demande_fermer", "mentore", {}),
        ("demande_chez_expert", "demande_rendre_avis", "mentor", {"avis": "Déjà."}),
        ("demande_acceptee", "demande_poursuivre", "mentore", {}),
        ("demande_soumise", "demande_soumettre", "mentore", {}),
    ],
)
def test_aucun_echelon_ne_se_saute(distribution, client_de, scene, page, qui, envoi):
    demande = getattr(scenes, scene)(distribution)
    fiche = scenes.fiche_inscrite(distribution)
    completes = {
        "choix": f"expert:{fiche.uuid}",
        "suite_au_dossier": "denouee",
        "apport": "piste",
        "valeur_situation": "4",
        "valeur_pratique": "5",
        **envoi,
    }
    with rien_decrit():
        reponse = client_de(distribution[qui]).post(adresse(page, demande), completes)
    assert reponse.status_code == 409
    assert "n’y est plus possible" in texte_de(reponse)


@pytest.mark.exigence("R-177", "R-401")
def test_chaque_echelon_laisse_sa_preuve_au_dossier(distribution, client_de):
    d = distribution
    demande = scenes.demande_declinee(d)
    experts.choisir_expert(demande, par=d.mentore, fiche=scenes.fiche_inscrite(d))
    page = texte_de(client_de(d.mentore).get(adresse("demande", demande)))
    for preuve in (
        demande.numero,
        "3 articles, guide des AVC",
        "Autorisée par Hélène Arsenault",
        "Marie-Ève Huard",
        "Hors de mon champ.",
        "Guylaine Cyr",
        "Trajectoire du dossier",
    ):
        assert preuve in page


def test_un_refus_laisse_sa_trace_au_journal_et_rien_dautre(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    with rien_decrit():
        assert client_de(distribution.mentor).get(adresse("demande", demande)).status_code == 404
    assert Entree.objects.filter(acte="acces.refus").exists()
