"""Les heures : 24 par membre et par année, le dépassement montré avant, la demande au parrain, le relevé."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cdp.actions import heures as actions
from cdp.models import PLAFOND_MINUTES, Adhesion, Depassement, Heures
from cdp.models.decompte import decompte_de
from encadrement.journal.models import Entree
from encadrement.socle.temps import AnneeFinanciere, jour_local
from tests.cdp import scenes
from tests.cdp.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


@pytest.fixture
def communaute(distribution):
    return scenes.communaute_active(distribution)


@pytest.fixture
def membre(distribution, client_de):
    return client_de(distribution.membre)


@pytest.fixture
def parrain(distribution, client_de):
    return client_de(distribution.parrain)


def consigner(client, communaute, **saisi):
    lus = champs_de(client.get(adresse("communaute_heures", communaute)))
    saisi = {"duree": "2 h", "sorte": "preparation", **saisi}
    return client.post(adresse("communaute_heures", communaute), {**lus, **saisi})


def compte(communaute, personne):
    return decompte_de(communaute, personne, AnneeFinanciere.du(jour_local()))


# --- Mes heures -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-126", "R-422", "R-463")
def test_preparation_et_recherche_comptent_animation_et_administration_a_part(membre, distribution, communaute):
    for sorte in ("preparation", "recherche", "animation", "administration"):
        assert consigner(membre, communaute, sorte=sorte).status_code == 302
    mien = compte(communaute, distribution.membre)
    assert (mien.consacrees, mien.a_part) == (240, 240)
    page = texte_de(membre.get(adresse("communaute_heures", communaute)))
    assert "4 h sur 24 h" in page
    assert "Animation et administration, comptées à part" in page


@pytest.mark.exigence("R-127", "R-126")
def test_six_rencontres_de_quatre_heures_tiennent_juste_dans_les_vingt_quatre(membre, distribution, communaute):
    for rang in range(6):
        debut, fin = scenes.moment(7 * (rang + 1), minutes=240)
        scenes.rencontres.planifier_rencontres(
            communaute, [(debut, fin)], par=distribution.animatrice, mode="virtuelle", lien=scenes.LIEN
        )
    mien = compte(communaute, distribution.membre)
    assert (mien.projete, mien.depassement_prevu) == (PLAFOND_MINUTES, 0)
    page = texte_de(membre.get(adresse("communaute_heures", communaute)))
    assert "24 h de rencontres prévues" in page
    assert "Dépassement prévu" not in page
    consigner(membre, communaute, duree="30 min")
    page = texte_de(membre.get(adresse("communaute_heures", communaute)))
    assert "Dépassement prévu</span> de 30 min" in page


@pytest.mark.exigence("R-126")
@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"duree": "0"}, "entre 1 min et 24 h"),
        ({"duree": "-1"}, "Écrivez une durée comme 1 h 15"),
        ({"duree": "24,25"}, "entre 1 min et 24 h"),
        ({"duree": "deux heures"}, "Écrivez une durée comme 1 h 15"),
        ({"duree": ""}, "Écrivez la durée"),
        ({"duree": "1e3"}, "Écrivez une durée comme 1 h 15"),
        ({"jour": "2026-02-31"}, "Cette date n’existe pas"),
        ({"jour": "9999-01-01"}, "entre 2000 et 2100"),
        ({"sorte": ""}, "Choisissez à quoi ce temps a servi"),
        ({"sorte": "sieste"}, "Sélectionnez un choix valide"),
        ({"precision": "z" * 201}, "200"),
    ],
)
def test_une_saisie_impossible_se_dit_sur_le_champ_et_reste(membre, communaute, saisi, phrase):
    with rien_decrit():
        reponse = consigner(membre, communaute, **saisi)
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    ((champ, valeur),) = saisi.items()
    if champ != "sorte":
        assert champs_de(reponse)[champ] == valeur


def test_des_heures_de_demain_ne_se_consignent_pas(membre, communaute):
    with rien_decrit():
        reponse = consigner(membre, communaute, jour=(jour_local() + datetime.timedelta(days=1)).isoformat())
    assert "Cette date est dans l’avenir" in texte_de(reponse)


def test_des_heures_davant_ladhesion_ne_se_consignent_pas(membre, communaute):
    with rien_decrit():
        reponse = consigner(membre, communaute, jour=(jour_local() - datetime.timedelta(days=1)).isoformat())
    assert reponse.status_code == 409
    assert "Vous n’étiez pas membre de la communauté ce jour-là." in texte_de(reponse)


def test_les_memes_heures_envoyees_deux_fois_comptent_une_fois(membre, communaute):
    assert consigner(membre, communaute).status_code == 302
    reponse = consigner(membre, communaute)
    assert reponse.status_code == 409
    assert "déjà consignées" in texte_de(reponse)
    assert Heures.objects.count() == 1


@pytest.mark.exigence("R-126", "R-128")
def test_au_dela_de_vingt_quatre_heures_on_demande_dabord(membre, distribution, communaute):
    assert consigner(membre, communaute, duree="23 h").status_code == 302
    with rien_decrit():
        reponse = consigner(membre, communaute, duree="1 h 01", precision="De trop")
    assert reponse.status_code == 409
    assert "Demandez d’abord des heures supplémentaires au parrain" in texte_de(reponse)
    assert champs_de(reponse)["precision"] == "De trop"
    assert consigner(membre, communaute, duree="1 h").status_code == 302
    assert compte(communaute, distribution.membre).restantes == 0


def test_on_corrige_et_retire_ses_heures_pas_celles_dun_autre(membre, distribution, communaute, client_de):
    ligne = scenes.heures_consignees(distribution, communaute)
    animatrice = client_de(distribution.animatrice)
    assert animatrice.get(adresse("heures_modifier", ligne)).status_code == 404
    champs = champs_de(membre.get(adresse("heures_modifier", ligne)))
    saisi = {**champs, "sorte": "recherche", "duree": "1 h 30"}
    assert membre.post(adresse("heures_modifier", ligne), saisi).status_code == 302
    ligne.refresh_from_db()
    assert (ligne.sorte, ligne.minutes) == ("recherche", 90)
    assert membre.get(adresse("heures_retirer", ligne)).status_code == 200
    assert membre.post(adresse("heures_retirer", ligne)).status_code == 302
    assert Heures.objects.count() == 0
    assert Entree.objects.filter(acte="cdp.heures.retirer").count() == 1


# --- Les heures de chacun ---------------------------------------------------------------------------------------


@pytest.mark.exigence("R-463", "R-126")
def test_les_responsables_voient_chacun_et_le_total_sans_les_precisions(distribution, communaute, client_de, membre):
    consigner(membre, communaute, precision="Recension privée")
    page = texte_de(client_de(distribution.animatrice).get(adresse("communaute_heures", communaute)))
    assert "Heures de chacun" in page
    assert "Toute la communauté" in page
    assert "72 h" in page, "trois membres, 24 heures chacun"
    assert "Recension privée" not in page
    assert "Heures de chacun" not in texte_de(membre.get(adresse("communaute_heures", communaute)))


@pytest.mark.parametrize("annee", ["2024", "abc", "", "99999", "²"])
def test_une_annee_bricolee_rend_lannee_en_cours(membre, communaute, annee):
    page = texte_de(membre.get(adresse("communaute_heures", communaute), {"annee": annee}))
    assert f"<h1>Heures {AnneeFinanciere.du(jour_local())}</h1>" in page


def test_la_page_coute_autant_de_requetes_a_trois_membres_qua_dix(distribution, communaute, client_de, monkeypatch):
    monkeypatch.setattr("encadrement.accueil.contexte.nombre_a_faire", lambda personne: 0)
    animatrice, couts = client_de(distribution.animatrice), []
    for noms in ((), ("mentor", "mentore", "collegue", "executif_cm", "appr", "pilote", "prp")):
        for nom in noms:
            personne = distribution[nom]
            Adhesion.objects.create(communaute=communaute, personne=personne, etat="active", debut=jour_local())
        with CaptureQueriesContext(connection) as requetes:
            animatrice.get(adresse("communaute_heures", communaute))
        couts.append(len(requetes))
    assert couts[0] == couts[1] <= 30


# --- Les heures supplémentaires ---------------------------------------------------------------------------------


@pytest.mark.exigence("R-128", "R-423")
def test_le_parrain_accorde_et_le_maximum_monte_dautant(membre, parrain, distribution, communaute):
    saisi = {"duree": "6 h", "justification": "Mandat : traduire la grille."}
    page = membre.get(adresse("communaute_demander_heures", communaute))
    annee = str(AnneeFinanciere.du(jour_local()).debut_annee)
    saisi |= {**champs_de(page), **saisi, "pour": str(distribution.membre.pk), "annee": annee}
    assert membre.post(adresse("communaute_demander_heures", communaute), saisi).status_code == 302
    demande = Depassement.objects.get()
    assert courriels("heures_demandees") == ["Pierre-Luc"]
    assert "traduire la grille" in texte_de(parrain.get(adresse("depassement", demande)))
    assert compte(communaute, distribution.membre).plafond == PLAFOND_MINUTES
    assert parrain.post(adresse("depassement_accorder", demande)).status_code == 302
    assert compte(communaute, distribution.membre).plafond == PLAFOND_MINUTES + 360
    assert compte(communaute, distribution.animatrice).plafond == PLAFOND_MINUTES
    assert courriels("heures_accordees") == ["Kim"]


@pytest.mark.exigence("R-128", "R-423")
def test_refuser_demande_un_motif_que_la_personne_lit(parrain, distribution, membre, communaute):
    demande = scenes.heures_demandees(distribution, communaute)
    with rien_decrit():
        assert "Écrivez le motif" in texte_de(parrain.post(adresse("depassement_refuser", demande)))
    assert parrain.post(adresse("depassement_refuser", demande), {"motif": "Pas cette année."}).status_code == 302
    assert "Pas cette année." in texte_de(membre.get(adresse("depassement", demande)))
    assert compte(communaute, distribution.membre).plafond == PLAFOND_MINUTES


@pytest.mark.exigence("R-128")
def test_seuls_les_responsables_demandent_pour_un_autre_ou_pour_tous(membre, distribution, communaute, client_de):
    page = membre.get(adresse("communaute_demander_heures", communaute)).text
    assert "Chaque membre" not in page
    annee = AnneeFinanciere.du(jour_local()).debut_annee
    saisi = {"annee": annee, "duree": "2 h", "justification": "Mandat."}
    for pour in ("tous", str(distribution.animatrice.pk)):
        with rien_decrit():
            reponse = membre.post(adresse("communaute_demander_heures", communaute), {**saisi, "pour": pour})
        assert "Sélectionnez un choix valide" in texte_de(reponse)
    animatrice = client_de(distribution.animatrice)
    envoi = animatrice.post(adresse("communaute_demander_heures", communaute), {**saisi, "pour": "tous"})
    assert envoi.status_code == 302
    actions.accorder_heures(Depassement.objects.get(), par=distribution.parrain)
    assert compte(communaute, distribution.membre).plafond == PLAFOND_MINUTES + 120
    assert compte(communaute, distribution.animatrice).plafond == PLAFOND_MINUTES + 120


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"duree": "0"}, "entre 1 min et 200 h"),
        ({"duree": "201 h"}, "entre 1 min et 200 h"),
        ({"duree": "beaucoup"}, "Écrivez une durée comme"),
        ({"justification": ""}, "Dites le mandat ou la raison"),
        ({"justification": "   "}, "Dites le mandat ou la raison"),
        ({"annee": "2019"}, "Sélectionnez un choix valide"),
    ],
)
def test_une_demande_impossible_se_dit(membre, distribution, communaute, saisi, phrase):
    annee = AnneeFinanciere.du(jour_local()).debut_annee
    bonne = {"pour": distribution.membre.pk, "annee": annee, "duree": "2 h", "justification": "Mandat."}
    with rien_decrit():
        reponse = membre.post(adresse("communaute_demander_heures", communaute), {**bonne, **saisi})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)


def test_une_seconde_demande_pareille_attend_la_premiere(membre, distribution, communaute):
    scenes.heures_demandees(distribution, communaute)
    annee = AnneeFinanciere.du(jour_local()).debut_annee
    saisi = {"pour": distribution.membre.pk, "annee": annee, "duree": "2 h", "justification": "Mandat."}
    with rien_decrit():
        reponse = membre.post(adresse("communaute_demander_heures", communaute), saisi)
    assert reponse.status_code == 409
    assert "Une demande semblable attend déjà" in texte_de(reponse)


# --- Le relevé --------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-462")
def test_mon_releve_porte_mes_heures_et_mes_rencontres(distribution, client_de):
    rencontre = scenes.rencontre_publiee(distribution)
    secretaire = client_de(distribution.secretaire)
    consigner(secretaire, rencontre.communaute, precision="=1+1")
    reponse = secretaire.get(adresse("communaute_releve", rencontre.communaute), {"format": "csv"})
    lignes = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert lignes[0] == ["Date", "Sorte", "Durée", "Précision"]
    assert [ligne[1:] for ligne in lignes[1:]] == [
        ["rencontre", "3:00", "par Teams ou visioconférence"],
        ["préparation", "2:00", "'=1+1"],
    ]
    assert Entree.objects.filter(acte="export.telecharger").count() == 1


@pytest.mark.exigence("R-462")
def test_le_releve_de_chacun_en_classeur_est_pour_qui_le_voit_a_lecran(membre, distribution, communaute, client_de):
    consigner(membre, communaute, precision="Recension privée")
    chacun = {"portee": "chacun"}
    assert membre.get(adresse("communaute_releve", communaute), chacun).status_code == 403
    reponse = client_de(distribution.animatrice).get(adresse("communaute_releve", communaute), chacun)
    feuille = load_workbook(io.BytesIO(reponse.content)).active
    lignes = {ligne[0]: ligne[1:] for ligne in feuille.iter_rows(values_only=True)}
    assert set(lignes) == {"Nom", "Kim Gagné", "Marie-Ève Huard", "Zélie Babin"}
    assert lignes["Kim Gagné"][1] == datetime.timedelta(hours=2)
    assert "Recension privée" not in str(lignes)
