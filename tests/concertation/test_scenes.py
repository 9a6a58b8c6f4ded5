"""Chaque scène mène son dossier à l’état dit, par les vraies actions."""

import pytest

from concertation.models import ParticipationComite
from encadrement.socle import coffre
from tests.concertation import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scene", "etat"),
    [
        ("situation_ouverte", "brouillon"),
        ("situation_en_redaction", "brouillon"),
        ("situation_a_attester", "a_attester"),
        ("situation_transmise", "transmise"),
        ("situation_recevable", "recevable"),
        ("situation_non_recevable", "non_recevable"),
        ("situation_retiree", "retiree"),
        ("situation_inscrite", "inscrite"),
        ("situation_convoquee", "inscrite"),
        ("situation_presentee", "presentee"),
        ("orientations_ecrites", "presentee"),
        ("situation_en_suivi", "en_suivi"),
        ("situation_fermee", "fermee"),
        ("situation_detruite", "detruite"),
        ("orientation", "a_faire"),
        ("orientation_en_cours", "en_cours"),
        ("orientation_appliquee", "appliquee"),
        ("orientation_non_appliquee", "non_appliquee"),
        ("orientation_reportee", "reportee"),
        ("rencontre_planifiee", "planifiee"),
        ("rencontre_convoquee", "convoquee"),
        ("rencontre_tenue", "tenue"),
        ("rencontre_annulee", "annulee"),
        ("impasse_ouverte", "ouverte"),
    ],
)
def test_la_scene_mene_a_l_etat_dit(distribution, scene, etat):
    objet = getattr(scenes, scene)(distribution)
    objet.refresh_from_db()
    assert objet.etat == etat


def test_chaque_scene_tient_ce_que_son_nom_promet(distribution, django_capture_on_commit_callbacks):
    d = distribution
    assert scenes.nomination_proposee(d).approuvee_le is None
    assert scenes.nomination_acceptee(d).approuvee_le is not None
    assert scenes.exclusion_posee(d).personne == d.delegue
    assert scenes.exception_demandee(d).attend
    assert scenes.exception_approuvee(d).est_ouvert
    convoquee = scenes.situation_convoquee(d)
    assert ParticipationComite.objects.ouvertes().filter(situation=convoquee, personne=d.animatrice).exists()
    assert scenes.lu(convoquee, d.animatrice)["question"] == scenes.RECIT["question"]
    with django_capture_on_commit_callbacks(execute=True):
        detruite = scenes.situation_detruite(d)
    assert not coffre.a_une_cle(detruite.uuid)


def test_les_memes_scenes_rejouees_partagent_le_comite(distribution):
    """Deux situations d’un essai siègent à la même rencontre, devant les mêmes représentants."""
    une, autre = scenes.situation_inscrite(distribution), scenes.situation_inscrite(distribution)
    assert une.inscription.rencontre == autre.inscription.rencontre
    assert une.numero != autre.numero
