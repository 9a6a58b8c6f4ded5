"""Deux personnes, deux onglets, deux clics, un envoi retenu : personne n’écrase personne, et un geste ne compte qu’une fois."""

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from encadrement.documents.models import Document
from encadrement.sondages.models import Reponse
from mentorat.models import (
    DemandeMentorat,
    Entente,
    NotePersonnelle,
    PassageDemande,
    PassageEntente,
    RencontreMentorat,
)
from tests.cdp import scenes as scenes_cdp
from tests.mentorat import scenes
from tests.navigateur.gestes import annonce, dossier, evaluer, repondre_au_plus_haut, s_engager, titre_est

POSTES = re.compile(r"/brouillon/$")


@pytest.fixture
def ecran(ouvrir, distribution):
    """Rend un nouvel écran du personnage, à l’adresse donnée."""

    def ecran(nom, adresse):
        page = ouvrir(distribution[nom])
        page.goto(adresse)
        return page

    return ecran


@pytest.fixture
def redaction(distribution):
    return f"{scenes.entente_naissante(distribution).get_absolute_url()}modifier/"


def enregistre(page):
    expect(page.locator("[data-brouillon-etat]")).to_have_text(re.compile("^Enregistré à"))


def ecrire(page, champ, texte):
    """Tape et attend que ce texte-là soit gardé, pas un précédent."""
    with page.expect_response(POSTES):
        champ.fill(texte)
    enregistre(page)


def activite(page):
    return page.get_by_role("group", name="Objectif 1", exact=True).get_by_label("Activité 1")


def objectif(page):
    return page.get_by_role("group", name="Objectif 1", exact=True).get_by_label("Objectif d’apprentissage")


# — À deux


def test_chacun_voit_arriver_ce_que_lautre_ecrit_et_rien_ne_secrase(ecran, redaction):
    mentor, mentore = ecran("mentor", redaction), ecran("mentore", redaction)
    ecrire(mentore, objectif(mentore), "Apprivoiser le système I-CLSC")
    ecrire(mentor, activite(mentor), "Pratique")
    expect(objectif(mentor)).to_have_value("Apprivoiser le système I-CLSC")
    ecrire(mentore, mentore.get_by_label("Fréquence des rencontres"), "Aux 6 semaines")
    expect(activite(mentore)).to_have_value("Pratique")
    # Le texte reçu de l’autre ne passe pas ensuite pour le mien : il le corrige sans me heurter.
    ecrire(mentor, activite(mentor), "Pratique accompagnée")
    ecrire(mentore, mentore.get_by_label("Durée des rencontres"), "1 h")
    expect(activite(mentore)).to_have_value("Pratique accompagnée")
    entente = Entente.objects.get()
    premier = entente.objectifs.first()
    assert premier.texte == "Apprivoiser le système I-CLSC"
    assert premier.activites.get().texte == "Pratique accompagnée"
    assert entente.frequence == "Aux 6 semaines"


def test_le_meme_formulaire_dans_deux_onglets_garde_ce_que_chacun_a_recu(ecran, redaction):
    un = ecran("mentore", redaction)
    deux = un.context.new_page()
    deux.goto(redaction)
    ecrire(un, objectif(un), "Dans le premier onglet")
    ecrire(deux, activite(deux), "Dans le second onglet")
    expect(objectif(deux)).to_have_value("Dans le premier onglet")
    deux.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(deux, "L’entente est enregistrée")
    premier = Entente.objects.get().objectifs.first()
    assert (premier.texte, premier.activites.get().texte) == ("Dans le premier onglet", "Dans le second onglet")


def test_prendre_le_texte_de_lautre_dans_un_objectif_le_garde_pour_de_bon(ecran, redaction):
    mentor, mentore = ecran("mentor", redaction), ecran("mentore", redaction)
    ecrire(mentor, objectif(mentor), "Le texte du mentor")
    objectif(mentore).fill("Le texte de la mentorée")
    dialogue = mentore.get_by_role("dialog", name="Deux versions de ce texte")
    dialogue.get_by_label("Prendre le texte").check()
    with mentore.expect_response(POSTES):
        dialogue.get_by_role("button", name="Enregistrer ce choix").click()
    expect(objectif(mentore)).to_have_value("Le texte du mentor")
    ecrire(mentore, activite(mentore), "Pratique")
    premier = Entente.objects.get().objectifs.first()
    assert (premier.texte, premier.activites.get().texte) == ("Le texte du mentor", "Pratique")


def test_letat_choisi_par_lun_parait_chez_lautre(ecran, distribution):
    adresse = f"{scenes.entente(distribution, 'active').get_absolute_url()}mi-temps/"
    mentor, mentore = ecran("mentor", adresse), ecran("mentore", adresse)
    mentor.locator(".a-evaluer").first.get_by_label("Jaune").first.check()
    enregistre(mentor)
    ecrire(mentore, mentore.get_by_label("Commentaires"), "Bonne progression.")
    expect(mentore.locator(".a-evaluer").first.get_by_label("Jaune").first).to_be_checked()


def test_lanimatrice_et_la_secretaire_ecrivent_le_meme_compte_rendu(ecran, distribution):
    rencontre = scenes_cdp.rencontre_tenue(distribution)
    adresse = f"{rencontre.get_absolute_url()}compte-rendu/ecrire/"
    animatrice, secretaire = ecran("animatrice", adresse), ecran("secretaire", adresse)
    ecrire(secretaire, sommaire(secretaire, "4.1"), "La grille est essayée.")
    ecrire(animatrice, sommaire(animatrice, "4.2"), "Une méta-analyse de 2024.")
    expect(sommaire(animatrice, "4.1")).to_have_value("La grille est essayée.")
    # Au même endroit, chacune voit les deux textes et choisit.
    sommaire(secretaire, "4.2").fill("Deux articles à lire.")
    dialogue = secretaire.get_by_role("dialog", name="Deux versions de ce texte")
    expect(dialogue).to_contain_text("Une méta-analyse de 2024.")
    dialogue.get_by_label("Prendre le texte").check()
    with secretaire.expect_response(POSTES):
        dialogue.get_by_role("button", name="Enregistrer ce choix").click()
    expect(sommaire(secretaire, "4.2")).to_have_value("Une méta-analyse de 2024.")
    textes = [point.sommaire for point in rencontre.points_en_ordre() if point.sommaire]
    assert textes == ["La grille est essayée.", "Une méta-analyse de 2024."]


def sommaire(page, numero):
    return page.get_by_label(re.compile(rf"^{re.escape(numero)} "))


# — Le réseau


def test_un_premier_envoi_retenu_ne_prend_pas_le_pas_sur_le_texte_plus_recent(ecran, redaction):
    page = ecran("mentore", redaction)
    retenus = []
    page.route(POSTES, lambda route: retenus.append(route), times=1)
    with page.expect_request(POSTES):
        objectif(page).fill("Le premier jet")
    objectif(page).fill("Le texte plus récent")
    expect(page.locator("[data-brouillon-etat]")).to_have_text("Enregistrement…")
    with page.expect_response(lambda reponse: "plus+r" in (reponse.request.post_data or "")):
        retenus[0].continue_()
    enregistre(page)
    expect(objectif(page)).to_have_value("Le texte plus récent")
    page.goto(redaction)
    expect(objectif(page)).to_have_value("Le texte plus récent")


def test_le_reseau_coupe_se_dit_et_le_texte_part_a_son_retour(ecran, redaction):
    page = ecran("mentore", redaction)
    page.context.set_offline(True)
    objectif(page).fill("Écrit entre deux villages")
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Votre texte reste ici")
    page.context.set_offline(False)
    enregistre(page)
    assert Entente.objects.get().objectifs.first().texte == "Écrit entre deux villages"


def test_un_collage_sale_arrive_propre(ecran, redaction):
    page = ecran("mentore", redaction)
    objectif(page).fill("Évaluer\u202e la\u0007 chute \u05e9\u05dc\u05d5\u05dd\u200f « OEMC »\nPACE")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    annonce(page, "L’entente est enregistrée")
    assert Entente.objects.get().objectifs.first().texte == "Évaluer la chute \u05e9\u05dc\u05d5\u05dd « OEMC »\nPACE"


# — Deux clics


def double(page, libelle, suite):
    """Double-clique le bouton et lit le message d’un seul effet, sans refus."""
    dossier(page).get_by_role("button", name=libelle, exact=True).dblclick()
    annonce(page, suite)
    expect(page.locator(".encadre--refus, .message--error")).to_have_count(0)


def test_un_cycle_entier_a_double_clic_ne_compte_chaque_geste_quune_fois(ecran, distribution):
    scenes.fiche_inscrite(distribution)
    entente = jumeler_a_double_clic(ecran)
    signer_a_double_clic(ecran, distribution, entente)
    derouler_a_double_clic(ecran, entente)
    clore_a_double_clic(ecran, entente)
    assert DemandeMentorat.objects.count() == 1
    par_deux = {"accepter_jumelage", "signer", "confirmer_mi_temps", "signer_finale"}
    for modele in (PassageDemande, PassageEntente):
        poses = Counter(modele.objects.values_list("transition", flat=True))
        assert {code: 2 if code in par_deux else 1 for code in poses} == dict(poses)
    assert RencontreMentorat.objects.count() == 1
    assert NotePersonnelle.objects.count() == 1
    assert Reponse.objects.count() == 1
    natures = Counter(Document.objects.values_list("instantane__nature", flat=True))
    assert set(natures.values()) == {1}


def jumeler_a_double_clic(ecran):
    page = ecran("mentore", "/mentorat/")
    dossier(page).get_by_role("button", name="Demander un mentor").dblclick()
    titre_est(page, "Demander un mentor")
    page.get_by_label("Nouvel intervenant du CISSS").check()
    dossier(page).get_by_role("button", name="Enregistrer et soumettre").dblclick()
    titre_est(page, "Soumettre à mon gestionnaire")
    double(page, "Soumettre à mon gestionnaire", "chez votre gestionnaire")
    demande = page.url
    page = ecran("gestionnaire", f"{demande}accepter/")
    double(page, "Accepter la demande", "il reste à proposer un mentor")
    page.goto(f"{demande}proposer/")
    page.get_by_role("radio", name=re.compile("Guylaine Cyr")).check()
    double(page, "Proposer un jumelage", "Le jumelage est proposé")
    for nom in ("mentor", "mentore"):
        page = ecran(nom, f"{demande}accepter-jumelage/")
        double(page, "Accepter ce jumelage", "Votre accord est noté")
    return page.url


def signer_a_double_clic(ecran, distribution, entente):
    page = ecran("mentore", f"{entente}modifier/")
    dossier(page).get_by_role("button", name="Ajouter un objectif", exact=True).dblclick()
    expect(page.get_by_role("group", name=re.compile(r"^Objectif \d"))).to_have_count(4)
    scenes.remplir(Entente.objects.get())
    page.goto(f"{entente}soumettre/")
    double(page, "Passer à la signature", "attend maintenant les signatures")
    for nom in ("mentor", "mentore"):
        page = ecran(nom, f"{entente}signer/")
        s_engager(page)
        double(page, "Signer l’entente", "Votre signature est posée")
    page = ecran("gestionnaire", f"{entente}approuver/")
    s_engager(page)
    double(page, "Approuver et signer", "L’entente est approuvée et signée")


def derouler_a_double_clic(ecran, entente):
    page = ecran("mentor", f"{entente}journal/")
    page.get_by_label("Durée de la rencontre").fill("1 h 15")
    double(page, "Ajouter au journal", "La rencontre est au journal")
    page.goto(f"{entente}notes/")
    page.get_by_role("region", name="Mes notes personnelles").get_by_label("Votre note").fill("À revoir.")
    double(page, "Garder cette note pour moi", "Votre note personnelle est gardée")
    page.goto(f"{entente}mi-temps/")
    evaluer(page, [("Jaune", ("Vert", "Rouge"))] * 3)
    dossier(page).get_by_role("button", name="Enregistrer et passer à la confirmation").dblclick()
    titre_est(page, "Confirmer le bilan de mi-temps")
    for nom in ("mentor", "mentore"):
        page = ecran(nom, f"{entente}mi-temps/confirmer/")
        double(page, "Confirmer le bilan de mi-temps", "Vous avez confirmé")


def clore_a_double_clic(ecran, entente):
    page = ecran("mentore", f"{entente}finale/entamer/")
    double(page, "Entamer l’évaluation finale", "L’évaluation finale est ouverte")
    scenes.evaluer(Entente.objects.get())
    for nom in ("mentor", "mentore"):
        page = ecran(nom, f"{entente}finale/signer/")
        page.get_by_label("Raison de cet écart").fill("Une seule rencontre : un congé.")
        s_engager(page)
        double(page, "Signer l’évaluation finale", "Votre signature est posée")
    page = ecran("gestionnaire", f"{entente}clore/")
    s_engager(page)
    double(page, "Clore et signer", "L’entente est close")
    page = ecran("mentore", "/")
    page.locator(".taches").get_by_role("link", name="Répondre\xa0: évaluation de la mesure de mentorat").click()
    repondre_au_plus_haut(page)
    double(page, "Envoyer ma réponse", "sans votre nom")
    page.goto(entente)
    with page.expect_download():
        dossier(page).get_by_role("button", name="Mon attestation d’heures (PDF)").dblclick()
