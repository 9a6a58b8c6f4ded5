"""Les questionnaires : la DSM écrit la version suivante, et ce qui est publié ne change plus (Q-11)."""

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages import questionnaires, versions
from encadrement.sondages.actions import fermer_campagne, inviter, ouvrir_campagne, repondre
from encadrement.sondages.models import Questionnaire, Reponse
from encadrement.sondages.questions import Question, SorteQuestion, defauts
from encadrement.sondages.resultats import resultats
from tests.encadrement.sondages.essai import CODE, QUESTIONS, repondre_a
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de, texte_de
from tests.sources import MESURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def publie():
    return questionnaires.en_vigueur(CODE)


@pytest.fixture
def brouillon(distribution, publie):
    return versions.preparer_version(CODE, par=distribution.dsm)


# --- Les questionnaires écrits par les mesures -------------------------------------------------------------------

FICHIERS = sorted(f for mesure in MESURES for f in settings.RACINE.joinpath(mesure).glob("questionnaires.toml"))


@pytest.mark.exigence("R-071", "R-141", "R-285", "R-286", "R-451", "R-469", "R-481", "R-485", "R-486")
@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda fichier: fichier.parent.name)
def test_chaque_questionnaire_dune_mesure_se_lit_et_porte_son_nom(fichier, monkeypatch):
    monkeypatch.setattr(questionnaires, "_inscrits", {})
    questionnaires.inscrire_fichier(fichier)
    assert questionnaires.codes()
    for code in questionnaires.codes():
        assert code.startswith(f"{fichier.parent.name}-")
        inscrit = questionnaires.en_vigueur(code)
        assert len(inscrit.liste) <= 16
        assert any(question.sorte == SorteQuestion.TEXTE for question in inscrit.liste)


def test_le_socle_ne_nomme_aucune_mesure():
    for chemin in settings.RACINE.joinpath("encadrement", "sondages").rglob("*.py"):
        texte = chemin.read_text().lower()
        assert not [mesure for mesure in ("cdp", "concertation") if mesure in texte], chemin


def test_un_questionnaire_bancal_arrete_le_demarrage():
    with pytest.raises(ValueError, match="de 2 à 12 choix"):
        questionnaires.inscrire("bancal", nom="Bancal", questions=[{"code": "a", "sorte": "choix", "libelle": "A?"}])


@pytest.mark.parametrize(
    ("questions", "phrase"),
    [
        ([], "au moins une question"),
        ([Question("a", "texte", "A")] * 2, "même code"),
        ([Question(f"q{rang}", "texte", "Q") for rang in range(41)], "au plus 40"),
        ([Question("É", "texte", "A")], "sans accent"),
        ([Question("a", "texte", " ")], "la question elle-même"),
        ([Question("a", "choix", "A", choix=(("x", "X"),))], "de 2 à 12"),
        ([Question("a", "choix", "A", choix=(("x", "X"), ("x", "Y")))], "de 2 à 12"),
        ([Question("a", "texte", "A", choix=(("x", "X"), ("y", "Y")))], "seule une question à choix"),
    ],
)
def test_les_defauts_dun_questionnaire_se_disent_en_phrases(questions, phrase):
    assert any(phrase in defaut for defaut in defauts(questions))


# --- Préparer, publier -------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-469")
def test_la_dsm_ecrit_une_version_la_publie_et_les_campagnes_suivantes_la_posent(distribution, campagne, client_de):
    client = client_de(distribution.dsm)
    publie = campagne.questionnaire
    page = client.post(reverse("sondages:questionnaire_preparer", args=[publie.uuid])).url
    saisie = champs_de(client.get(page))
    saisie |= {
        "nom": "Questionnaire d’essai, revu",
        "q-0-sorte": "echelle",
        "q-1-sorte": "note",
        "q-1-DELETE": "on",
        "q-2-sorte": "choix",
        "q-2-choix": "En présence\nÀ distance\nEn alternance",
        "q-3-sorte": "texte",
        "q-4-sorte": "echelle",
        "q-4-libelle": "J’ai eu le temps d’y participer.",
        "q-4-ORDER": "1",
        "q-5-sorte": "echelle",
    }
    assert client.post(page, saisie).url == page
    brouillon = Questionnaire.objects.get(version=2)
    assert [question.code for question in brouillon.liste] == [
        "utilite",
        "jai_eu_le_temps_dy_participer",
        "mode",
        "mot",
    ]
    assert [code for code, _ in brouillon.liste[2].choix] == ["presence", "virtuel", "en_alternance"]
    assert questionnaires.en_vigueur(CODE) == publie
    client.post(reverse("sondages:questionnaire_publier", args=[brouillon.uuid]))
    assert questionnaires.en_vigueur(CODE) == brouillon
    suivante = ouvrir_campagne(CODE, cle="suivante", mesure="essai", annee=2027, libelle="suivante")
    assert (campagne.questionnaire.version, suivante.questionnaire.version) == (1, 2)


def test_preparer_deux_fois_rend_la_meme_version(distribution, brouillon):
    assert versions.preparer_version(CODE, par=distribution.dsm) == brouillon
    assert Questionnaire.objects.filter(code=CODE).count() == 2


def test_la_base_refuse_deux_brouillons_et_deux_fois_la_meme_version(brouillon):
    for champs in ({"version": 3, "etat": "brouillon"}, {"version": 1, "etat": "publie"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Questionnaire.objects.create(code=CODE, nom="Copie", **champs)


@pytest.mark.parametrize("verbe", [versions.publier_version, versions.abandonner_version])
def test_une_version_publiee_ne_se_publie_ni_ne_sefface(distribution, publie, verbe):
    with pytest.raises(ErreurMetier, match="ne change jamais"):
        verbe(publie, par=distribution.dsm)


def test_une_version_publiee_ne_se_corrige_pas(distribution, publie, client_de):
    with pytest.raises(ErreurMetier, match="ne change jamais"):
        versions.corriger_version(publie, par=distribution.dsm, nom="X", consigne="", questions=publie.liste)
    page = reverse("sondages:questionnaire_modifier", args=[publie.uuid])
    assert client_de(distribution.dsm).get(page).url == publie.get_absolute_url()


def test_abandonner_laisse_la_version_en_vigueur(distribution, brouillon, publie, client_de):
    page = reverse("sondages:questionnaire_abandonner", args=[brouillon.uuid])
    assert client_de(distribution.dsm).post(page).status_code == 302
    assert list(Questionnaire.objects.filter(code=CODE)) == [publie]


@pytest.mark.parametrize("qui", ["appr", "pilote", "mentor", "superutilisateur"])
def test_seule_la_dsm_ecrit(distribution, publie, brouillon, qui):
    for verbe in (versions.publier_version, versions.abandonner_version):
        with pytest.raises(AccesRefuse):
            verbe(brouillon, par=distribution[qui])
    with pytest.raises(AccesRefuse):
        versions.preparer_version(CODE, par=distribution[qui])
    with pytest.raises(AccesRefuse):
        versions.corriger_version(brouillon, par=distribution[qui], nom="X", consigne="", questions=brouillon.liste)


def test_une_saisie_fautive_garde_tout_a_lecran(distribution, brouillon, client_de):
    client = client_de(distribution.dsm)
    page = reverse("sondages:questionnaire_modifier", args=[brouillon.uuid])
    saisie = champs_de(client.get(page)) | {f"q-{rang}-sorte": "texte" for rang in range(6)}
    saisie |= {"nom": "", "q-0-libelle": "", "q-2-choix": "", "q-4-libelle": "Une neuve?"}
    reponse = client.post(page, saisie)
    assert reponse.status_code == 200
    assert "Nommez le questionnaire." in texte_de(reponse)
    assert "Écrivez la question" in texte_de(reponse)
    assert champs_de(reponse)["q-4-libelle"] == "Une neuve?"
    assert Questionnaire.objects.get(pk=brouillon.pk).questions == brouillon.questions


def test_un_choix_seul_est_refuse_avec_la_raison(distribution, brouillon, client_de):
    client = client_de(distribution.dsm)
    page = reverse("sondages:questionnaire_modifier", args=[brouillon.uuid])
    saisie = champs_de(client.get(page))
    saisie |= {"q-0-sorte": "echelle", "q-1-sorte": "note", "q-2-sorte": "choix", "q-3-sorte": "texte"}
    saisie |= {"q-2-choix": "Un seul", "q-4-sorte": "texte", "q-5-sorte": "texte"}
    reponse = client.post(page, saisie)
    assert "proposez de 2 à 12 choix" in texte_de(reponse)
    assert champs_de(reponse)["q-2-choix"] == "Un seul"


def test_deux_versions_se_comptent_ensemble_par_le_code_des_questions(distribution, campagne):
    fermer_campagne(_repondue(campagne, utilite=5))
    brouillon = versions.preparer_version(CODE, par=distribution.dsm)
    gardees = [Question.de({**QUESTIONS[0], "libelle": "La mesure m’est utile."})]
    versions.corriger_version(brouillon, par=distribution.dsm, nom="Revu", consigne="", questions=gardees)
    versions.publier_version(brouillon, par=distribution.dsm)
    autre = ouvrir_campagne(CODE, cle="autre", mesure="essai", annee=2026, libelle="autre")
    for invitation in inviter(autre, PersonneFactory.create_batch(5, mot_de_passe=None)):
        repondre(invitation, par=invitation.personne, reponses={"utilite": 1})
    fermer_campagne(autre)
    obtenus = resultats([campagne, autre])
    assert obtenus.question("utilite").question.libelle == "La mesure m’est utile."
    assert obtenus.moyenne("utilite") == 3
    assert obtenus.question("note").nombre == 5
    assert Reponse.objects.count() == 10


def _repondue(campagne, **reponses):
    repondre_a(inviter(campagne, PersonneFactory.create_batch(5, mot_de_passe=None)), **reponses)
    return campagne
