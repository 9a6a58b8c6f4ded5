import pytest

from encadrement.sondages import lecteurs, questionnaires
from encadrement.sondages.actions import inviter, ouvrir_campagne
from tests.encadrement.sondages.essai import CODE, QUESTIONS
from tests.factories import PersonneFactory


@pytest.fixture(autouse=True)
def questionnaire_d_essai(monkeypatch):
    """Un questionnaire de chaque sorte de question, inscrit le temps de l’essai."""
    monkeypatch.setattr(questionnaires, "_inscrits", dict(questionnaires._inscrits))
    monkeypatch.setattr(lecteurs, "_inscrits", dict(lecteurs._inscrits))
    questionnaires.inscrire(CODE, nom="Questionnaire d’essai", consigne="Deux minutes.", questions=QUESTIONS)


@pytest.fixture
def campagne(db):
    return ouvrir_campagne(CODE, cle="essai", mesure="essai", groupe="a", annee=2026, libelle="évaluation d’essai")


@pytest.fixture
def invitees(campagne):
    """Six personnes invitées à la campagne ; rend leurs invitations."""
    return inviter(campagne, PersonneFactory.create_batch(6, mot_de_passe=None))
