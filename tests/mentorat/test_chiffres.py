"""Les chiffres de la mesure : ce qu’ils comptent, ce qu’ils taisent, qui les voit."""

import datetime

import pytest

from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.sondages.actions import fermer_campagne, inviter
from encadrement.sondages.models import Campagne
from encadrement.sondages.resultats import non_repondants, resultats_par_annee
from mentorat.actions import suivi
from tests.encadrement.indicateurs.lecture import compte, sur
from tests.factories import PersonneFactory
from tests.mentorat import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def annee():
    return AnneeFinanciere.du(jour_local())


def satisfaction(annee, titre):
    questionnaire, debut = f"mentorat-{titre}", annee.debut_annee
    return resultats_par_annee({questionnaire}, {debut})[questionnaire, debut]


@pytest.mark.parametrize(
    ("jour", "debut"), [("2026-03-31", 2025), ("2026-04-01", 2026), ("2026-12-31", 2026), ("2027-01-01", 2026)]
)
def test_lannee_financiere_commence_le_1er_avril(jour, debut):
    assert AnneeFinanciere.du(datetime.date.fromisoformat(jour)).debut_annee == debut


@pytest.mark.exigence("R-072")
@pytest.mark.parametrize(("etat", "nombre"), [("a_approuver", 0), ("active", 1), ("close", 1)])
def test_un_beneficiaire_compte_des_lapprobation(distribution, annee, etat, nombre):
    scenes.entente(distribution, etat)
    assert compte("mentorat.beneficiaires", annee) == nombre


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
    sans = sur("mentorat.beneficiaires", annee)
    type(personne).objects.filter(pk=personne.pk).update(**attributs)
    assert sur("mentorat.beneficiaires", annee) - sans == (1 if compte else 0)


@pytest.mark.exigence("R-067", "R-074")
def test_les_heures_offertes_excluent_lorientation(distribution, annee):
    entente = scenes.entente(distribution, "active")
    suivi.consigner_rencontre(
        entente, par=distribution.mentor, jour=jour_local(), minutes=60, minutes_orientation=30, mode="presence"
    )
    assert compte("mentorat.heures", annee) == 60


@pytest.mark.exigence("R-073", "R-082")
@pytest.mark.parametrize(("repondants", "nombre"), [(4, 0), (5, 5)])
def test_la_satisfaction_se_tait_sous_cinq_personnes(distribution, annee, repondants, nombre):
    scenes.entente(distribution, "close")
    campagne = Campagne.objects.get(questionnaire__code="mentorat-mentor")
    inviter(campagne, PersonneFactory.create_batch(4, mot_de_passe=None))
    for attendue in list(non_repondants(campagne))[:repondants]:
        scenes.evaluer_la_mesure(attendue)
    assert not satisfaction(annee, "mentor").montrables
    fermer_campagne(campagne)
    obtenue = satisfaction(annee, "mentor")
    assert obtenue.reponses == nombre
    assert not satisfaction(annee, "mentore").montrables
    if nombre:
        codes = ("objectifs_clairs", "relation_de_confiance", "temps_suffisant", "utilite", "soutien_gestionnaire")
        assert [obtenue.moyenne(code) for code in (*codes, "recommandation")] == [4, 5, 3, 4, 4, 8]


@pytest.mark.exigence("R-073", "R-083")
def test_la_page_montre_les_moyennes_et_jamais_les_commentaires(distribution, client_de):
    scenes.entente(distribution, "close")
    campagne = Campagne.objects.get(questionnaire__code="mentorat-mentore")
    inviter(campagne, PersonneFactory.create_batch(4, mot_de_passe=None))
    for attendue in non_repondants(campagne):
        scenes.evaluer_la_mesure(attendue, commentaire="Plus de temps libéré.")
    fermer_campagne(campagne)
    for qui, suit in (("appr", True), ("executif_cm", False)):
        page = texte_de(client_de(distribution[qui]).get("/indicateurs/mentorat/"))
        assert "5 réponses" in page
        assert "4,0 sur 5" in page
        assert "Plus de temps libéré" not in page
        assert ("Les campagnes d’évaluation" in page) == suit


@pytest.mark.exigence("R-083")
def test_lappr_lit_les_chiffres_et_lintervenant_recoit_une_phrase(distribution, client_de):
    scenes.entente(distribution, "close")
    page = client_de(distribution.appr).get("/indicateurs/mentorat/")
    assert page.status_code == 200
    assert "La campagne est ouverte" in page.content.decode()
    assert client_de(distribution.collegue).get("/indicateurs/mentorat/").status_code == 403
