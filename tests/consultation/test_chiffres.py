"""Les chiffres de la consultation, contre un compte fait à la main (R-186 à R-189)."""

import datetime

import pytest

from consultation.actions import demandes, experts, issues
from consultation.models import ModeConsultation, Suite
from encadrement.outils.horloge import au
from encadrement.socle.temps import AnneeFinanciere
from encadrement.sondages.actions import fermer_campagne, inviter, ouvrir_campagne, repondre
from encadrement.sondages.models import Campagne
from encadrement.sondages.resultats import resultats_par_annee
from tests.consultation import scenes
from tests.consultation.test_suivi_tableau import ligne
from tests.encadrement.indicateurs.lecture import compte, delai, parts
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
CHIFFRES = "/indicateurs/consultation/"
LE_12_MAI = datetime.date(2026, 5, 12)
ANNEE = AnneeFinanciere(2026)


@pytest.fixture(autouse=True)
def en_novembre(time_machine):
    time_machine.move_to("2026-11-27T10:00:00-05:00", tick=False)


def demandeurs(d, nombre):
    return [
        PersonneFactory(superieur=d.gestionnaire, service=d.mentore.service, mot_de_passe=None) for _ in range(nombre)
    ]


@pytest.mark.exigence("R-186", "R-188")
def test_les_nombres_et_les_heures_du_cisss_et_du_ruisss(distribution):
    d = distribution
    scenes.demande_fermee(d)  # 45 min, CISSS
    ligne(d, minutes=90)  # CISSS
    scenes.demande_fermee_par_le_ruisss(d)  # 90 min, RUISSS
    ligne(d, minutes=500, jour=datetime.date(2026, 3, 31))  # l’année d’avant
    scenes.demande_acceptee(d)  # pas encore tenue
    assert (compte("consultation.nombre_cisss", ANNEE), compte("consultation.heures_cisss", ANNEE)) == (2, 135)
    assert (compte("consultation.nombre_ruisss", ANNEE), compte("consultation.heures_ruisss", ANNEE)) == (1, 90)
    assert compte("consultation.nombre_cisss", ANNEE.precedente) == 1


@pytest.mark.exigence("R-187")
def test_les_sujets_consultes_et_leur_nombre(distribution):
    d = distribution
    _, coussin, _, dysphagie = scenes.les_sujets(d)
    for rang in range(3):
        ligne(d, sujet=dysphagie, minutes=rang + 1)
    ligne(d, sujet=coussin)
    assert parts("consultation.sujets", ANNEE) == {"Dysphagie": 3, "Coussin d’assise et plaies": 1}


def test_l_echelon_ou_s_arretent_les_demandes(distribution):
    d = distribution
    scenes.demande_fermee(d)
    scenes.demande_fermee(d)
    scenes.demande_non_pertinente(d)
    scenes.demande_retiree(d)  # à discuter
    scenes.demande_fermee_par_le_ruisss(d)
    scenes.demande_au_comite(d)
    chez_l_expert = scenes.demande_acceptee(d)
    demandes.retirer_demande(chez_l_expert, par=d.mentore)
    scenes.demande_en_contact(d)  # en cours : ne compte pas encore
    with au(datetime.date(2027, 4, 2)):
        scenes.demande_fermee(d)  # l’année suivante
    assert parts("consultation.echelons", ANNEE) == {
        "Discussion avec le gestionnaire": 2,
        "Expert du CISSS": 3,
        "RUISSS UL": 1,
        "Comité de concertation": 1,
    }


def _avis_apres(d, jours):
    """Une demande présentée le 12 mai dont l’avis est rendu tant de jours plus tard."""
    with au(LE_12_MAI):
        demande = scenes.demande_acceptee(d)
    with au(LE_12_MAI + datetime.timedelta(days=jours)):
        experts.consigner_rencontre(demande, par=d.mentor, jour=LE_12_MAI, minutes=30, mode=ModeConsultation.TELEPHONE)
        experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")
    return demande


def test_le_delai_median_va_de_la_demande_presentee_a_l_avis(distribution):
    d = distribution
    assert delai("consultation.delai", ANNEE) == (None, 0)
    for jours in (2, 9, 40):
        _avis_apres(d, jours)
    assert delai("consultation.delai", ANNEE) == (9, 3)
    _avis_apres(d, 10)
    assert delai("consultation.delai", ANNEE) == (9.5, 4)


def test_une_demande_reprise_puis_representee_ne_compte_que_depuis_la_seconde_fois(distribution):
    d = distribution
    with au(LE_12_MAI):
        demande = scenes.demande_soumise(d)
        demandes.reprendre_demande(demande, par=d.mentore)
    with au(datetime.date(2026, 6, 1)):
        demandes.soumettre_demande(demande, par=d.mentore)
        demandes.autoriser_consultation(demande, par=d.gestionnaire, discutee_le=datetime.date(2026, 6, 1))
        experts.choisir_expert(demande, par=d.mentore, fiche=scenes.fiche_inscrite(d))
        experts.accepter_demande(demande, par=d.mentor)
        experts.consigner_rencontre(demande, par=d.mentor, jour=LE_12_MAI, minutes=5, mode=ModeConsultation.ECRIT)
    with au(datetime.date(2026, 6, 4)):
        experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")
    assert delai("consultation.delai", ANNEE) == (3, 1)


@pytest.mark.exigence("R-189")
def test_la_satisfaction_des_demandeurs_se_tait_sous_cinq_puis_parait(distribution, client_de):
    d = distribution
    dsm = client_de(d.dsm)
    gens = demandeurs(d, 5)
    for demandeur in gens[:4]:
        scenes.demande_fermee(d, demandeur)
    assert "3,6 sur 5" not in texte_de(dsm.get(CHIFFRES))
    demande = scenes.avis_rendu(d, gens[4])
    issues.fermer_consultation(
        demande, par=gens[4], suite=Suite.EVITEE, reponses={**scenes.REPONSES, "valeur_situation": 2}
    )
    # Ouverte, elle se tait encore : la cinquième réponse se devinerait.
    assert "3,6 sur 5" not in texte_de(dsm.get(CHIFFRES))
    for campagne in Campagne.objects.filter(questionnaire__code="consultation-demandeur"):
        fermer_campagne(campagne)
    lus = resultats_par_annee({"consultation-demandeur"}, {2026})["consultation-demandeur", 2026]
    assert lus.moyenne("valeur_situation") == pytest.approx((4 * 4 + 2) / 5)
    assert "3,6 sur 5" in texte_de(dsm.get(CHIFFRES))


@pytest.mark.exigence("R-189")
@pytest.mark.parametrize(("nombre", "parait"), [(4, False), (5, True)])
def test_la_satisfaction_des_experts_se_tait_sous_cinq(distribution, client_de, nombre, parait):
    code = "consultation-experts"
    campagne = ouvrir_campagne(code, cle="essai", mesure="consultation", annee=ANNEE, libelle="experts")
    questions = campagne.questionnaire.liste
    reponses = {question.code: 4 for question in questions if question.chiffree}
    for invitation in inviter(campagne, PersonneFactory.create_batch(nombre, mot_de_passe=None)):
        repondre(invitation, par=invitation.personne, reponses=reponses)
    fermer_campagne(campagne)
    page = texte_de(client_de(distribution.executif_cm).get(CHIFFRES))
    assert "Satisfaction des experts du CISSS" in page
    assert ("4,0 sur 5" in page) is parait


def test_lannee_de_ladresse_choisit_les_chiffres(distribution, client_de):
    ligne(distribution, jour=datetime.date(2025, 6, 1))
    client = client_de(distribution.dsm)
    page = client.get("/consultation/chiffres/", {"annee": "2025"}, follow=True)
    assert page.context["portee"].periode.annee == AnneeFinanciere(2025)
    assert client.get(CHIFFRES, {"annee": "n’importe quoi"}).status_code == 400
