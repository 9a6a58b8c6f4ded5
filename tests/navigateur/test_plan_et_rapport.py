"""Le plan d’action et le rapport annuels au navigateur : sans JavaScript, à deux, au téléphone, pour tous."""

import re

import pytest
from playwright.sync_api import expect

from cdp.actions import annees
from tests.cdp import scenes
from tests.cdp.annuel import adresse, relire
from tests.navigateur.gestes import annonce, appuyer, dossier, s_engager, titre_est


def _remplir(page, rang, colonnes):
    noms = ("Objectif", "Responsable(s)", "Collaborateur(s)", "Moyen(s) identifié(s)", "Échéancier(s)")
    noms = (*noms, "Indicateur(s) de résultat")
    for nom, texte in zip(noms, colonnes.values(), strict=True):
        libelle = f"{nom} {rang}" if nom == "Objectif" else f"{nom}, objectif {rang}"
        page.get_by_label(libelle, exact=True).fill(texte)


@pytest.mark.exigence("R-163", "R-366", "R-379")
def test_le_plan_s_ouvre_s_ecrit_se_signe_et_s_approuve_sans_javascript(sans_js, distribution):
    communaute = scenes.communaute_active(distribution)
    page = sans_js(distribution.animatrice)
    page.goto(adresse("communaute_annees", communaute))
    dossier(page).get_by_role("button", name=re.compile("^Ouvrir le plan")).click()
    for rang, colonnes in enumerate(scenes.LIGNES, start=1):
        _remplir(page, rang, colonnes)
    page.get_by_label("Nombre de rencontres prévues").fill("6")
    page.get_by_label("Durée prévue d’une rencontre").fill("3 h")
    appuyer(page, "Ajouter un objectif")
    expect(page.get_by_label("Objectif 5", exact=True)).to_be_visible()
    expect(dossier(page)).to_contain_text("18 h par membre")
    dossier(page).get_by_role("button", name="Retirer l’objectif 5").click()
    expect(page.get_by_label("Objectif 5", exact=True)).to_have_count(0)
    appuyer(page, "Passer à la signature")
    titre_est(page, "Signer et soumettre")
    s_engager(page)
    appuyer(page, "Signer et soumettre")
    annonce(page, "il attend maintenant l’approbation du parrain")

    parrain = sans_js(distribution.parrain)
    parrain.goto(page.url)
    parrain.locator(".gestes").get_by_role("link", name="Approuver et signer").click()
    expect(dossier(parrain)).to_contain_text("3 objectifs; 6 rencontres de 3 h, soit 18 h par membre sur 24 h")
    s_engager(parrain)
    appuyer(parrain, "Approuver et signer")
    annonce(parrain, "Le plan est approuvé et signé")
    expect(dossier(parrain).get_by_role("link", name=re.compile(r"Plan d’action \(PDF"))).to_be_visible()


@pytest.mark.exigence("R-159")
def test_le_rapport_se_complete_se_signe_et_se_renouvelle_sans_javascript(sans_js, distribution):
    communaute = scenes.communaute_active(distribution)
    scenes.plan_approuve(distribution, communaute)
    scenes.rencontre_publiee(distribution, communaute)
    page = sans_js(distribution.secretaire)
    page.goto(adresse("communaute_annees", communaute))
    dossier(page).get_by_role("button", name=re.compile("^Ouvrir le rapport")).click()
    for rang in (1, 2, 3):
        page.get_by_label(f"Atteinte de l’objectif, objectif {rang}").select_option("atteint")
    appuyer(page, "Reprendre les précisions des comptes rendus")
    annonce(page, "est déjà dans les précisions")
    page.get_by_role("radio", name="Oui").check()
    page.get_by_label("Objectif 1 à venir").fill("Télépratique")
    appuyer(page, "Passer à la signature")
    page.get_by_label("Raison de cet écart").fill(scenes.RAISON)
    s_engager(page)
    appuyer(page, "Signer et soumettre")
    annonce(page, "il attend maintenant l’approbation du parrain")

    parrain = sans_js(distribution.parrain)
    parrain.goto(page.url)
    parrain.locator(".gestes").get_by_role("link", name="Approuver et signer").click()
    parrain.get_by_role("radio", name="Oui, je renouvelle la communauté").check()
    s_engager(parrain)
    appuyer(parrain, "Approuver et signer")
    annonce(parrain, "Le rapport est approuvé et signé")
    expect(dossier(parrain)).to_contain_text("Renouvellement accordé pour")
    assert communaute.planannuels.get(annee=communaute.annee.debut_annee + 1).lignes.first().objectif == "Télépratique"


def test_le_tableau_s_enregistre_tout_seul_et_dit_la_case_ecrite_a_deux(ouvrir, distribution):
    plan = scenes.plan_en_redaction(distribution)
    animatrice, secretaire = ouvrir(distribution.animatrice), ouvrir(distribution.secretaire)
    for page in (animatrice, secretaire):
        page.goto(adresse("plan_modifier", plan))
    animatrice.get_by_label("Échéancier(s), objectif 1").fill("Décembre")
    expect(animatrice.locator("[data-brouillon-etat]")).to_contain_text("Enregistré à")
    secretaire.get_by_label("Échéancier(s), objectif 1").fill("Janvier")
    dialogue = secretaire.get_by_role("dialog")
    expect(dialogue).to_contain_text("Échéancier(s), objectif 1")
    expect(dialogue).to_contain_text("Décembre")
    dialogue.get_by_role("button", name="Enregistrer ce choix").click()
    expect(secretaire.locator("[data-brouillon-etat]")).to_contain_text("Enregistré à")
    assert relire(plan).lignes.first().echeancier == "Janvier"


def test_les_pages_sont_accessibles_et_tiennent_a_320_px(ouvrir, distribution, axe, largeur_320):
    communaute = scenes.communaute_active(distribution)
    plan = scenes.plan_en_redaction(distribution, communaute)
    animatrice, parrain = ouvrir(distribution.animatrice), ouvrir(distribution.parrain)

    def verifier(page, *adresses):
        for lieu in adresses:
            page.goto(lieu)
            axe(page)
            largeur_320(page)

    pages = [adresse(nom, plan) for nom in ("plan", "plan_modifier", "plan_soumettre")]
    verifier(animatrice, adresse("communaute_annees", communaute), *pages)
    annees.soumettre(plan, par=distribution.animatrice, confirmation=scenes.CONFIRMATION)
    verifier(parrain, adresse("plan_approuver", plan), adresse("plan_renvoyer", plan))
    annees.approuver_plan(plan, par=distribution.parrain, confirmation=scenes.CONFIRMATION)
    rapport = scenes.rapport_en_redaction(distribution, communaute)
    verifier(animatrice, *(adresse(nom, rapport) for nom in ("rapport", "rapport_modifier", "rapport_soumettre")))
    annees.soumettre(rapport, par=distribution.animatrice, confirmation=scenes.CONFIRMATION, raison=scenes.RAISON)
    verifier(parrain, adresse("rapport_approuver", rapport))
