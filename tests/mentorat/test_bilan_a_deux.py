"""Écrire un bilan à deux en même temps : rien ne s’écrase, les deux textes sont montrés, rien n’est perdu."""

import pytest

from mentorat.models import Bilan
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

pytestmark = pytest.mark.django_db

PAGES = {"active": "entente_mi_temps", "en_evaluation": "entente_finale"}


@pytest.fixture(params=list(PAGES))
def bilan_a_deux(request, distribution, client_de):
    """Rend (page, entente, client du mentor, client de la mentorée, ce que chacun a sous les yeux)."""
    entente = scenes.entente(distribution, request.param)
    page = PAGES[request.param]
    clients = client_de(distribution.mentor), client_de(distribution.mentore)
    return page, entente, *clients, champs_de(clients[0].get(adresse(page, entente)))


def _bilan(entente):
    return Bilan.objects.filter(entente=entente).order_by("pk").last()


def test_deux_champs_differents_se_gardent_tous_les_deux(bilan_a_deux):
    page, entente, mentor, mentore, lus = bilan_a_deux
    objectif = entente.objectifs.first()
    mentor.post(adresse(page, entente), {**lus, "commentaires": "Du mentor"})
    reponse = mentore.post(adresse(page, entente), {**lus, f"objectif-{objectif.pk}": "rouge"})
    assert reponse.status_code == 302
    bilan = _bilan(entente)
    assert bilan.commentaires == "Du mentor"
    assert bilan.etats_objectifs.get(objectif=objectif).couleur == "rouge"


def test_le_meme_champ_montre_les_deux_textes_et_ne_perd_rien(bilan_a_deux):
    page, entente, mentor, mentore, lus = bilan_a_deux
    mentor.post(adresse(page, entente), {**lus, "commentaires": "Du mentor"})
    reponse = mentore.post(adresse(page, entente), {**lus, "commentaires": "De la mentorée"})
    assert reponse.status_code == 409
    texte = texte_de(reponse)
    assert "Vous avez écrit au même endroit tous les deux" in texte
    assert "Du mentor" in texte
    assert champs_de(reponse)["commentaires"] == "De la mentorée"
    assert _bilan(entente).commentaires == "Du mentor"
    assert mentore.post(adresse(page, entente), champs_de(reponse)).status_code == 302
    assert _bilan(entente).commentaires == "De la mentorée"


def test_apres_un_conflit_le_reenvoi_necrase_pas_les_autres_champs_de_lautre(bilan_a_deux):
    page, entente, mentor, mentore, lus = bilan_a_deux
    objectif = entente.objectifs.first()
    mentor.post(adresse(page, entente), {**lus, "commentaires": "Du mentor", f"objectif-{objectif.pk}": "vert"})
    reponse = mentore.post(adresse(page, entente), {**lus, "commentaires": "De la mentorée"})
    assert champs_de(reponse)[f"objectif-{objectif.pk}"] == "vert"
    mentore.post(adresse(page, entente), champs_de(reponse))
    assert _bilan(entente).etats_objectifs.get(objectif=objectif).couleur == "vert"


@pytest.mark.parametrize("avant", [True, False])
def test_un_texte_refuse_puis_corrige_necrase_pas_ce_que_lautre_a_ecrit(bilan_a_deux, avant):
    page, entente, mentor, mentore, lus = bilan_a_deux
    if avant:
        mentor.post(adresse(page, entente), {**lus, "commentaires": "Du mentor"})
    reponse = mentore.post(adresse(page, entente), {**lus, "commentaires": "z" * 20_001})
    if not avant:
        mentor.post(adresse(page, entente), {**lus, "commentaires": "Du mentor"})
    corrige = mentore.post(adresse(page, entente), {**champs_de(reponse), "commentaires": "z" * 20})
    assert corrige.status_code == 409
    assert _bilan(entente).commentaires == "Du mentor"


def test_le_brouillon_senregistre_et_rend_les_temoins(bilan_a_deux):
    page, entente, mentor, _, lus = bilan_a_deux
    reponse = mentor.post(adresse(f"{page}_brouillon", entente), {**lus, "commentaires": "En cours"})
    donnees = reponse.json()
    assert reponse.status_code == 200
    assert donnees["enregistre_le"]
    assert donnees["temoins"]["commentaires"] != lus["temoin-commentaires"]
    assert _bilan(entente).commentaires == "En cours"
    temoins = {f"temoin-{champ}": temoin for champ, temoin in donnees["temoins"].items()}
    suite = mentor.post(adresse(f"{page}_brouillon", entente), {**lus, **temoins, "commentaires": "En cours, suite"})
    assert suite.status_code == 200
    assert _bilan(entente).commentaires == "En cours, suite"


def test_le_brouillon_rapporte_ce_que_lautre_vient_decrire(bilan_a_deux):
    page, entente, mentor, mentore, lus = bilan_a_deux
    objectif = entente.objectifs.first()
    mentor.post(adresse(f"{page}_brouillon", entente), {**lus, "commentaires": "Du mentor"})
    reponse = mentore.post(adresse(f"{page}_brouillon", entente), {**lus, f"objectif-{objectif.pk}": "jaune"})
    assert reponse.json()["nouveautes"]["commentaires"]["valeur"] == "Du mentor"


def test_le_brouillon_montre_les_deux_textes_dun_conflit(bilan_a_deux):
    page, entente, mentor, mentore, lus = bilan_a_deux
    mentor.post(adresse(f"{page}_brouillon", entente), {**lus, "commentaires": "Du mentor"})
    reponse = mentore.post(adresse(f"{page}_brouillon", entente), {**lus, "commentaires": "De la mentorée"})
    assert reponse.status_code == 409
    (conflit,) = reponse.json()["conflit"]
    assert (conflit["champ"], conflit["le_mien"], conflit["actuel"]) == ("commentaires", "De la mentorée", "Du mentor")
    assert _bilan(entente).commentaires == "Du mentor"


def test_un_brouillon_trop_long_est_dit_et_le_reste_enregistre(bilan_a_deux):
    page, entente, mentor, _, lus = bilan_a_deux
    objectif = entente.objectifs.first()
    saisi = {**lus, "commentaires": "z" * 20_001, f"objectif-{objectif.pk}": "vert"}
    reponse = mentor.post(adresse(f"{page}_brouillon", entente), saisi)
    assert reponse.status_code == 422
    assert "20\xa0000 caractères" in reponse.json()["message"]
    assert _bilan(entente).etats_objectifs.filter(objectif=objectif, couleur="vert").exists()


def test_le_brouillon_ne_se_lit_pas(bilan_a_deux):
    page, entente, mentor, *_ = bilan_a_deux
    assert mentor.get(adresse(f"{page}_brouillon", entente)).status_code == 405


def test_ouvrir_la_page_necrit_rien_que_la_trace_de_lecture(distribution, client_de):
    entente = scenes.entente(distribution)
    client_de(distribution.mentor).get(adresse("entente_mi_temps", entente))
    assert not Bilan.objects.exists()
