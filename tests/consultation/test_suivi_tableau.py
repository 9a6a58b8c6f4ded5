"""Le tableau de suivi : qui y voit quoi, ce que les filtres retiennent, et le total (annexe 13, R-402)."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import suivi
from consultation.models import LigneSuivi
from encadrement.socle.temps import AnneeFinanciere, jour_local
from tests.consultation import scenes
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db

TABLEAU = reverse("consultation:suivi")
HUIT_COLONNES = [
    "Nom de l’expert",
    "Expertise",
    "Date de la consultation",
    "Nom du demandeur",
    "Direction du demandeur",
    "Durée",
    "Sujet",
    "Commentaires",
]


def ligne(d, **champs):
    """Inscrit une ligne de plus au tableau, comme l’expert le ferait."""
    expert = champs.pop("expert", d.mentor)
    scenes.fiche_inscrite(d, expert)
    saisi = {"jour": jour_local(), "demandeur": d.mentore, "minutes": 45, "sujet": scenes.les_sujets(d)[1], **champs}
    return suivi.ajouter_ligne(par=expert, **saisi)


def vues(client, **filtres):
    return list(client.get(TABLEAU, filtres).context["page"].object_list)


@pytest.mark.exigence("R-192", "R-402")
def test_les_huit_colonnes_de_lannexe_dans_leur_ordre(distribution, client_de):
    scenes.ligne_de_couloir(distribution)
    page = client_de(distribution.mentor).get(TABLEAU)
    assert re.findall(r'<th scope="col">([^<]+)</th>', page.content.decode()) == HUIT_COLONNES
    texte = texte_de(page)
    for valeur in (
        "Guylaine Cyr",
        scenes.EXPERTISE,
        jour_local().isoformat(),
        "Loïc St-Onge",
        "Direction des programmes Soutien à l’autonomie des personnes âgées",
        "45 min",
        "Coussin d’assise et plaies",
        "Suivi à 3 sem.",
    ):
        assert valeur in texte


@pytest.mark.exigence("R-402")
def test_l_expert_voit_ses_lignes_le_demandeur_celles_qui_le_nomment_la_dsm_tout(distribution, client_de):
    d = distribution
    a_cyr = ligne(d)
    a_huard = ligne(d, expert=d.animatrice, demandeur=d.collegue)
    assert vues(client_de(d.mentor)) == [a_cyr]
    assert vues(client_de(d.animatrice)) == [a_huard]
    assert vues(client_de(d.mentore)) == [a_cyr]
    assert vues(client_de(d.collegue)) == [a_huard]
    for qui in (d.dsm, d.appr):
        assert set(vues(client_de(qui))) == {a_cyr, a_huard}
    for qui in (d.gestionnaire, d.directrice, d.executif_cm, d.superutilisateur, d.ancien_gestionnaire):
        assert vues(client_de(qui)) == []


def test_un_filtre_bricole_ne_montre_pas_les_lignes_d_un_autre(distribution, client_de):
    ligne(distribution)
    ligne(distribution, expert=distribution.animatrice, demandeur=distribution.collegue)
    client = client_de(distribution.mentor)
    page = client.get(TABLEAU, {"expert": str(distribution.animatrice.uuid)})
    assert "Sélectionnez un choix valide" in texte_de(page)
    assert [str(vue.expert) for vue in page.context["page"]] == ["Guylaine Cyr"]
    assert "Marie-Ève Huard" not in texte_de(page)


@pytest.mark.exigence("R-402")
def test_chaque_filtre_retient_ce_qu_il_dit(distribution, client_de):
    d = distribution
    hier_financier = AnneeFinanciere.du(jour_local()).debut - datetime.timedelta(days=1)
    recente = ligne(d)
    ancienne = ligne(d, jour=hier_financier, demandeur=d.animatrice, sujet=scenes.les_sujets(d)[3])
    autre = ligne(d, expert=d.animatrice, demandeur=d.collegue, minutes=90)
    ruisss = LigneSuivi.objects.get(acheminement=scenes.demande_fermee_par_le_ruisss(d).acheminement)
    dsm = client_de(d.dsm)
    courante = AnneeFinanciere.du(jour_local())
    smd = d.animatrice.direction.pk
    for filtres, attendues in (
        ({"annee": courante.debut_annee}, {recente, autre, ruisss}),
        ({"annee": courante.precedente.debut_annee}, {ancienne}),
        ({"du": hier_financier.isoformat(), "au": hier_financier.isoformat()}, {ancienne}),
        ({"du": courante.debut.isoformat()}, {recente, autre, ruisss}),
        ({"expert": str(d.animatrice.uuid)}, {autre}),
        ({"direction": smd}, {ancienne}),
        ({"sujet": str(scenes.les_sujets(d)[1].uuid)}, {recente, autre}),
        ({"provenance": "ruisss"}, {ruisss}),
        ({"provenance": "cisss"}, {recente, ancienne, autre}),
        ({"provenance": "cisss", "expert": str(d.mentor.uuid), "annee": courante.debut_annee}, {recente}),
        ({}, {recente, ancienne, autre, ruisss}),
    ):
        assert set(vues(dsm, **filtres)) == attendues, filtres


@pytest.mark.parametrize(
    ("filtres", "phrase"),
    [
        ({"du": "2026-02-31"}, "Cette date n’existe pas"),
        ({"du": "2026-09-02", "au": "2026-09-01"}, "Cette date précède le début de la période."),
        ({"annee": "deux-mille"}, "Sélectionnez un choix valide"),
        ({"direction": "99999999999999999999999"}, "Sélectionnez un choix valide"),
        ({"sujet": "' OR 1=1"}, "Sélectionnez un choix valide"),
    ],
)
def test_une_adresse_bricolee_le_dit_sur_le_champ(distribution, client_de, filtres, phrase):
    scenes.ligne_de_couloir(distribution)
    page = client_de(distribution.dsm).get(TABLEAU, filtres)
    assert page.status_code == 200
    assert phrase in texte_de(page)


@pytest.mark.exigence("R-402")
def test_le_total_compte_toutes_les_pages(distribution, client_de):
    d = distribution
    for rang in range(51):
        ligne(d, minutes=1 + rang)
    page = client_de(d.dsm).get(TABLEAU)
    assert len(page.context["page"]) == 50
    # 1 + 2 + … + 51 = 1326 minutes.
    assert "51 consultations, 22 h 06" in texte_de(page)
    assert len(client_de(d.dsm).get(TABLEAU, {"page": 2}).context["page"]) == 1


def test_vingt_lignes_ne_demandent_pas_plus_de_requetes_qu_une(distribution, client_de):
    d = distribution
    ligne(d)
    client = client_de(d.dsm)
    with CaptureQueriesContext(connection) as une:
        client.get(TABLEAU)
    for rang in range(20):
        ligne(d, demandeur=PersonneFactory(service=d.mentore.service, mot_de_passe=None), minutes=rang + 1)
    with CaptureQueriesContext(connection) as vingt:
        assert len(client.get(TABLEAU).context["page"]) == 21
    assert len(vingt) == len(une)


def test_seul_l_expert_a_ses_gestes_et_ce_qui_vient_d_une_demande_ne_se_retire_pas(distribution, client_de):
    d = distribution
    couloir = scenes.ligne_de_couloir(d)
    demande = scenes.demande_fermee(d)
    automatique = demande.sollicitation.ligne_suivi
    mienne = client_de(d.mentor).get(TABLEAU).content.decode()
    for nom, objet, attendu in (
        ("ligne_modifier", couloir, True),
        ("ligne_retirer", couloir, True),
        ("ligne_modifier", automatique, True),
        ("ligne_retirer", automatique, False),
    ):
        assert (reverse(f"consultation:{nom}", args=[objet.uuid]) in mienne) is attendu
    for qui in (d.mentore, d.dsm):
        assert "/modifier/" not in client_de(qui).get(TABLEAU).content.decode()


def test_le_tableau_vide_dit_comment_il_se_remplit(distribution, client_de):
    client = client_de(distribution.collegue)
    assert "Le tableau se remplit de lui-même" in texte_de(client.get(TABLEAU))
    assert "Aucune consultation ne correspond" in texte_de(client.get(TABLEAU, {"provenance": "ruisss"}))
