"""L’assistant de démarrage : cinq étapes, enregistrables en tout temps, qui écrivent la fiche et disent ce qui manque."""

import pytest

from cdp.actions import communautes
from cdp.models import Communaute, ReponseDemarrage
from cdp.models.demarrage import etapes, questions
from tests.cdp import scenes
from tests.cdp.annuel import adresse
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def communaute(distribution):
    return scenes.communaute_ouverte(distribution)


@pytest.mark.exigence("R-476", "R-477", "R-478", "R-479", "R-480", "R-481")
def test_les_cinq_etapes_du_guide_posent_chacune_leurs_questions(distribution, communaute, client_de):
    client = client_de(distribution.animatrice)
    assert [etape.enonce for etape in etapes()] == ["R-476", "R-477", "R-478", "R-479", "R-481"]
    for etape in etapes():
        page = texte_de(client.get(adresse("demarrage", communaute, etape.rang)))
        for question in etape.questions:
            assert question.libelle in page
            assert question.aide in page
            assert question.exemples
            assert question.exemples[0] in page


def test_chaque_question_qui_ecrit_la_fiche_nomme_un_de_ses_champs():
    champs = [question.champ for question in questions().values() if question.champ]
    assert len(champs) == len(set(champs)) == 8
    assert set(champs) <= set(communautes.CHAMPS_FICHE)


@pytest.mark.exigence("R-381", "R-382", "R-476")
def test_on_repond_on_sort_et_l_on_y_revient(distribution, communaute, client_de):
    client = client_de(distribution.animatrice)
    page = adresse("demarrage", communaute, 1)
    lus = champs_de(client.get(page))
    saisi = {**lus, "mandat": "Harmoniser nos outils.", "domaine": "Le langage de 0 à 5 ans."}
    assert client.post(page, {**saisi, "geste": "2"}).url == adresse("demarrage", communaute, 2)
    assert client.post(page, {**champs_de(client.get(page)), "geste": ""}).url == communaute.get_absolute_url()
    relus = champs_de(client.get(page))
    assert (relus["mandat"], relus["domaine"]) == ("Harmoniser nos outils.", "Le langage de 0 à 5 ans.")
    # Une réponse à la fois : le domaine est celui de la fiche, il ne se range pas deux fois.
    assert Communaute.objects.get(pk=communaute.pk).domaine == "Le langage de 0 à 5 ans."
    assert [reponse.question for reponse in ReponseDemarrage.objects.all()] == ["mandat"]


def test_l_assistant_s_enregistre_pendant_la_frappe_et_a_plusieurs(distribution, communaute, client_de):
    page, brouillon = adresse("demarrage", communaute, 1), adresse("demarrage_brouillon", communaute, 1)
    animatrice, appr = client_de(distribution.animatrice), client_de(distribution.appr)
    lus = champs_de(animatrice.get(page))
    assert appr.post(brouillon, {**lus, "groupe_noyau": "Une experte, un APPR."}).json()["enregistre_le"]
    recu = animatrice.post(brouillon, {**lus, "mandat": "Harmoniser."}).json()
    assert recu["nouveautes"]["groupe_noyau"]["valeur"] == "Une experte, un APPR."
    conflit = animatrice.post(brouillon, {**lus, "groupe_noyau": "Nous trois."})
    assert (conflit.status_code, conflit.json()["conflit"][0]["actuel"]) == (409, "Une experte, un APPR.")


def test_deux_reponses_au_meme_endroit_sont_montrees(distribution, communaute, client_de):
    page = adresse("demarrage", communaute, 1)
    animatrice, appr = client_de(distribution.animatrice), client_de(distribution.appr)
    lus = champs_de(animatrice.get(page))
    appr.post(page, {**lus, "mandat": "Le mandat vu par l’APPR."})
    reponse = animatrice.post(page, {**lus, "mandat": "Mon mandat.", "groupe_noyau": "Nous trois.", "geste": "2"})
    assert reponse.status_code == 409
    assert "Le mandat vu par l’APPR." in texte_de(reponse)
    assert champs_de(reponse)["mandat"] == "Mon mandat."
    assert champs_de(animatrice.get(page))["groupe_noyau"] == "Nous trois."


@pytest.mark.exigence("R-117", "R-119", "R-427")
def test_l_assistant_dit_ce_qui_manque_pour_proposer_puis_y_mene(distribution, client_de):
    communaute = scenes.communaute_ouverte(distribution)
    client = client_de(distribution.animatrice)
    page = texte_de(client.get(adresse("demarrage", communaute, 5)))
    for manque in ("Désignez le gestionnaire qui parraine", "doit avoir un secrétaire", "au moins un des cinq besoins"):
        assert manque in page
    prete = scenes.communaute_prete(distribution, nom="CdP prête")
    page = texte_de(client.get(adresse("demarrage", prete, 5)))
    assert "Tout ce que le cadre demande y est." in page
    assert adresse("communaute_proposer", prete) in page


@pytest.mark.exigence("R-136", "R-150", "R-152")
def test_un_appr_suit_l_assistant_avec_l_equipe(distribution, communaute, client_de):
    client = client_de(distribution.appr)
    page = adresse("demarrage", communaute, 4)
    client.post(page, {**champs_de(client.get(page)), "soutiens": "Mentor : une animatrice d’expérience."})
    assert ReponseDemarrage.objects.get().modifiee_par == distribution.appr
    # Soutenir n’est pas décider : la fiche entière et la proposition restent à l’équipe.
    assert client.get(adresse("communaute_modifier", communaute)).status_code == 403
    assert client.get(adresse("communaute_proposer", communaute)).status_code == 403


@pytest.mark.parametrize("rang", [0, 6, 99])
def test_une_etape_inconnue_n_existe_pas(distribution, communaute, client_de, rang):
    client = client_de(distribution.animatrice)
    assert client.get(adresse("demarrage", communaute, rang)).status_code == 404
    assert client.post(adresse("demarrage_brouillon", communaute, rang)).status_code == 404


@pytest.mark.parametrize("geste", ["9", "²", "-1", "demarrage"])
def test_un_geste_inconnu_enregistre_et_sort(distribution, communaute, client_de, geste):
    client = client_de(distribution.animatrice)
    reponse = client.post(adresse("demarrage", communaute, 1), {"mandat": "Harmoniser.", "geste": geste})
    assert reponse.url == communaute.get_absolute_url()
    assert ReponseDemarrage.objects.get().texte == "Harmoniser."


def test_une_reponse_trop_longue_reste_a_l_ecran(distribution, communaute, client_de):
    client = client_de(distribution.animatrice)
    page = adresse("demarrage", communaute, 1)
    reponse = client.post(page, {**champs_de(client.get(page)), "mandat": "é" * 8001, "groupe_noyau": "Nous trois."})
    assert len(champs_de(reponse)["mandat"]) == 8001
    assert champs_de(client.get(page)) | {"mandat": ""} == champs_de(client.get(page))
    assert champs_de(client.get(page))["groupe_noyau"] == "Nous trois."


def test_dissoute_une_communaute_ne_se_prepare_plus(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    communautes.dissoudre_communaute(communaute, par=distribution.parrain, motif="Mandat accompli.")
    with rien_decrit():
        reponse = client_de(distribution.animatrice).post(adresse("demarrage", communaute, 1), {"mandat": "Encore."})
    assert (reponse.status_code, champs_de(reponse)["mandat"]) == (409, "Encore.")
