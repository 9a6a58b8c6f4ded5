"""Les chiffres de la mesure : ce qu’ils comptent, ce qu’ils taisent, qui les voit."""

import datetime

import pytest

from encadrement.socle.temps import jour_local
from mentorat import indicateurs
from mentorat.actions import fin, suivi
from mentorat.models import EvaluationMesure, ReponseEvaluation
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db
REPONSES = {
    "objectifs_clairs": 4, "relation_de_confiance": 5, "temps_suffisant": 3, "utilite": 5, "soutien_gestionnaire": 4,
    "recommandation": 9,
}  # fmt: skip


@pytest.fixture
def annee():
    return indicateurs.AnneeFinanciere.du(jour_local())


@pytest.mark.parametrize(
    ("jour", "debut"), [("2026-03-31", 2025), ("2026-04-01", 2026), ("2026-12-31", 2026), ("2027-01-01", 2026)]
)
def test_lannee_financiere_commence_le_1er_avril(jour, debut):
    assert indicateurs.AnneeFinanciere.du(datetime.date.fromisoformat(jour)).debut_annee == debut


@pytest.mark.exigence("R-072")
@pytest.mark.parametrize(("etat", "nombre"), [("a_approuver", 0), ("active", 1), ("close", 1)])
def test_un_beneficiaire_compte_des_lapprobation(distribution, annee, etat, nombre):
    scenes.entente(distribution, etat)
    assert indicateurs.beneficiaires(annee) == nombre


@pytest.mark.exigence("R-072")
@pytest.mark.parametrize(
    ("champs", "compte"),
    [
        ({}, True),
        ({"membre_cm": False}, False),
        ({"is_active": False}, False),
        ({"date_entree_service": datetime.date(2001, 5, 1)}, False),
        ({"date_entree_service": datetime.date(2001, 5, 1), "date_embauche": jour_local()}, True),
    ],
)
def test_est_eligible_larrivant_du_cm_dans_lannee(distribution, annee, champs, compte):
    personne = distribution.collegue
    attributs = {
        "membre_cm": True, "is_active": True, "date_entree_service": jour_local(),
        "date_embauche": datetime.date(2000, 1, 1), **champs,
    }  # fmt: skip
    type(personne).objects.filter(pk=personne.pk).update(membre_cm=False)
    sans = indicateurs.eligibles(annee)
    type(personne).objects.filter(pk=personne.pk).update(**attributs)
    assert indicateurs.eligibles(annee) - sans == (1 if compte else 0)


@pytest.mark.exigence("R-067", "R-074")
def test_les_heures_offertes_excluent_lorientation(distribution, annee):
    entente = scenes.entente(distribution, "active")
    suivi.consigner_rencontre(
        entente, par=distribution.mentor, jour=jour_local(), minutes=60, minutes_orientation=30, mode="presence"
    )
    assert indicateurs.heures(annee) == 60


@pytest.mark.exigence("R-073", "R-082")
def test_la_satisfaction_se_tait_sous_cinq_reponses(distribution, annee):
    scenes.entente(distribution, "close")
    evaluation = EvaluationMesure.objects.get(titre="mentor")
    fin.repondre_evaluation(evaluation, par=distribution.mentor, commentaire="", **REPONSES)
    assert indicateurs.satisfaction(annee, "mentor") == {"nombre": None, "moyennes": []}
    for _ in range(4):
        ReponseEvaluation.objects.create(titre="mentor", annee_financiere=annee.debut_annee, **REPONSES)
    obtenue = indicateurs.satisfaction(annee, "mentor")
    assert obtenue["nombre"] == 5
    assert [ligne["valeur"] for ligne in obtenue["moyennes"]] == [4, 5, 3, 5, 4]


@pytest.mark.exigence("R-083")
def test_lappr_lit_les_chiffres_et_lintervenant_recoit_une_phrase(distribution, client_de):
    scenes.entente(distribution, "close")
    page = client_de(distribution.appr).get("/mentorat/chiffres/")
    assert page.status_code == 200
    assert "Moins de 5 réponses" in page.content.decode()
    assert client_de(distribution.collegue).get("/mentorat/chiffres/").status_code == 403
