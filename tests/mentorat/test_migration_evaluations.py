"""Les évaluations d’avant passent aux sondages, et en reviennent : personne n’est perdu, ni relancé deux fois."""

import datetime

import pytest
from django.apps import apps as application
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from encadrement.sondages.actions import fermer_les_echues
from encadrement.sondages.models import Campagne, Invitation, Reponse
from encadrement.sondages.resultats import resultats_par_annee
from tests.distribution import monter
from tests.mentorat import scenes

AVANT, APRES = ("mentorat", "0005_etat_abandonnee"), ("mentorat", "0007_evaluations_retirees")
NOTES = {
    "objectifs_clairs": 4, "relation_de_confiance": 5, "temps_suffisant": 3, "utilite": 5, "soutien_gestionnaire": 2,
    "recommandation": 9,
}  # fmt: skip


def _migrer(vers):
    executeur = MigrationExecutor(connection)
    executeur.migrate([vers])
    return MigrationExecutor(connection).loader.project_state([vers]).apps


@pytest.fixture
def avant(transactional_db):
    """La base d’avant : une entente close, son évaluation remplie en 2025, et cinq réponses du même titre."""
    d = monter()
    entente = scenes.entente(d, "active")
    anciens = _migrer(AVANT)
    yield d, entente, anciens
    _migrer(APRES)


def _peupler(d, entente, anciens):
    evaluation = anciens.get_model("mentorat", "EvaluationMesure").objects.create(
        entente_id=entente.pk,
        personne_id=d.mentor.pk,
        titre="mentor",
        demandee_le=datetime.date(2025, 6, 1),
        remplie=True,
    )
    anciens.get_model("mentorat", "EvaluationMesure").objects.create(
        entente_id=entente.pk, personne_id=d.mentore.pk, titre="mentore", demandee_le=datetime.date(2026, 6, 1)
    )
    reponses = anciens.get_model("mentorat", "ReponseEvaluation").objects
    for rang in range(5):
        reponses.create(
            titre="mentor", annee_financiere=2025, direction_id=d.mentore.service.direction_id,
            commentaire="" if rang else "Merci.", **NOTES,
        )  # fmt: skip
    application.get_model("notifications", "Rappel").objects.create(
        cle="ancienne", mesure="mentorat", objet_type="mentorat.evaluationmesure", objet_uuid=evaluation.uuid,
        jalon="évaluation 2025-06-01 J+7", destinataire_id=d.mentor.pk, jour=datetime.date(2025, 6, 8), statut="parti",
        cree_le=timezone.now(),
    )  # fmt: skip
    return evaluation


@pytest.mark.exigence("R-071", "R-073")
def test_les_evaluations_passent_aux_sondages_et_en_reviennent(avant):
    d, entente, anciens = avant
    evaluation = _peupler(d, entente, anciens)
    _migrer(APRES)
    invitation = Invitation.objects.get(personne=d.mentor)
    assert (invitation.uuid, invitation.remplie, invitation.sujet) == (evaluation.uuid, True, str(entente.uuid))
    assert invitation.dossier == f"Entente {entente.numero}"
    assert sorted(Campagne.objects.values_list("questionnaire__code", "annee", "fin")) == [
        ("mentorat-mentor", 2025, datetime.date(2026, 4, 30)),
        ("mentorat-mentore", 2026, datetime.date(2027, 4, 30)),
    ]
    assert Reponse.objects.filter(campagne__questionnaire__code="mentorat-mentor").count() == 5
    [rappel] = application.get_model("notifications", "Rappel").objects.filter(objet_uuid=evaluation.uuid)
    assert (rappel.objet_type, rappel.jalon) == ("sondages.invitation", "répondre 2025-06-01 J+7")
    scenes.evaluer_la_mesure(Invitation.objects.get(personne=d.mentore))
    assert fermer_les_echues(datetime.date(2026, 11, 22)) == 1
    # Une seule personne de cette année-là est connue : ses cinq réponses ne suffisent pas à paraître.
    assert not resultats_par_annee({"mentorat-mentor"}, {2025})["mentorat-mentor", 2025].montrables

    revenus = _migrer(AVANT)
    reponses = revenus.get_model("mentorat", "ReponseEvaluation").objects
    assert reponses.filter(titre="mentor", annee_financiere=2025, **NOTES).count() == 5
    assert sorted(reponses.values_list("commentaire", flat=True)) == ["", "", "", "", "", "Merci."]
    assert revenus.get_model("mentorat", "EvaluationMesure").objects.get(uuid=evaluation.uuid).remplie
    assert not Invitation.objects.exists()
    _migrer(APRES)
    assert Reponse.objects.count() == 6
