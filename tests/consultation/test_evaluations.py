"""L’évaluation annuelle de la mesure : qui y répond, quand, et qui en lit les résultats (R-185, R-197, R-203, R-209, R-211)."""

import datetime

import pytest
from django.urls import reverse

from consultation.rappels import evaluations
from encadrement.notifications.models import Courriel
from encadrement.outils.horloge import au
from encadrement.sondages.actions import fermer_campagne
from encadrement.sondages.annuelles import ouvrir_les_annuelles
from encadrement.sondages.models import Campagne, Invitation
from encadrement.sondages.questionnaires import en_vigueur
from encadrement.sondages.resultats import resultats
from tests.consultation import scenes
from tests.consultation.test_suivi_tableau import ligne
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
CODES = ("consultation-demandeurs-annuelle", "consultation-experts", "consultation-gestionnaires")
LE_2_MARS = datetime.date(2027, 3, 2)


@pytest.fixture(autouse=True)
def en_novembre(time_machine):
    time_machine.move_to("2026-11-27T10:00:00-05:00", tick=False)


def invites(code):
    return set(Invitation.objects.filter(campagne__questionnaire__code=code).values_list("personne__prenom", flat=True))


def ouvrir(jour=LE_2_MARS):
    with au(jour):
        ouvrir_les_annuelles(jour)


@pytest.mark.exigence("R-185", "R-203", "R-205", "R-209")
def test_demandeurs_experts_et_gestionnaires_sont_invites_une_fois_l_an(distribution):
    d = distribution
    scenes.demande_soumise(d)  # présentée : elle n’a pas encore consulté
    ligne(d, demandeur=d.animatrice)  # entre deux portes
    ligne(d, demandeur=d.collegue, jour=datetime.date(2026, 3, 31))  # l’année d’avant
    scenes.demande_en_redaction(d, d.secretaire)  # rien de présenté
    ouvrir()
    assert invites(CODES[0]) == {"Loïc", "Marie-Ève"}
    assert invites(CODES[1]) == {"Guylaine"}
    assert invites(CODES[2]) == {"Hélène", "Nathalie"}
    assert set(Campagne.objects.filter(questionnaire__code__in=CODES).values_list("mesure", "annee")) == {
        ("consultation", 2026)
    }


@pytest.mark.exigence("R-185")
def test_la_campagne_rouverte_chaque_jour_ne_double_rien_et_invite_qui_arrive(distribution):
    d = distribution
    ligne(d)
    ouvrir()
    courriels = Courriel.objects.filter(gabarit="sondages/invitation").count()
    ouvrir()
    assert Courriel.objects.filter(gabarit="sondages/invitation").count() == courriels
    assert Invitation.objects.filter(campagne__mesure="consultation").count() == 3
    with au(LE_2_MARS):
        ligne(d, demandeur=d.collegue, jour=LE_2_MARS)
    ouvrir(datetime.date(2027, 3, 3))
    assert invites(CODES[0]) == {"Loïc", "Zoé"}
    assert Campagne.objects.filter(questionnaire__code=CODES[0]).count() == 1


@pytest.mark.exigence("R-205")
def test_les_experts_en_pause_repondent_les_candidats_et_les_retires_non(distribution):
    d = distribution
    scenes.bottin.mettre_en_pause(scenes.fiche_inscrite(d), par=d.mentor)
    scenes.bottin.retirer_du_bottin(scenes.autre_fiche(d), par=d.animatrice)
    scenes.fiche_soumise(d, d.secretaire)
    assert set(evaluations.experts(None)) == {d.mentor}


@pytest.mark.exigence("R-185", "R-203", "R-205", "R-209")
@pytest.mark.parametrize("code", CODES)
def test_chaque_questionnaire_est_court_sur_une_meme_echelle_avec_un_commentaire(code):
    questions = en_vigueur(code).liste
    assert len(questions) <= 8
    assert questions[-1].code == "commentaire"
    assert not questions[-1].obligatoire
    assert {q.sorte.value for q in questions} <= {"echelle", "note", "texte"}


@pytest.mark.exigence("R-203", "R-209")
def test_on_repond_par_la_page_et_l_accueil_ne_le_demande_plus(distribution, client_de):
    d = distribution
    ligne(d)
    ouvrir()
    for qui, code in ((d.mentore, CODES[0]), (d.mentor, CODES[1]), (d.gestionnaire, CODES[2])):
        invitation = Invitation.objects.get(personne=qui, campagne__questionnaire__code=code)
        reponses = {q.code: 4 for q in en_vigueur(code).liste if q.chiffree}
        with au(LE_2_MARS):
            client = client_de(qui)
            assert "Répondre : Évaluation de la consultation d’experts" in texte_de(client.get("/"))
            assert client.post(reverse("sondages:repondre", args=[invitation.uuid]), reponses).status_code == 302
            assert "Répondre : Évaluation de la consultation d’experts" not in texte_de(client.get("/"))
        assert Invitation.objects.get(pk=invitation.pk).remplie


@pytest.mark.exigence("R-197", "R-211")
def test_l_appr_suit_l_evaluation_relance_la_ferme_et_en_diffuse_les_resultats(distribution, client_de):
    d = distribution
    gens = PersonneFactory.create_batch(5, superieur=d.gestionnaire, service=d.mentore.service, mot_de_passe=None)
    for demandeur in (*gens, d.mentore):
        ligne(d, demandeur=demandeur)
    ouvrir()
    campagne = Campagne.objects.get(questionnaire__code=CODES[0])
    reponses = {q.code: 3 for q in campagne.questionnaire.liste if q.chiffree}
    with au(LE_2_MARS):
        appr = client_de(d.appr)
        for invitation in campagne.invitations.exclude(personne=d.mentore):
            scenes.issues.repondre(invitation, par=invitation.personne, reponses=reponses)
        suivie = texte_de(appr.get(campagne.get_absolute_url()))
        assert "Loïc St-Onge" in suivie  # qui n’a pas répondu se sait; quoi, jamais
        assert not resultats(campagne).montrables
        assert appr.post(reverse("sondages:campagne_fermer", args=[campagne.uuid])).status_code == 302
        assert "3,0 sur 5" in texte_de(appr.get(campagne.get_absolute_url()))
        for qui in (d.appr, d.dsm, d.executif_cm):
            page = client_de(qui).get("/indicateurs/consultation/", {"annee": "2026"})
            assert "3,0 sur 5" in texte_de(page), qui


def test_personne_ne_lit_les_resultats_annuels_hors_de_la_dsm(distribution, client_de):
    d = distribution
    ligne(d)
    ouvrir()
    for campagne in Campagne.objects.filter(questionnaire__code__in=CODES):
        fermer_campagne(campagne)
        for qui in (d.mentor, d.mentore, d.gestionnaire, d.executif_cm):
            assert client_de(qui).get(campagne.get_absolute_url()).status_code == 404
