"""Le retour à chaque expert : ce qu’il a donné, et ce que cela a valu, à cinq réponses au moins (R-189, R-205, N-06)."""

import datetime

import pytest
from django.urls import reverse

from consultation.actions import issues, sondages
from consultation.models import Suite
from encadrement.socle.temps import AnneeFinanciere
from encadrement.sondages.actions import fermer_campagne
from encadrement.sondages.models import Campagne
from tests.consultation import scenes
from tests.consultation.test_chiffres import demandeurs
from tests.consultation.test_suivi_tableau import ligne
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
BILAN = reverse("consultation:mon_bilan")
ANNEE = AnneeFinanciere(2026)


@pytest.fixture(autouse=True)
def en_novembre(time_machine):
    time_machine.move_to("2026-11-27T10:00:00-05:00", tick=False)


def consultees(d, nombre, *, fermer=True):
    """Tant de demandeurs consultent G. Cyr et répondent; la campagne se ferme."""
    for demandeur in demandeurs(d, nombre):
        demande = scenes.avis_rendu(d, demandeur)
        reponses = {**scenes.REPONSES, "commentaire": "Très éclairant."}
        issues.fermer_consultation(demande, par=demandeur, suite=Suite.DENOUEE, reponses=reponses)
    campagnes = list(Campagne.objects.filter(questionnaire__code=sondages.CODE))
    for campagne in campagnes if fermer else ():
        fermer_campagne(campagne)
    return campagnes


@pytest.mark.exigence("R-205")
def test_l_expert_lit_combien_combien_de_temps_et_sur_quoi(distribution, client_de):
    d = distribution
    scenes.demande_fermee(d)  # 45 min, héminégligence, dénouée
    ligne(d, minutes=30)  # coussin
    ligne(d, minutes=20, demandeur=d.collegue)
    ligne(d, minutes=600, jour=datetime.date(2026, 3, 31))  # l’année d’avant
    ligne(d, expert=d.animatrice, demandeur=d.collegue, minutes=999 % 60)  # celle d’une autre
    client = client_de(d.mentor)
    page = client.get(BILAN)
    bilan = page.context["bilan"]
    assert (bilan.total.nombre, bilan.total.minutes, bilan.demandeurs) == (3, 95, 2)
    assert [(str(f.sujet), f.nombre, f.minutes) for f in bilan.sujets] == [
        ("Coussin d’assise et plaies", 2, 50),
        ("Héminégligence", 1, 45),
    ]
    assert "L’impasse est dénouée : 1" in texte_de(page)
    assert client.get(BILAN, {"annee": "2025"}).context["bilan"].total.minutes == 600


@pytest.mark.exigence("R-189", "R-205")
def test_a_cinq_reponses_l_expert_lit_ce_que_ses_consultations_ont_valu(distribution, client_de):
    (campagne,) = consultees(distribution, 5)
    client = client_de(distribution.mentor)
    page = texte_de(client.get(BILAN))
    assert "4,0 sur 5" in page
    assert "a apporté une piste nouvelle" in page
    assert "Très éclairant." in page
    assert client.get(campagne.get_absolute_url()).status_code == 200
    assert "qui n’a pas répondu" not in texte_de(client.get(campagne.get_absolute_url())).lower()


@pytest.mark.exigence("R-189")
def test_a_quatre_reponses_il_n_en_lit_aucune(distribution, client_de):
    (campagne,) = consultees(distribution, 4)
    client = client_de(distribution.mentor)
    for page in (client.get(BILAN), client.get(campagne.get_absolute_url())):
        texte = texte_de(page)
        assert "Moins de cinq personnes ont répondu" in texte
        assert "Très éclairant." not in texte
        assert "sur 5" not in texte


def test_avant_la_fermeture_il_n_en_lit_aucune_quel_qu_en_soit_le_nombre(distribution, client_de):
    consultees(distribution, 5, fermer=False)
    texte = texte_de(client_de(distribution.mentor).get(BILAN))
    assert "les résultats paraîtront à sa fermeture" in texte
    assert "Très éclairant." not in texte


@pytest.mark.exigence("R-189")
def test_personne_d_autre_que_lui_et_la_dsm_ne_lit_ses_resultats(distribution, client_de):
    d = distribution
    (campagne,) = consultees(d, 5)
    scenes.autre_fiche(d)
    for qui in (d.animatrice, d.mentore, d.gestionnaire_mentor, d.executif_cm, d.superutilisateur):
        assert client_de(qui).get(campagne.get_absolute_url()).status_code == 404, qui
    texte = texte_de(client_de(d.animatrice).get(BILAN))
    assert "Très éclairant." not in texte
    assert client_de(d.dsm).get(campagne.get_absolute_url()).status_code == 200


def test_les_petits_groupes_de_deux_experts_ne_se_devinent_pas_l_un_l_autre(distribution, client_de):
    """Trois réponses pour l’une, deux pour l’autre : réunies, elles sont cinq, mais aucune des deux n’en lit rien."""
    d = distribution
    consultees(d, 3, fermer=False)
    for demandeur in demandeurs(d, 2):
        demande = scenes.demande_autorisee(d, demandeur)
        scenes.experts.choisir_expert(demande, par=demandeur, fiche=scenes.autre_fiche(d))
        scenes.experts.accepter_demande(demande, par=d.animatrice)
        scenes.experts.consigner_rencontre(demande, par=d.animatrice, jour=scenes.jour_local(), **scenes.RENCONTRE)
        scenes.experts.rendre_avis(demande, par=d.animatrice, avis="Une piste.")
        issues.fermer_consultation(demande, par=demandeur, suite=Suite.DENOUEE, reponses=scenes.REPONSES)
    for campagne in Campagne.objects.filter(questionnaire__code=sondages.CODE):
        fermer_campagne(campagne)
    for experte in (d.mentor, d.animatrice):
        texte = texte_de(client_de(experte).get(BILAN))
        assert "ne paraissent que réunies à celles d’autres groupes" in texte
        assert "sur 5" not in texte


def test_les_lecteurs_d_un_groupe(distribution):
    d = distribution
    scenes.fiche_inscrite(d)
    assert sondages.groupes_lus(d.mentor) == [str(d.mentor.uuid)]
    assert sondages.groupes_lus(d.mentore) == []
    assert list(sondages.lecteurs_du_groupe(str(d.mentor.uuid))) == [d.mentor]
    for groupe in (str(d.mentore.uuid), issues.DU_RUISSS, ""):
        assert not sondages.lecteurs_du_groupe(groupe).exists()


def test_un_expert_retire_du_bottin_lit_encore_ce_qu_il_a_donne(distribution, client_de):
    d = distribution
    ligne(d)
    scenes.bottin.retirer_du_bottin(scenes.fiche_inscrite(d), par=d.mentor)
    page = client_de(d.mentor).get(BILAN)
    assert page.context["bilan"].total.nombre == 1
    assert reverse("consultation:ligne_ajouter") not in page.content.decode()


def test_le_1er_avril_le_bilan_s_ouvre_sur_l_annee_qui_vient_de_finir(distribution, client_de, time_machine):
    ligne(distribution)
    time_machine.move_to("2027-04-01T10:00:00-04:00", tick=False)
    client = client_de(distribution.mentor)
    assert client.get(BILAN).context["annee"] == ANNEE
    assert client.get(BILAN, {"annee": "2027"}).context["annee"] == ANNEE.suivante
