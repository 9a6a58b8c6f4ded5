"""Chaque scène mène son dossier à l’état dit, par les vraies actions."""

import pytest

from tests.cdp import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scene", "etat"),
    [
        ("communaute_ouverte", "en_preparation"),
        ("communaute_proposee", "proposee"),
        ("communaute_active", "active"),
        ("adhesion_demandee", "demandee"),
        ("adhesion_invitee", "invitee"),
        ("plan_en_redaction", "brouillon"),
        ("plan_soumis", "soumis"),
        ("plan_approuve", "approuve"),
        ("rapport_en_redaction", "brouillon"),
        ("rapport_soumis", "soumis"),
        ("rapport_approuve", "approuve"),
        ("rencontre_planifiee", "planifiee"),
        ("rencontre_convoquee", "convoquee"),
        ("rencontre_tenue", "tenue"),
        ("rencontre_publiee", "publiee"),
        ("rencontre_adoptee", "adoptee"),
        ("heures_demandees", "demande"),
    ],
)
def test_la_scene_mene_a_l_etat_dit(distribution, scene, etat):
    objet = getattr(scenes, scene)(distribution)
    objet.refresh_from_db()
    assert objet.etat == etat


@pytest.mark.parametrize(
    "scene", ["outil_depose", "sujet_propose", "reponse_donnee", "heures_consignees", "suivi_ouvert"]
)
def test_la_scene_de_la_vie_existe(distribution, scene):
    assert getattr(scenes, scene)(distribution).pk
