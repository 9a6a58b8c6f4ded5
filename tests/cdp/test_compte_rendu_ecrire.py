"""Écrire le compte rendu à deux : rien ne s’écrase, rien de saisi ne se perd, chaque ajout se retrouve à sa place."""

import pytest
from django.urls import reverse

from cdp.actions import comptes_rendus, ordre_du_jour
from encadrement.rencontres.models import Sorte
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


@pytest.fixture
def rencontre(distribution):
    return scenes.rencontre_tenue(distribution)


@pytest.fixture
def point(rencontre):
    return rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang").first()


@pytest.fixture
def secretaire(distribution, client_de):
    return client_de(distribution.secretaire)


@pytest.fixture
def animatrice(distribution, client_de):
    return client_de(distribution.animatrice)


def lus(client, rencontre):
    return champs_de(client.get(adresse("rencontre_ecrire", rencontre)))


def envoyer(client, rencontre, champs, geste="enregistrer", **saisi):
    return client.post(adresse("rencontre_ecrire", rencontre), {**champs, **saisi, "geste": geste})


SUIVI = {"suivi-texte": "Corriger l’item 14", "suivi-echeance_dite": "en continu"}


@pytest.mark.exigence("R-149", "R-399", "R-395")
def test_le_compte_rendu_nait_de_lordre_du_jour_un_sommaire_par_point(secretaire, rencontre):
    page = texte_de(secretaire.get(adresse("rencontre_ecrire", rencontre)))
    numeros = ["1 Ouverture et mot de bienvenue", "2 Lecture", "3 Lecture et suivi", "4.1 Grille TDL"]
    numeros += ["4.2 Données probantes", "4.3 Situation clinique", "5 Évaluation", "6 Date", "7 Fin de la rencontre"]
    places = [page.index(numero) for numero in numeros]
    assert places == sorted(places)
    champs = lus(secretaire, rencontre)
    assert {f"point-{point.pk}" for point in rencontre.points.all()} <= set(champs)


@pytest.mark.exigence("R-398")
def test_un_sommaire_ecrit_reste_et_se_relit(secretaire, rencontre, point):
    champs = lus(secretaire, rencontre)
    assert envoyer(secretaire, rencontre, champs, **{f"point-{point.pk}": "On adopte la grille."}).status_code == 302
    point.refresh_from_db()
    assert point.sommaire == "On adopte la grille."
    assert lus(secretaire, rencontre)[f"point-{point.pk}"] == "On adopte la grille."


def test_deux_personnes_ecrivent_a_des_points_differents_sans_seffacer(secretaire, animatrice, rencontre, point):
    autre = rencontre.points.get(sorte=Sorte.EVALUATION)
    de_secretaire, d_animatrice = lus(secretaire, rencontre), lus(animatrice, rencontre)
    envoyer(secretaire, rencontre, de_secretaire, **{f"point-{point.pk}": "Sommaire de la secrétaire."})
    envoyer(animatrice, rencontre, d_animatrice, **{f"point-{autre.pk}": "Évaluation de l’animatrice."})
    point.refresh_from_db()
    autre.refresh_from_db()
    assert (point.sommaire, autre.sommaire) == ("Sommaire de la secrétaire.", "Évaluation de l’animatrice.")


def test_deux_personnes_au_meme_point_les_deux_textes_se_montrent(secretaire, animatrice, rencontre, point):
    champ = f"point-{point.pk}"
    d_animatrice = lus(animatrice, rencontre)
    envoyer(secretaire, rencontre, lus(secretaire, rencontre), **{champ: "La version de la secrétaire."})
    reponse = envoyer(animatrice, rencontre, d_animatrice, **{champ: "La version de l’animatrice."})
    assert reponse.status_code == 409
    assert "La version de la secrétaire." in texte_de(reponse)
    assert champs_de(reponse)[champ] == "La version de l’animatrice."
    point.refresh_from_db()
    assert point.sommaire == "La version de la secrétaire."
    assert envoyer(animatrice, rencontre, champs_de(reponse)).status_code == 302
    point.refresh_from_db()
    assert point.sommaire == "La version de l’animatrice."


def test_lenregistrement_automatique_ecrit_et_rend_les_temoins(secretaire, rencontre, point):
    champ = f"point-{point.pk}"
    reponse = secretaire.post(
        adresse("rencontre_brouillon", rencontre), {**lus(secretaire, rencontre), champ: "En cours d’écriture"}
    )
    assert reponse.status_code == 200
    assert champ in reponse.json()["temoins"]
    point.refresh_from_db()
    assert point.sommaire == "En cours d’écriture"


def test_lenregistrement_automatique_dun_compte_rendu_publie_dit_pourquoi_non(secretaire, distribution):
    rencontre = scenes.rencontre_redigee(distribution)
    champs = lus(secretaire, rencontre)
    comptes_rendus.publier_compte_rendu(rencontre, par=distribution.animatrice)
    with rien_decrit():
        reponse = secretaire.post(adresse("rencontre_brouillon", rencontre), champs)
    assert reponse.status_code == 422
    assert "rouvrez-le" in reponse.json()["message"]


def test_publie_par_lautre_pendant_quon_ecrit_le_texte_reste_a_lecran(secretaire, distribution):
    rencontre = scenes.rencontre_redigee(distribution)
    champs = lus(secretaire, rencontre)
    dernier = f"point-{rencontre.points.get(sorte=Sorte.FIN).pk}"
    comptes_rendus.publier_compte_rendu(rencontre, par=distribution.animatrice)
    with rien_decrit():
        reponse = envoyer(secretaire, rencontre, champs, **{dernier: "Levée à 16 h 30."})
    assert reponse.status_code == 409
    assert champs_de(reponse)[dernier] == "Levée à 16 h 30."


def test_un_point_retire_pendant_quon_y_ecrit_rend_le_texte(secretaire, distribution, rencontre, point):
    champs, champ = lus(secretaire, rencontre), f"point-{point.pk}"
    ordre_du_jour.retirer_point(point, par=distribution.animatrice)
    reponse = envoyer(secretaire, rencontre, champs, **{champ: "Un texte à ne pas perdre."})
    assert reponse.status_code == 409
    assert "Un texte à ne pas perdre." in texte_de(reponse)


def test_un_sommaire_trop_long_reste_et_le_reste_senregistre(secretaire, rencontre, point):
    autre = rencontre.points.get(sorte=Sorte.FIN)
    saisi = {f"point-{point.pk}": "é" * 20_001, f"point-{autre.pk}": "Levée."}
    reponse = envoyer(secretaire, rencontre, lus(secretaire, rencontre), **saisi)
    assert reponse.status_code == 200
    assert "dépasse 20 000 caractères" in texte_de(reponse)
    assert champs_de(reponse)[f"point-{point.pk}"] == "é" * 20_001
    autre.refresh_from_db()
    assert autre.sommaire == "Levée."


# --- Les suivis et les contributions, ajoutés depuis la même page ------------------------------------------------


@pytest.mark.exigence("R-398", "R-390")
def test_un_suivi_sajoute_avec_responsable_et_echeance_sous_son_point(secretaire, distribution, rencontre, point):
    champs = lus(secretaire, rencontre)
    saisi = {**SUIVI, "suivi-personne": distribution.membre.pk, "suivi-point": point.pk}
    assert envoyer(secretaire, rencontre, champs, "ajouter_suivi", **saisi).status_code == 302
    suivi = rencontre.suivis.get()
    assert (suivi.point, suivi.qui, suivi.quand) == (point, str(distribution.membre), "en continu")
    assert "Suivi : Corriger l’item 14, Kim Gagné" in texte_de(
        secretaire.get(adresse("rencontre_ecrire", rencontre))
    ).replace("</strong>", "")


def test_un_suivi_commence_senregistre_quel_que_soit_le_bouton(secretaire, distribution, rencontre):
    envoyer(secretaire, rencontre, lus(secretaire, rencontre), **SUIVI, **{"suivi-personne": distribution.membre.pk})
    assert rencontre.suivis.count() == 1


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({}, "Dites qui en est responsable."),
        ({"suivi-texte": ""}, "Dites ce qui est à faire."),
        ({"suivi-nom_externe": "Line Metallic", "suivi-echeance_dite": ""}, "Donnez une date, ou dites l’échéance"),
        ({"suivi-nom_externe": "Line", "suivi-echeance": "2027-02-01"}, "une seule des deux"),
        ({"suivi-nom_externe": "Line", "suivi-echeance_dite": "", "suivi-echeance": "2026-02-31"}, "n’existe pas"),
        ({"suivi-nom_externe": "Line", "suivi-echeance_dite": "", "suivi-echeance": "2001-01-01"}, "suit la rencontre"),
        ({"suivi-personne": "999999"}, "Sélectionnez un choix valide"),
    ],
)
def test_un_suivi_incomplet_se_dit_et_rien_ne_se_perd(secretaire, rencontre, point, saisi, phrase):
    champ = f"point-{point.pk}"
    champs = lus(secretaire, rencontre)
    reponse = envoyer(secretaire, rencontre, champs, "ajouter_suivi", **{**SUIVI, **saisi, champ: "Mon sommaire."})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    rendus = champs_de(reponse)
    assert rendus["suivi-texte"] == {**SUIVI, **saisi}["suivi-texte"]
    point.refresh_from_db()
    assert point.sommaire == "Mon sommaire.", "le reste de la page est enregistré"
    assert rencontre.suivis.count() == 0


@pytest.mark.exigence("R-398")
def test_le_meme_suivi_deux_fois_ne_se_note_quune(secretaire, distribution, rencontre):
    saisi = {**SUIVI, "suivi-personne": distribution.membre.pk}
    envoyer(secretaire, rencontre, lus(secretaire, rencontre), "ajouter_suivi", **saisi)
    reponse = envoyer(secretaire, rencontre, lus(secretaire, rencontre), "ajouter_suivi", **saisi)
    assert reponse.status_code == 409
    assert "Ce suivi est déjà noté." in texte_de(reponse)
    assert rencontre.suivis.count() == 1


@pytest.mark.exigence("R-294", "R-295", "R-296")
@pytest.mark.parametrize("sorte", ["experience", "donnee", "coconstruction"])
def test_chaque_ingredient_de_succes_se_compte_avec_sa_precision(secretaire, rencontre, sorte):
    saisi = {"contribution-sorte": sorte, "contribution-precision": "Méta-analyse de 2024"}
    champs = lus(secretaire, rencontre)
    assert envoyer(secretaire, rencontre, champs, "ajouter_contribution", **saisi).status_code == 302
    contribution = rencontre.contributions.get()
    assert (contribution.sorte, contribution.precision) == (sorte, "Méta-analyse de 2024")


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"contribution-sorte": "donnee"}, "Précisez la contribution"),
        ({"contribution-sorte": "donnee", "contribution-precision": "   "}, "Précisez la contribution"),
        ({"contribution-precision": "Une grille"}, "Choisissez la sorte"),
        ({"contribution-sorte": "autre chose", "contribution-precision": "Une grille"}, "Sélectionnez un choix valide"),
    ],
)
def test_une_contribution_sans_precision_ni_sorte_se_refuse(secretaire, rencontre, saisi, phrase):
    with rien_decrit():
        reponse = envoyer(secretaire, rencontre, lus(secretaire, rencontre), "ajouter_contribution", **saisi)
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)


def test_un_ajout_fait_par_erreur_se_retire_avant_de_publier(secretaire, distribution):
    rencontre = scenes.rencontre_redigee(distribution)
    suivi, contribution = rencontre.suivis.first(), rencontre.contributions.get()
    champs = lus(secretaire, rencontre)
    envoyer(secretaire, rencontre, champs, f"retirer_suivi:{suivi.uuid}")
    envoyer(secretaire, rencontre, champs, f"retirer_contribution:{contribution.uuid}")
    assert suivi not in rencontre.suivis.all()
    assert rencontre.contributions.count() == 0


@pytest.mark.parametrize("cible", ["", "abc", "²", "00000000-0000-4000-8000-000000000000"])
@pytest.mark.parametrize("geste", ["retirer_suivi", "retirer_contribution", "clore_suivi", "approuver"])
def test_un_geste_ou_une_cible_impossible_ne_casse_rien(secretaire, rencontre, geste, cible):
    champs = lus(secretaire, rencontre)
    with rien_decrit():
        assert envoyer(secretaire, rencontre, champs, f"{geste}:{cible}").status_code == 302


def test_le_suivi_dune_autre_communaute_ne_se_clot_pas_dici(secretaire, distribution, rencontre):
    ailleurs = scenes.communaute_active(distribution, nom="CdP en déficience")
    suivi = scenes.rencontre_publiee(distribution, ailleurs, il_y_a=3).suivis.first()
    reponse = envoyer(secretaire, rencontre, lus(secretaire, rencontre), f"clore_suivi:{suivi.uuid}")
    assert reponse.url == adresse("rencontre_ecrire", rencontre)


@pytest.mark.exigence("R-320")
def test_la_page_rappelle_ce_quune_communaute_ne_fait_pas(secretaire, rencontre):
    page = texte_de(secretaire.get(adresse("rencontre_ecrire", rencontre)))
    assert "elle ne rend pas d’avis sur l’organisation ou la qualité des services" in page
    assert reverse("cadre:ressource", args=["annexe-3"]) in page


def test_la_page_decriture_coute_autant_de_requetes_a_trente_points(
    secretaire, distribution, rencontre, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("encadrement.accueil.contexte.nombre_a_faire", lambda personne: 0)
    for rang in range(25):
        ordre_du_jour.ajouter_point(
            rencontre, par=distribution.animatrice, sujet=f"Point {rang}", personne=distribution.membre
        )
    with django_assert_max_num_queries(45):
        secretaire.get(adresse("rencontre_ecrire", rencontre))
