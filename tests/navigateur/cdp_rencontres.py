"""Les rencontres d’une communauté, à l’écran : planifier, convoquer, déplacer, tenir, écrire, publier, adopter."""

import re

from playwright.sync_api import expect

from cdp.models import RencontreCdp
from tests.navigateur.gestes import annonce, appuyer, dossier, ouvrir_verbe, poser, suivre, tache, titre_est
from tests.navigateur.gestes_cdp import (
    PDF,
    POINTS,
    agenda_de,
    ajouter_points,
    ajouter_suivi,
    champ,
    compter,
    exiger_authentique,
    joindre,
    noter_presences,
    telecharger_le_lien,
)

SOMMAIRE = "La grille est essayée dans les quatre RLS; l’item 14 prête à confusion."
DECISION = "La grille commune, version 2, est adoptée."
PRESENTES = ("Marie-Ève Huard", "Zélie Babin", "Kim Gagné", "Line Metallic")


def planifier_une_serie(ecrans, communaute, examiner):
    ecrans.au("2026-09-21")
    page = ecrans["secretaire"]
    page.goto(f"{communaute}rencontres/")
    suivre(page, "Planifier une rencontre ou une série")
    champ(page, "Date").fill("2026-10-14")
    champ(page, "Début").fill("13:30")
    champ(page, "Fin").fill("16:30")
    page.get_by_label(re.compile("^Le même rang dans le mois")).check()
    page.get_by_label("Ou combien de rencontres").fill("3")
    appuyer(page, "Voir les dates")
    dates = page.locator(".apercu-dates li")
    expect(dates).to_have_count(3)
    expect(dates.nth(1)).to_contain_text("11 novembre 2026")
    examiner(page)
    dates.nth(2).get_by_role("checkbox").uncheck()
    appuyer(page, "Planifier les dates cochées")
    annonce(page, "2 rencontres sont planifiées")
    examiner(page)
    return RencontreCdp.objects.earliest("debut").get_absolute_url()


def ecrire_lordre_du_jour(ecrans, rencontre, examiner):
    page = ecrans["secretaire"]
    page.goto(rencontre)
    suivre(page, "Écrire l’ordre du jour")
    ajouter_points(page)
    joindre(page, "4.1", "grille-tdl-v2.pdf", PDF)
    expect(page.locator(".point--autre").first).to_contain_text("grille-tdl-v2.pdf")
    examiner(page)


def convoquer_deplacer_repondre(ecrans, rencontre, tmp_path):
    membre = ecrans.distribution.membre
    page = ecrans["secretaire"]
    page.goto(rencontre)
    poser(page, "Convoquer les membres", "Les membres sont convoqués")
    convocation = agenda_de(membre)
    assert convocation["SEQUENCE"] == "0"
    octets = telecharger_le_lien(page, re.compile("^Ordre du jour .PDF"))
    exiger_authentique(page, octets, tmp_path, *(sujet for sujet, *_ in POINTS), "4.3", "grille-tdl-v2.pdf")

    ouvrir_verbe(page, "Changer la date, le mode ou le lieu")
    champ(page, "Date").fill("2026-10-21")
    appuyer(page, "Changer la date, le mode ou le lieu")
    annonce(page, "La rencontre est changée")
    deplacee = agenda_de(membre)
    assert deplacee["SEQUENCE"] == "1"
    assert deplacee["UID"] == convocation["UID"]
    assert any("20261021T1330" in valeur for valeur in deplacee.values())

    page = ecrans["membre"]
    tache(page, "Dire si je serai là")
    expect(dossier(page)).to_contain_text("mercredi 21 octobre 2026")
    dossier(page).get_by_role("button", name="Je serai là").click()
    annonce(page, "C’est noté : vous serez là")
    page = ecrans["executif_cm"]
    page.goto(rencontre)
    dossier(page).get_by_role("button", name="Je ne pourrai pas").click()
    annonce(page, "C’est noté : vous ne pourrez pas y être")


def tenir_et_ecrire(ecrans, rencontre, examiner):
    ecrans.au("2026-10-22")
    page = ecrans["secretaire"]
    tache(page, "La rencontre a eu lieu")
    appuyer(page, "La rencontre a eu lieu")
    annonce(page, "notez les présences et écrivez son compte rendu")
    suivre(page, "Noter les présences")
    groupe = page.get_by_role("group", name="Ajouter quelqu’un qui était là")
    groupe.get_by_label("Nom de la personne invitée").fill("Line Metallic")
    groupe.get_by_label("Son service ou son organisme").fill("Gesgapegiag")
    appuyer(page, "Ajouter cette personne")
    expect(page.locator("fieldset.presence")).to_have_count(5)
    noter_presences(page, PRESENTES)
    examiner(page)
    suivre(page, "Aller au compte rendu")
    page.get_by_label(re.compile(r"^4\.1")).fill(SOMMAIRE)
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(page, "Le compte rendu est enregistré")
    compter(page, "Expérience clinique", "essais de la grille TDL")
    compter(page, "Donnée probante", "méta-analyse sur l’intervention parentale, 2024")
    ajouter_suivi(page, "4.1", "Corriger l’item 14", "Zélie Babin", echeance="2026-11-15")
    ajouter_suivi(page, "4.1", "Demander la traduction", "Marie-Ève Huard", dite="quand le budget sera connu")
    expect(page.get_by_label(re.compile(r"^4\.1"))).to_have_value(SOMMAIRE)
    examiner(page)


def publier(ecrans, rencontre, examiner, tmp_path):
    page = ecrans["secretaire"]
    appuyer(page, "Relire et publier")
    titre_est(page, "Publier le compte rendu")
    expect(dossier(page)).to_contain_text(SOMMAIRE)
    examiner(page)
    appuyer(page, "Publier le compte rendu")
    annonce(page, "Le compte rendu est publié")

    page = ecrans["membre"]
    page.goto(rencontre)
    suivre(page, "Lire le compte rendu")
    expect(dossier(page)).to_contain_text("Corriger l’item 14")
    examiner(page)
    page.goto(rencontre)
    octets = telecharger_le_lien(page, re.compile("^Compte rendu .PDF"))
    lu = exiger_authentique(page, octets, tmp_path, SOMMAIRE, "Corriger l’item 14", "Line Metallic")
    assert "Anne-Sophie Babin" in lu


def ouvrir_les_comptes_rendus(ecrans, communaute, rencontre, examiner):
    """Le parrain, l’APPR et la DSM voient les sujets et les présences ; le texte, seulement si on le leur ouvre."""
    compte_rendu = f"{rencontre}compte-rendu/"
    for nom in ("parrain", "appr", "dsm"):
        page = ecrans[nom]
        assert page.goto(compte_rendu).status == 403
        assert page.goto(rencontre).status == 200
        expect(dossier(page)).to_contain_text(POINTS[0][0])
        expect(dossier(page)).not_to_contain_text("Lire le compte rendu")
    examiner(page)

    page = ecrans["animatrice"]
    page.goto(communaute)
    suivre(page, "Changer ce choix")
    page.get_by_label("Au gestionnaire parrain").check()
    page.get_by_label("À la DSM et à ses APPR").check()
    examiner(page)
    appuyer(page, "Enregistrer ce choix")
    annonce(page, "Votre choix est enregistré")
    for nom in ("parrain", "appr", "dsm"):
        page = ecrans[nom]
        assert page.goto(compte_rendu).status == 200
        expect(dossier(page)).to_contain_text(SOMMAIRE)


def tenir_la_suivante(ecrans, communaute, premiere, examiner):
    ecrans.au("2026-10-26")
    seconde = RencontreCdp.objects.latest("debut").get_absolute_url()
    page = ecrans["secretaire"]
    page.goto(seconde)
    expect(dossier(page)).to_contain_text("Corriger l’item 14")
    ouvrir_verbe(page, "Changer la date, le mode ou le lieu")
    page.get_by_label("En personne et à distance").check()
    champ(page, "Lieu").fill("CLSC de Carleton, salle B")
    examiner(page)
    appuyer(page, "Changer la date, le mode ou le lieu")
    annonce(page, "La rencontre est changée")
    suivre(page, "Écrire l’ordre du jour")
    ajouter_points(page, (("Adopter la grille TDL, version 2", "Zélie Babin", "", "1 h"),))
    page.goto(seconde)
    poser(page, "Convoquer les membres", "Les membres sont convoqués")

    ecrans.au("2026-11-12")
    page = ecrans["secretaire"]
    tache(page, "La rencontre a eu lieu")
    appuyer(page, "La rencontre a eu lieu")
    suivre(page, "Noter les présences")
    noter_presences(page, (*PRESENTES, "Anne-Sophie Babin"))
    suivre(page, "Aller au compte rendu")
    page.get_by_label(re.compile(r"^4\.1")).fill(DECISION)
    compter(page, "Coconstruction", "grille TDL v2")
    expect(page.get_by_label(re.compile(r"^4\.1"))).to_have_value(DECISION)
    dossier(page).get_by_role("button", name="Clore : Corriger l’item 14").click()
    page.get_by_label("Ce qui a été fait").fill("L’item 14 est réécrit.")
    appuyer(page, "Clore le suivi")
    annonce(page, "Le suivi est clos")
    page.goto(f"{seconde}compte-rendu/ecrire/")
    appuyer(page, "Relire et publier")
    appuyer(page, "Publier le compte rendu")
    annonce(page, "Le compte rendu est publié")

    page.goto(premiere)
    poser(page, "Adopter le compte rendu", "Le compte rendu est adopté")
    page.goto(f"{communaute}suivis/")
    expect(dossier(page)).to_contain_text("1 suivi ouvert")
    examiner(page)
    page = ecrans["animatrice"]
    page.goto(f"{communaute}suivis/")
    dossier(page).get_by_role("link", name="Clore : Demander la traduction").click()
    page.get_by_label("Ce qui a été fait").fill("Demandée au service des communications.")
    examiner(page)
    appuyer(page, "Clore le suivi")
    annonce(page, "Le suivi est clos")
    page.goto(f"{communaute}rencontres/")
    examiner(page)
