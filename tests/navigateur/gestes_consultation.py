"""Ce qu’une consultation d’experts fait à l’écran : écrire sa demande, voir à qui le tour, fermer avec les questions."""

from playwright.sync_api import expect

from consultation.models import DemandeConsultation
from encadrement.accueil.a_faire import taches_de
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Personne
from tests.navigateur.gestes import appuyer, dossier, titre_est
from tests.navigateur.gestes_cdp import choisir

# Ceux qu’une consultation peut concerner : le geste attendu ne doit être chez personne d’autre.
CONCERNES = ("mentore", "gestionnaire", "delegue", "animatrice", "mentor", "appr", "appr_liaison", "dsm")


def ecrire(page, *, question, cherche, trouve, sujet, contexte="", disponibilites=""):
    """Ouvre une demande de l’accueil, consigne ses recherches, et relit avant de présenter."""
    page.goto("/consultation/")
    appuyer(page, "Consulter un expert")
    titre_est(page, "Préparer une consultation")
    page.get_by_label("Question précise").fill(question)
    page.get_by_label("Contexte clinique dépersonnalisé").fill(contexte)
    choisir(page, "Sujet", sujet)
    page.get_by_label("Ce que j’ai cherché").fill(cherche)
    page.get_by_label("Ce que j’ai trouvé").fill(trouve)
    page.get_by_label("Moi", exact=True).check()
    page.get_by_label("Mes disponibilités").fill(disponibilites)
    appuyer(page, "Relire et présenter à mon gestionnaire")
    titre_est(page, "Présenter à mon gestionnaire")


def exiger_le_tour(ecrans, adresse, *de, geste, dit):
    """Le dossier dit au demandeur à qui le tour, et le geste est dans « À faire » de ces personnes, de personne d’autre."""
    page = ecrans["mentore"]
    page.goto(adresse)
    expect(dossier(page)).to_contain_text(f"À qui le tour\xa0: {dit}")
    exiger_a_faire(ecrans, dict.fromkeys(de, geste))


def exiger_termine(ecrans, adresse, etat):
    """Le dossier dit l’état, n’attend plus personne, et « À faire » ne le montre plus."""
    page = ecrans["mentore"]
    page.goto(adresse)
    expect(page.locator(".chapeau")).to_contain_text(etat)
    expect(dossier(page)).not_to_contain_text("À qui le tour")
    exiger_a_faire(ecrans, {})


def exiger_a_faire(ecrans, attendus):
    """Lit ce que « À faire » montrerait à chacun : la personne attendue ouvre ensuite la sienne à l’écran."""
    numero = DemandeConsultation.objects.get().numero
    troupe = Personne.objects.in_bulk([ecrans.distribution[nom].pk for nom in CONCERNES])
    lus = {
        nom: [tache.geste for tache in taches_de(troupe[ecrans.distribution[nom].pk]) if numero in tache.dossier]
        for nom in CONCERNES
    }
    assert lus == {nom: [attendus[nom]] if nom in attendus else [] for nom in CONCERNES}


def repondre(page, *, suite, apport, situation, pratique, commentaire=""):
    """La suite, qui reste au dossier, puis les quatre questions."""
    page.get_by_role("group", name="Ce que la consultation a changé").get_by_label(suite).check()
    page.get_by_role("group", name="Cette consultation…").get_by_label(apport).check()
    page.get_by_role("group", name="utile pour cette situation").get_by_role("radio").nth(situation - 1).check()
    page.get_by_role("group", name="utile pour ma pratique").get_by_role("radio").nth(pratique - 1).check()
    page.get_by_label("Commentaire").fill(commentaire)


def exiger_la_ligne(page, *cellules):
    """La seule ligne du tableau de suivi dit ces valeurs, dans l’ordre des huit colonnes de l’annexe 13."""
    page.goto("/consultation/suivi/")
    (ligne,) = dossier(page).locator("tbody tr").all()
    for cellule, texte in zip(ligne.get_by_role("cell").all(), cellules, strict=True):
        expect(cellule).to_contain_text(texte)


def exiger_des_courriels_sans_clinique(*mots):
    """Aucun courriel, en objet ni en texte, ne porte ces mots."""
    ecrits = " ".join(f"{courriel.objet} {courriel.texte}" for courriel in Courriel.objects.all()).casefold()
    assert ecrits
    assert [mot for mot in mots if mot.casefold() in ecrits] == []
