"""La première saison d’une communauté, à l’écran : sa mise en route, ses gens, son plan approuvé."""

import re

from playwright.sync_api import expect

from cdp.models import Communaute
from tests.navigateur.gestes import annonce, appuyer, dossier, ouvrir_verbe, s_engager, suivre, tache, titre_est
from tests.navigateur.gestes_cdp import (
    NOM,
    OBJECTIFS,
    champ,
    choisir,
    ecrire_objectifs,
    exiger_authentique,
    inviter,
    telecharger_le_lien,
    telecharger_par,
)

MEMBRES = ("animatrice", "secretaire", "membre", "executif_cm")
COMMENTAIRE = "Précisez l’indicateur du banc d’outils : combien, et d’ici quand?"


def mettre_en_route(ecrans, examiner):
    page = ecrans["animatrice"]
    page.goto("/communautes/")
    suivre(page, "Mettre une communauté en route")
    examiner(page)
    page.get_by_label("Nom de la communauté").fill(NOM)
    appuyer(page, "Commencer")
    titre_est(page, "1. Former le groupe-noyau et se préparer")
    page.get_by_label("Qui forme le groupe-noyau?").fill("Marie-Ève Huard et Zélie Babin.")
    page.get_by_label("Quel est le domaine commun?").fill("Le langage des enfants de 0 à 5 ans.")
    appuyer(page, "Étape suivante")
    titre_est(page, "2. Analyser les besoins")
    page.get_by_label("Quelle clientèle les membres ont-ils en commun?").fill("Enfants de 0 à 5 ans et leur famille")
    examiner(page)
    appuyer(page, "Enregistrer et sortir")
    annonce(page, "Vos réponses sont enregistrées")
    adresse = Communaute.objects.get().get_absolute_url()

    # Le lendemain, tout ce qui était écrit est là.
    ecrans.au("2026-09-09")
    page = ecrans["animatrice"]
    tache(page, "Préparer la communauté")
    suivre(page, "Suivre l’assistant de démarrage")
    expect(page.get_by_label("Quel est le domaine commun?")).to_have_value("Le langage des enfants de 0 à 5 ans.")
    page.goto(f"{adresse}demarrage/2/")
    expect(page.get_by_label("Quelle clientèle")).to_have_value("Enfants de 0 à 5 ans et leur famille")
    page.get_by_label("Quels thèmes la communauté abordera-t-elle?").fill("Évaluation du TDL\nBégaiement")
    appuyer(page, "Étape suivante")
    page.get_by_label("Quelles retombées en attendez-vous?").fill("Une évaluation harmonisée dans les quatre RLS.")
    page.goto(f"{adresse}demarrage/5/")
    page.get_by_label("Quelle pratique partagerez-vous?").fill("Grilles d’évaluation, banc d’outils bilingues.")
    appuyer(page, "Enregistrer et sortir")
    page.wait_for_url(f"**{adresse}")
    examiner(page)
    return adresse


def inviter_et_accepter(ecrans, communaute):
    page = ecrans["animatrice"]
    inviter(page, communaute, "Zélie Babin", "Secrétaire")
    inviter(page, communaute, "Kim Gagné", "Membre")
    for nom in ("secretaire", "membre"):
        invitee = ecrans[nom]
        tache(invitee, "Accepter l’invitation")
        appuyer(invitee, "Accepter l’invitation")
        annonce(invitee, "Vous êtes membre de la communauté")

    page.goto(f"{communaute}modifier/")
    page.get_by_label("Aide et soutien entre professionnels").check()
    page.get_by_label("Lien vers l’équipe Teams").fill("https://teams.exemple/cdp-orthophonie")
    choisir(page, "Titre d’emploi à ajouter", "Orthophoniste")
    appuyer(page, "Ajouter ce titre")
    expect(page.locator(".cdp-titres")).to_contain_text("Orthophoniste")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(page, "La fiche est enregistrée")
    page.goto(f"{communaute}parrain/")
    page.get_by_label("Gestionnaire parrain").fill("Barriault")
    appuyer(page, "Désigner cette personne")
    annonce(page, "Le parrain est désigné")


def proposer_et_agreer(ecrans, communaute, examiner):
    page = ecrans["animatrice"]
    page.goto(communaute)
    ouvrir_verbe(page, "Proposer au parrain")
    # Les règles de fonctionnement ne sont pas écrites : le cadre les recommande, sans bloquer.
    appuyer(page, "Proposer au parrain")
    expect(dossier(page)).to_contain_text("ne sont pas écrites")
    page.get_by_label("Raison de cet écart").fill("Elles s’écriront ensemble, à la première rencontre.")
    examiner(page)
    appuyer(page, "Proposer au parrain")
    annonce(page, "La communauté est proposée à son parrain")

    ecrans.au("2026-09-10")
    page = ecrans["parrain"]
    tache(page, "Agréer la communauté")
    expect(dossier(page)).to_contain_text("Le langage des enfants de 0 à 5 ans.")
    examiner(page)
    appuyer(page, "Agréer la communauté")
    annonce(page, "La communauté est agréée")


def demander_a_en_etre(ecrans, communaute):
    page = ecrans["executif_cm"]
    page.goto("/communautes/")
    suivre(page, NOM)
    suivre(page, "Demander à en être membre")
    page.get_by_label("Ce qui vous intéresse").fill("Le bégaiement en contexte bilingue.")
    appuyer(page, "Envoyer ma demande")
    annonce(page, "Votre demande est chez l’animateur")

    page = ecrans["animatrice"]
    tache(page, "Accepter la demande")
    expect(dossier(page)).to_contain_text("Le bégaiement en contexte bilingue.")
    appuyer(page, "Accepter la demande")
    annonce(page, "La personne est membre de la communauté")
    assert Communaute.objects.get().adhesions.actives().count() == len(MEMBRES)


def imprimer_le_napperon(ecrans, communaute, examiner, tmp_path):
    page = ecrans["membre"]
    page.goto(communaute)
    examiner(page)
    suivre(page, "Le napperon, en une page")
    examiner(page)
    octets = telecharger_par(page, "Télécharger le PDF d’une page")
    exiger_authentique(page, octets, tmp_path, NOM, "Évaluation du TDL", "Marie-Ève Huard")


def ecrire_le_plan_a_deux(ecrans, communaute, examiner):
    ecrans.au("2026-09-14")
    page = ecrans["animatrice"]
    tache(page, "Préparer le plan d’action 2026-2027")
    appuyer(page, "Ouvrir le plan 2026-2027")
    titre_est(page, "Plan d’action 2026-2027")
    ecrire_objectifs(page)
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(page, "Le plan est enregistré")
    examiner(page)

    page = ecrans["secretaire"]
    tache(page, "Préparer le plan d’action")
    expect(champ(page, "Objectif 1")).to_have_value(OBJECTIFS[0][0])
    page.get_by_label("Nombre de rencontres prévues").fill("6")
    page.get_by_label("Durée prévue d’une rencontre").fill("3 h")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(page, "Le plan est enregistré")

    page = ecrans["animatrice"]
    page.goto(page.url)
    expect(page.get_by_label("Nombre de rencontres prévues")).to_have_value("6")
    appuyer(page, "Passer à la signature")
    titre_est(page, "Signer et soumettre")
    examiner(page)
    s_engager(page)
    appuyer(page, "Signer et soumettre")
    annonce(page, "Le plan est signé")


def renvoyer_corriger_approuver(ecrans, communaute, examiner, tmp_path):
    ecrans.au("2026-09-16")
    page = ecrans["parrain"]
    tache(page, "Approuver et signer")
    suivre(page, "Renvoyer plutôt le plan, avec un commentaire")
    page.get_by_label("Commentaire").fill(COMMENTAIRE)
    examiner(page)
    appuyer(page, "Renvoyer avec un commentaire")
    annonce(page, "Le plan est renvoyé à la communauté")

    page = ecrans["animatrice"]
    tache(page, "Préparer le plan d’action")
    expect(dossier(page)).to_contain_text(COMMENTAIRE)
    page.get_by_label("Indicateur(s) de résultat, objectif 2").fill("≥ 12 outils déposés d’ici mars 2027")
    appuyer(page, "Passer à la signature")
    s_engager(page)
    appuyer(page, "Signer et soumettre")
    annonce(page, "Le plan est signé")

    page = ecrans["parrain"]
    tache(page, "Approuver et signer")
    expect(dossier(page)).to_contain_text("≥ 12 outils déposés d’ici mars 2027")
    examiner(page)
    s_engager(page)
    appuyer(page, "Approuver et signer")
    annonce(page, "Le plan est approuvé et signé")
    examiner(page)
    octets = telecharger_le_lien(page, re.compile("^Plan d’action .PDF"))
    exiger_authentique(page, octets, tmp_path, OBJECTIFS[0][0], "d’ici mars 2027", "Pierre-Luc Barriault")
