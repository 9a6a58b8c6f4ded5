"""Rédiger le plan d’action à deux : le tableau de l’annexe 7, rien ne s’écrase, rien ne se perd."""

import pytest

from cdp.actions import annees
from cdp.models import LIGNES_MAXIMUM, PlanAnnuel
from encadrement.socle.fusion import temoin
from tests.cdp import scenes
from tests.cdp.annuel import adresse, case, lire, poster, relire
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
PAGE, BROUILLON = "plan_modifier", "plan_brouillon"


@pytest.fixture
def plan(distribution):
    return scenes.plan_en_redaction(distribution)


@pytest.fixture
def a_deux(distribution, plan, client_de):
    """Rend (client de l’animatrice, client de la secrétaire, ce que chacune a sous les yeux)."""
    animatrice, secretaire = client_de(distribution.animatrice), client_de(distribution.secretaire)
    return animatrice, secretaire, lire(animatrice, PAGE, plan)


# — Ouvrir


def _ouvrir(client, communaute, annee, nature="plan"):
    return client.post(adresse(f"{nature}_ouvrir", communaute, annee))


@pytest.mark.exigence("R-146", "R-163", "R-364", "R-365", "R-425")
def test_le_plan_s_ouvre_avec_les_six_colonnes_et_les_quatre_lignes_de_l_annexe_7(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.secretaire)
    reponse = _ouvrir(client, communaute, communaute.annee.debut_annee)
    plan = PlanAnnuel.objects.get()
    assert reponse.url == adresse(PAGE, plan)
    texte = texte_de(client.get(reponse.url))
    titres = [
        "Objectif(s)",
        "Responsable(s)",
        "Collaborateur(s)",
        "Moyen(s) identifié(s)",
        "Échéancier(s)",
        "Indicateur(s) de résultat",
    ]
    rangs = [texte.index(f'<th scope="col">{titre}') for titre in titres]
    assert rangs == sorted(rangs)
    assert communaute.nom in texte
    assert f"Plan d’action {plan.annee_financiere}" in texte
    zones = [champ for champ in lire(client, PAGE, plan) if champ.startswith("ligne-")]
    assert len(zones) == 4 * 6


def test_un_double_clic_sur_ouvrir_mene_au_meme_plan(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    reponses = [_ouvrir(client, communaute, communaute.annee.debut_annee) for _ in range(2)]
    assert len({reponse.url for reponse in reponses}) == 1
    assert PlanAnnuel.objects.count() == 1


def test_ouvrir_le_plan_d_une_annee_deja_approuvee_montre_celui_qui_existe(distribution, client_de):
    plan = scenes.plan_approuve(distribution)
    client = client_de(distribution.animatrice)
    with rien_decrit():
        reponse = _ouvrir(client, plan.communaute, plan.annee)
        assert client.get(reponse.url).url == plan.get_absolute_url()


@pytest.mark.parametrize(("ecart", "nature"), [(-2, "plan"), (2, "plan"), (-2, "rapport"), (1, "rapport")])
def test_une_annee_trop_lointaine_ne_s_ouvre_pas(distribution, client_de, ecart, nature):
    communaute = scenes.communaute_active(distribution)
    client = client_de(distribution.animatrice)
    with rien_decrit():
        reponse = _ouvrir(client, communaute, communaute.annee.debut_annee + ecart, nature)
        texte = texte_de(client.get(reponse.url))
    assert reponse.url == adresse("communaute_annees", communaute)
    assert "ne s’ouvre pas maintenant" in texte


@pytest.mark.parametrize("annee", [0, 1999, 2101, 99999999])
def test_une_annee_absurde_est_introuvable(distribution, client_de, annee):
    communaute = scenes.communaute_active(distribution)
    with rien_decrit():
        assert _ouvrir(client_de(distribution.animatrice), communaute, annee).status_code == 404


# — Écrire


@pytest.mark.exigence("R-121", "R-163", "R-365")
def test_le_plan_s_ecrit_d_un_seul_envoi(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    plan = annees.ouvrir_plan(communaute, communaute.annee.debut_annee, par=distribution.animatrice)
    client = client_de(distribution.secretaire)
    champs = lire(client, PAGE, plan)
    champs |= {case(plan, 1, colonne): texte for colonne, texte in scenes.LIGNES[0].items()}
    champs |= {"rencontres_prevues": "6", "duree_prevue": "3 h"}
    assert poster(client, PAGE, plan, champs).url == adresse(PAGE, plan)
    relu = relire(plan)
    assert (relu.rencontres_prevues, relu.duree_prevue, relu.modifie_par) == (6, 180, distribution.secretaire)
    ligne = relu.lignes.first()
    assert {colonne: getattr(ligne, colonne) for colonne in ligne.COLONNES} == scenes.LIGNES[0]


@pytest.mark.exigence("R-125", "R-126", "R-421")
@pytest.mark.parametrize(
    ("nombre", "duree", "phrase"),
    [
        ("6", "3 h", "18 h par membre</strong> sur les 24 h de l’année : il reste 6 h"),
        ("6", "4 h", "24 h par membre</strong> sur les 24 h de l’année : il reste 0 min"),
        ("8", "3 h 15", "26 h par membre</strong> sur les 24 h de l’année : 2 h de trop"),
    ],
)
def test_la_page_dit_le_total_d_heures_par_membre_contre_24_h(a_deux, plan, nombre, duree, phrase):
    client, _, lus = a_deux
    poster(client, PAGE, plan, {**lus, "rencontres_prevues": nombre, "duree_prevue": duree})
    assert phrase in texte_de(client.get(adresse(PAGE, plan)))


@pytest.mark.parametrize(
    ("champ", "saisi", "phrase"),
    [
        ("rencontres_prevues", "0", "Écrivez un nombre entier, de 1 à 99."),
        ("rencontres_prevues", "-1", "Écrivez un nombre entier, de 1 à 99."),
        ("rencontres_prevues", "100", "Écrivez un nombre entier, de 1 à 99."),
        ("rencontres_prevues", "six", "Écrivez un nombre entier, de 1 à 99."),
        ("rencontres_prevues", "9" * 5000, "Écrivez un nombre entier, de 1 à 99."),
        ("duree_prevue", "0", "Écrivez une durée entre 15 min et 8 h."),
        ("duree_prevue", "-3 h", "Écrivez une durée comme 1 h 15, 90 min ou 1,5 h."),
        ("duree_prevue", "longtemps", "Écrivez une durée comme 1 h 15, 90 min ou 1,5 h."),
    ],
)
def test_un_nombre_illisible_est_dit_reste_a_l_ecran_et_le_reste_est_garde(a_deux, plan, champ, saisi, phrase):
    client, _, lus = a_deux
    reponse = poster(client, PAGE, plan, {**lus, champ: saisi, case(plan, 1, "echeancier"): "Décembre"})
    assert phrase in texte_de(reponse)
    assert "tout le reste est enregistré" in texte_de(reponse)
    assert champs_de(reponse)[champ] == saisi
    relu = relire(plan)
    assert (relu.rencontres_prevues, relu.duree_prevue) == (6, 180)
    assert relu.lignes.first().echeancier == "Décembre"


def test_un_texte_de_vingt_mille_signes_reste_a_l_ecran_et_se_raccourcit(a_deux, plan):
    client, _, lus = a_deux
    long = "z" * 20_000
    reponse = poster(client, PAGE, plan, {**lus, case(plan, 1, "objectif"): long})
    assert "Ce texte dépasse 2 000 caractères" in texte_de(reponse)
    assert champs_de(reponse)[case(plan, 1, "objectif")] == long
    assert poster(client, PAGE, plan, {**champs_de(reponse), case(plan, 1, "objectif"): "z"}).status_code == 302
    assert relire(plan).lignes.first().objectif == "z"


@pytest.mark.parametrize("nom", ["membre", "parrain", "dsm", "collegue"])
@pytest.mark.parametrize("page", [PAGE, BROUILLON])
def test_personne_d_autre_que_les_responsables_n_ecrit(distribution, plan, client_de, a_deux, nom, page):
    attendu = 403 if nom == "membre" else 404
    with rien_decrit():
        reponse = poster(client_de(distribution[nom]), page, plan, {**a_deux[2], "rencontres_prevues": "9"})
    assert reponse.status_code == attendu


# — À deux


def test_deux_cases_differentes_se_gardent_toutes_les_deux(a_deux, plan):
    animatrice, secretaire, lus = a_deux
    poster(animatrice, PAGE, plan, {**lus, case(plan, 1, "moyens"): "De l’animatrice"})
    assert poster(secretaire, PAGE, plan, {**lus, case(plan, 1, "indicateur"): "De la secrétaire"}).status_code == 302
    ligne = relire(plan).lignes.first()
    assert (ligne.moyens, ligne.indicateur) == ("De l’animatrice", "De la secrétaire")


def test_la_meme_case_montre_les_deux_textes_et_ne_perd_rien(a_deux, plan):
    animatrice, secretaire, lus = a_deux
    moyens = case(plan, 1, "moyens")
    poster(animatrice, PAGE, plan, {**lus, moyens: "De l’animatrice"})
    reponse = poster(secretaire, PAGE, plan, {**lus, moyens: "De la secrétaire", "rencontres_prevues": "5"})
    texte = texte_de(reponse)
    assert reponse.status_code == 409
    assert "Vous avez écrit au même endroit tous les deux" in texte
    assert "Moyen(s) identifié(s), objectif 1" in texte
    assert "De l’animatrice" in texte
    assert champs_de(reponse)[moyens] == "De la secrétaire"
    assert (relire(plan).lignes.first().moyens, relire(plan).rencontres_prevues) == ("De l’animatrice", 5)
    assert poster(secretaire, PAGE, plan, champs_de(reponse)).status_code == 302
    assert relire(plan).lignes.first().moyens == "De la secrétaire"


def test_le_texte_tape_dans_une_ligne_que_l_autre_a_retiree_reste_a_l_ecran(a_deux, plan):
    animatrice, secretaire, lus = a_deux
    ligne, champ = plan.lignes.first(), case(plan, 1, "moyens")
    poster(animatrice, PAGE, plan, {**lus, "confirme": "1"}, f"retirer_ligne:{ligne.pk}")
    reponse = poster(secretaire, PAGE, plan, {**lus, champ: "Ce que je venais d’écrire."})
    assert reponse.status_code == 409
    assert "L’autre personne a retiré cette ligne" in texte_de(reponse)
    assert "Ce que je venais d’écrire." in texte_de(reponse)


def test_ecrire_dans_un_plan_soumis_entretemps_garde_le_texte_a_l_ecran(a_deux, distribution, plan):
    animatrice, _, lus = a_deux
    annees.soumettre(relire(plan), par=distribution.secretaire, confirmation=scenes.CONFIRMATION)
    with rien_decrit():
        reponse = poster(animatrice, PAGE, plan, {**lus, case(plan, 1, "moyens"): "Trop tard"})
    assert reponse.status_code == 409
    assert "« à approuver »" in texte_de(reponse)
    assert champs_de(reponse)[case(plan, 1, "moyens")] == "Trop tard"


def test_le_brouillon_s_enregistre_et_rend_les_temoins(a_deux, plan):
    client, _, lus = a_deux
    moyens = case(plan, 1, "moyens")
    donnees = poster(client, BROUILLON, plan, {**lus, moyens: "Grille c"}).json()
    assert donnees["temoins"][moyens] == temoin("Grille c")
    suite = {**lus, f"temoin-{moyens}": donnees["temoins"][moyens], moyens: "Grille commune"}
    assert poster(client, BROUILLON, plan, suite).status_code == 200
    assert relire(plan).lignes.first().moyens == "Grille commune"


def test_le_brouillon_dit_le_conflit_l_illisible_et_l_etat(a_deux, distribution, plan):
    animatrice, secretaire, lus = a_deux
    moyens = case(plan, 1, "moyens")
    poster(animatrice, PAGE, plan, {**lus, moyens: "De l’animatrice"})
    conflit = poster(secretaire, BROUILLON, plan, {**lus, moyens: "De la secrétaire"})
    assert conflit.status_code == 409
    assert conflit.json()["conflit"][0]["actuel"] == "De l’animatrice"
    illisible = poster(secretaire, BROUILLON, plan, {**lus, "rencontres_prevues": "-1"})
    assert illisible.status_code == 422
    assert "de 1 à 99" in illisible.json()["message"]
    annees.soumettre(relire(plan), par=distribution.secretaire, confirmation=scenes.CONFIRMATION)
    ferme = poster(animatrice, BROUILLON, plan, {**lus, moyens: "Trop tard"})
    assert (ferme.status_code, "« à approuver »" in ferme.json()["message"]) == (422, True)


# — Les lignes


@pytest.mark.exigence("R-365")
def test_ajouter_une_ligne_enregistre_d_abord_ce_qui_est_tape(a_deux, plan):
    client, _, lus = a_deux
    reponse = poster(client, PAGE, plan, {**lus, "rencontres_prevues": "5"}, "ajouter_ligne")
    neuve = relire(plan).lignes.last()
    assert reponse.url.endswith(f"#ligne-{neuve.pk}")
    assert (neuve.rang, neuve.est_vide, relire(plan).rencontres_prevues) == (5, True, 5)


def test_un_double_clic_sur_ajouter_n_ajoute_qu_une_ligne(a_deux, plan):
    client, _, lus = a_deux
    reponses = [poster(client, PAGE, plan, lus, "ajouter_ligne") for _ in range(3)]
    assert plan.lignes.count() == 5
    assert len({reponse.url for reponse in reponses}) == 1


@pytest.mark.exigence("R-365")
def test_la_vingt_et_unieme_ligne_est_refusee_et_la_saisie_reste(a_deux, distribution, plan):
    client = a_deux[0]
    for _ in range(LIGNES_MAXIMUM - 4):
        annees.ajouter_ligne(relire(plan), par=distribution.animatrice)
    assert "le maximum" in texte_de(client.get(adresse(PAGE, plan)))
    pleine = lire(client, PAGE, plan)
    reponse = poster(client, PAGE, plan, {**pleine, "rencontres_prevues": "5"}, "ajouter_ligne")
    assert reponse.status_code == 409
    assert f"au plus {LIGNES_MAXIMUM} objectifs" in texte_de(reponse)
    assert (plan.lignes.count(), relire(plan).rencontres_prevues) == (LIGNES_MAXIMUM, 5)


def test_retirer_une_ligne_ecrite_demande_de_confirmer_en_montrant_le_texte(a_deux, plan):
    client, _, lus = a_deux
    ligne = plan.lignes.first()
    page = poster(client, PAGE, plan, lus, f"retirer_ligne:{ligne.pk}")
    assert ligne.objectif in texte_de(page)
    assert plan.lignes.filter(pk=ligne.pk).exists()
    poster(client, PAGE, plan, champs_de(page), f"retirer_ligne:{ligne.pk}")
    assert not plan.lignes.filter(pk=ligne.pk).exists()
    assert list(plan.lignes.values_list("rang", flat=True)) == [1, 2, 3]


def test_retirer_une_ligne_vide_ne_demande_rien(a_deux, plan):
    client, _, lus = a_deux
    assert poster(client, PAGE, plan, lus, f"retirer_ligne:{plan.lignes.last().pk}").status_code == 302
    assert plan.lignes.count() == 3


@pytest.mark.parametrize(
    "geste", ["retirer_ligne:abc", "retirer_ligne:", "retirer_ligne:999999", "danser", "reprendre"]
)
def test_un_geste_inconnu_n_efface_rien(a_deux, plan, geste):
    client, _, lus = a_deux
    with rien_decrit():
        assert poster(client, PAGE, plan, lus, geste).status_code == 302


def test_la_ligne_d_un_autre_plan_ne_se_retire_pas_d_ici(a_deux, distribution, plan):
    client, _, lus = a_deux
    autre = annees.ouvrir_plan(plan.communaute, plan.annee + 1, par=distribution.animatrice)
    with rien_decrit():
        poster(client, PAGE, plan, {**lus, "confirme": "1"}, f"retirer_ligne:{autre.lignes.first().pk}")
