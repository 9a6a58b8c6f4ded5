"""Chaque scène mène son dossier à l’état dit, par les vraies actions."""

import pytest

from consultation.models import Plage, ReponseExpert
from tests.consultation import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scene", "etat"),
    [
        ("fiche_en_redaction", "brouillon"),
        ("fiche_identifiee", "identifiee"),
        ("fiche_soumise", "candidature"),
        ("fiche_appuyee", "appuyee"),
        ("fiche_inscrite", "active"),
        ("autre_fiche", "active"),
        ("demande_en_redaction", "brouillon"),
        ("demande_de_groupe", "brouillon"),
        ("demande_soumise", "a_discuter"),
        ("demande_autorisee", "autorisee"),
        ("demande_chez_expert", "chez_expert"),
        ("moment_propose", "chez_expert"),
        ("demande_acceptee", "acceptee"),
        ("rencontre_tenue", "acceptee"),
        ("demande_declinee", "autorisee"),
        ("avis_rendu", "avis_rendu"),
        ("demande_fermee", "fermee"),
        ("demande_non_pertinente", "non_pertinente"),
        ("demande_retiree", "retiree"),
        ("formulaire_ouvert", "formulaire"),
        ("demande_transmise", "transmise"),
        ("demande_analysee", "analysee"),
        ("demande_acheminee", "au_ruisss"),
        ("demande_en_contact", "en_contact"),
        ("demande_fermee_par_le_ruisss", "fermee"),
        ("demande_au_comite", "au_comite"),
        ("soutien_en_redaction", "brouillon"),
        ("soutien_transmis", "transmise"),
        ("soutien_pris_en_charge", "prise_en_charge"),
        ("soutien_clos", "close"),
        ("cas_en_redaction", "brouillon"),
        ("cas_poursuivi", "close"),
    ],
)
def test_la_scene_mene_a_l_etat_dit(distribution, scene, etat):
    objet = getattr(scenes, scene)(distribution)
    objet.refresh_from_db()
    assert objet.etat == etat


def test_chaque_scene_tient_ce_que_son_nom_promet(distribution):
    d = distribution
    assert scenes.demande_de_groupe(d).participants.get() == d.collegue
    assert scenes.moment_propose(d).sollicitation.moment_propose is not None
    assert scenes.rencontre_tenue(d).sollicitation.rencontres.minutes() == 45
    declinee = scenes.demande_declinee(d)
    assert declinee.sollicitations.get().reponse == ReponseExpert.DECLINEE
    assert declinee.sollicitation is None
    assert scenes.demande_en_contact(d).contact.expert_externe
    assert scenes.demande_fermee_par_le_ruisss(d).contact.ligne_suivi.est_du_ruisss
    assert scenes.demande_fermee(d).sollicitation.ligne_suivi.est_automatique
    assert not scenes.ligne_de_couloir(d).est_automatique


def test_la_plage_reservee_nest_plus_libre(distribution):
    d = distribution
    plage = scenes.plage_libre(d)
    assert list(Plage.objects.libres()) == [plage]
    scenes.demande_chez_expert(d, plage=plage)
    assert list(Plage.objects.libres()) == []
