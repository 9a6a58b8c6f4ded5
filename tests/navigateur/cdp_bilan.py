"""Les heures et l’année qui finit, à l’écran : dépassement, attestation, rapport prérempli, renouvellement."""

import re

from playwright.sync_api import expect

from tests.navigateur.gestes import annonce, appuyer, dossier, s_engager, suivre, tache, titre_est
from tests.navigateur.gestes_cdp import champ, exiger_authentique, telecharger_le_lien, telecharger_par

APERCUS = ("Télépratique", "Liste d’attente", "Stagiaires")
CONCLUSION = "La grille commune est adoptée; les essais ont nourri chaque rencontre."


def demander_des_heures(ecrans, communaute, examiner):
    ecrans.au("2026-11-16")
    page = ecrans["membre"]
    page.goto(f"{communaute}heures/")
    # Deux rencontres de 3 h 10, d’après les présences.
    expect(dossier(page)).to_contain_text(re.compile(r"6\sh\s20"))
    champ(page, "Date").fill("2026-11-13")
    champ(page, "Durée").fill("1 h 15")
    champ(page, "Sorte").select_option(label="Préparation")
    page.get_by_label("Précision").fill("Relire la grille")
    appuyer(page, "Consigner ces heures")
    annonce(page, "Vos heures sont consignées")
    expect(page.locator(".heures-barre")).to_contain_text(re.compile(r"7\sh\s35"))
    examiner(page)
    suivre(page, "Demander des heures supplémentaires")
    page.get_by_label("Heures de plus").fill("6 h")
    page.get_by_label("Mandat spécifique ou raison").fill("Traduire la grille.")
    examiner(page)
    appuyer(page, "Envoyer la demande au parrain")
    annonce(page, "Votre demande est chez le parrain")

    page = ecrans["parrain"]
    tache(page, "Accorder les heures")
    expect(dossier(page)).to_contain_text("Traduire la grille.")
    examiner(page)
    appuyer(page, "Accorder les heures")
    annonce(page, "Les heures supplémentaires sont accordées")
    page = ecrans["membre"]
    page.goto(f"{communaute}heures/")
    expect(page.locator(".heures-barre")).to_contain_text(re.compile(r"7\sh\s35 sur 30\sh"))


def attester_et_relever(ecrans, communaute, examiner, tmp_path):
    page = ecrans["membre"]
    page.goto(f"{communaute}heures/")
    octets = telecharger_le_lien(page, re.compile("^CSV.*mon relevé"))
    assert "préparation".encode() in octets
    suivre(page, "Mes présences et mon attestation")
    expect(dossier(page)).to_contain_text("21 octobre 2026")
    examiner(page)
    octets = telecharger_par(page, "Obtenir l’attestation 2026-2027")
    lu = exiger_authentique(page, octets, tmp_path, "Kim Gagné", "6 h 20", "2026-2027")
    assert "Relire la grille" not in lu


def faire_le_rapport(ecrans, communaute, examiner):
    ecrans.au("2027-03-31")
    page = ecrans["animatrice"]
    tache(page, "Préparer le rapport annuel 2026-2027")
    appuyer(page, "Ouvrir le rapport 2026-2027")
    titre_est(page, "Rapport annuel 2026-2027")
    for rubrique, nombre in (
        ("Nombre de rencontres", "2"),
        ("Durée moyenne des rencontres", "3 h 10"),
        ("Nombre de présentations d’expérience clinique", "1"),
        ("Nombre de présentations de données probantes", "1"),
        ("Nombre de coconstructions", "1"),
        ("Nombre de productions", "0"),
    ):
        ligne = page.get_by_role("row", name=rubrique)
        expect(ligne).to_contain_text(re.compile(rf"Retenu\s: {nombre.replace(' ', chr(92) + 's')}"))
    expect(page.get_by_label(re.compile("^Précisez : nombre de présentations de données probantes"))).to_have_value(
        re.compile("méta-analyse sur l’intervention parentale, 2024")
    )
    for rang, atteinte in enumerate(("atteint", "atteint en partie", "atteint"), start=1):
        page.get_by_label(f"Atteinte de l’objectif, objectif {rang}").select_option(label=atteinte)
    champ(page, "Résultat, objectif 1").fill("Grille v2 adoptée par les quatre RLS")
    page.get_by_label("Conclusion ou commentaires").fill(CONCLUSION)
    champ(page, "Oui").check()
    for rang, apercu in enumerate(APERCUS, start=1):
        page.get_by_label(f"Objectif {rang} à venir").fill(apercu)
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(page, "Le rapport est enregistré")
    examiner(page)
    appuyer(page, "Passer à la signature")
    titre_est(page, "Signer et soumettre")
    examiner(page)
    s_engager(page)
    appuyer(page, "Signer et soumettre")
    annonce(page, "Le rapport est signé")


def renouveler(ecrans, communaute, examiner, tmp_path):
    page = ecrans["parrain"]
    tache(page, "Approuver et signer")
    expect(dossier(page)).to_contain_text("2 objectifs atteints sur 3")
    examiner(page)
    page.get_by_label("Oui, je renouvelle la communauté").check()
    s_engager(page)
    appuyer(page, "Approuver et signer")
    annonce(page, "Le rapport est approuvé et signé")
    examiner(page)
    octets = telecharger_le_lien(page, re.compile("^Rapport annuel .PDF"))
    exiger_authentique(page, octets, tmp_path, CONCLUSION, "3 h 10", *APERCUS, "Pierre-Luc Barriault")

    page = ecrans["animatrice"]
    page.goto(f"{communaute}annees/")
    expect(dossier(page)).to_contain_text("Accordé pour 2027-2028")
    examiner(page)
    suivre(page, "Plan d’action 2027-2028")
    suivre(page, "Écrire le plan")
    for rang, apercu in enumerate(APERCUS, start=1):
        expect(champ(page, f"Objectif {rang}")).to_have_value(apercu)
