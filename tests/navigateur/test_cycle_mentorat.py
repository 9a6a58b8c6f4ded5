"""Le mentorat d’un bout à l’autre, à l’écran, chacun devant le sien : l’exemple « ergothérapie » et l’entente minimale."""

import re

import pytest
import time_machine
from playwright.sync_api import expect

from mentorat.models import Entente
from tests.mentorat import scenes
from tests.navigateur import pdf_scelle
from tests.navigateur.ecrans import Ecrans
from tests.navigateur.gestes import (
    OBJECTIFS,
    annonce,
    appuyer,
    deposer,
    dossier,
    evaluer,
    ouvrir_verbe,
    poser,
    rediger,
    repondre_au_plus_haut,
    s_engager,
    signer,
    suivre,
    tache,
    telecharger,
    titre_est,
)

NOTE = "Loïc hésite devant la famille : y revenir sans le brusquer."
NOTE_A_SOI = "Je me sens dépassé par les délais."
COMMENTAIRES = (
    "Bonne progression. L’obj. 3 est reporté : aucune rencontre familiale disponible avant les Fêtes. "
    "On garde les mêmes activités."
)


@pytest.fixture
def voyage():
    """Le 31 août 2026 ; demandé en premier, pour que la troupe soit montée ce jour-là."""
    with time_machine.travel("2026-08-31T10:00:00-04:00", tick=True) as voyage:
        yield voyage


@pytest.fixture
def ecrans(voyage, ouvrir, distribution):
    return Ecrans(ouvrir, distribution, voyage)


@pytest.mark.exigence("R-048", "R-049", "R-055", "R-057", "R-058", "R-069", "R-070", "R-071", "R-334", "R-342", "R-343")
def test_lentente_dergotherapie_va_du_besoin_a_la_cloture(ecrans, tmp_path):
    scenes.fiche_inscrite(ecrans.distribution, ecrans.distribution.directrice)
    inscrire_le_mentor(ecrans)
    demander_et_accepter(ecrans)
    jumeler(ecrans)
    rediger_a_deux(ecrans)
    signer_a_deux(ecrans)
    entente = approuver(ecrans, tmp_path)
    transmettre_et_liberer(ecrans, entente)
    tenir_le_journal(ecrans, entente)
    prendre_des_notes(ecrans, entente)
    faire_la_mi_temps(ecrans, entente, tmp_path)
    se_voir_refuser_la_prolongation(ecrans, entente)
    evaluer_et_clore(ecrans, entente, tmp_path)
    lire_chacun_selon_son_role(ecrans, entente)
    evaluer_la_mesure(ecrans)
    attester_les_heures(ecrans, entente, tmp_path)


def inscrire_le_mentor(ecrans):
    page = ecrans["mentor"]
    page.goto("/mentorat/")
    suivre(page, "Devenir mentor")
    appuyer(page, "Commencer ma fiche")
    page.get_by_label("Mes motivations").fill("Transmettre ce que des collègues m’ont appris.")
    page.get_by_label("Mon expérience et mes champs d’intérêt").fill("Quinze ans en réadaptation.")
    page.get_by_label("Autres compétences").fill("Positionnement, aides à la mobilité")
    page.get_by_label("Nombre de mentorés à la fois").fill("2")
    for groupe in ("Je suis…", "Je me reconnais ces qualités"):
        for case in page.get_by_role("group", name=groupe).get_by_role("checkbox").all():
            case.check()
    appuyer(page, "Enregistrer et soumettre")
    appuyer(page, "Soumettre ma candidature")
    annonce(page, "Votre candidature est chez votre gestionnaire")

    page = ecrans["gestionnaire_mentor"]
    tache(page, "Recommander")
    page.get_by_label("J’atteste que cette personne est un intervenant expérimenté").check()
    appuyer(page, "Recommander")
    annonce(page, "la DSM peut l’inscrire")

    page = ecrans["dsm"]
    tache(page, "Inscrire au bottin")
    # La formation de mentor n’est pas encore consignée : le cadre la recommande, sans bloquer.
    page.get_by_label("Raison de cet écart").fill("Formation prévue le 8 septembre.")
    appuyer(page, "Inscrire au bottin")
    annonce(page, "Le mentor est inscrit au bottin")


def demander_et_accepter(ecrans):
    page = ecrans["mentore"]
    page.goto("/mentorat/")
    appuyer(page, "Demander un mentor")
    page.get_by_label("Intégration d’un nouveau programme ou service").check()
    page.get_by_label("Développement de compétences spécifiques").check()
    page.get_by_label("Ce que je veux développer").fill("Je passe de la clinique externe au soutien à domicile.")
    page.get_by_label("Positionnement").check()
    appuyer(page, "Enregistrer et soumettre")
    appuyer(page, "Soumettre à mon gestionnaire")
    annonce(page, "Votre demande est chez votre gestionnaire")

    page = ecrans["gestionnaire"]
    tache(page, "Accepter la demande")
    expect(dossier(page)).to_contain_text("Je passe de la clinique externe au soutien à domicile.")
    appuyer(page, "Accepter la demande")
    annonce(page, "il reste à proposer un mentor")


def jumeler(ecrans):
    page = ecrans["gestionnaire"]
    ouvrir_verbe(page, "Proposer un jumelage")
    raisons = dossier(page).get_by_role("radio", name=re.compile("Guylaine Cyr"))
    expect(raisons).to_have_accessible_description(
        re.compile("même discipline.*compétence voulue : Positionnement.*même RLS.*2 places libres", re.IGNORECASE)
    )
    exclus = dossier(page).get_by_role("region", name=re.compile("Ne peuvent pas être proposés"))
    expect(exclus).to_contain_text("Manon Roussy")
    expect(exclus).to_contain_text("à aucun niveau")
    raisons.check()
    appuyer(page, "Proposer un jumelage")
    annonce(page, "peuvent se parler, puis accepter")

    for nom in ("mentor", "mentore"):
        page = ecrans[nom]
        tache(page, "Accepter ce jumelage")
        appuyer(page, "Accepter ce jumelage")
        annonce(page, "Votre accord est noté")
    expect(page).to_have_url(re.compile("/mentorat/ententes/"))


def rediger_a_deux(ecrans):
    page = ecrans["mentore"]
    suivre(page, "Rédiger l’entente")
    rediger(page, debut="2026-09-14", fin="2027-03-15")
    appuyer(page, "Passer à la signature")
    expect(dossier(page)).to_contain_text("se termine au plus tard le 2027-03-14")
    page.get_by_label("Au", exact=True).fill("2027-03-13")
    appuyer(page, "Enregistrer")
    annonce(page, "L’entente est enregistrée")

    # Le mentor reprend le texte de l’autre et passe à la signature.
    page = ecrans["mentor"]
    tache(page, "Rédiger l’entente")
    premier = page.get_by_role("group", name="Objectif 1", exact=True)
    expect(premier.get_by_label("Objectif d’apprentissage")).to_have_value(OBJECTIFS[0][0])
    expect(page.get_by_label("Durée des rencontres")).to_have_value(re.compile(r"1\sh\s15"))
    soumettre(page)


def soumettre(page):
    appuyer(page, "Passer à la signature")
    titre_est(page, "Passer à la signature")
    appuyer(page, "Passer à la signature")
    annonce(page, "attend maintenant les signatures")


def signer_a_deux(ecrans):
    page = ecrans["mentore"]
    tache(page, "Signer l’entente")
    contenu = page.get_by_role("article", name="Contenu de l’entente")
    expect(contenu.get_by_role("row")).to_have_count(1 + len(OBJECTIFS))
    expect(dossier(page)).to_contain_text("règles d’éthique du mentorat, version 1")
    s_engager(page, mot_de_passe="pas le bon")
    appuyer(page, "Signer l’entente")
    expect(dossier(page)).to_contain_text("Ce mot de passe n’est pas le vôtre. Rien n’a été signé.")
    s_engager(page)
    appuyer(page, "Signer l’entente")
    annonce(page, "Votre signature est posée")

    page = ecrans["mentor"]
    page.goto(page.url)
    signer(page, "Signer l’entente", "Votre signature est posée")


def approuver(ecrans, tmp_path):
    ecrans.au("2026-09-02")
    page = ecrans["gestionnaire"]
    tache(page, "Approuver et signer")
    expect(dossier(page)).to_contain_text("3 objectifs, aux 3 semaines, 1 h 15, du 14 septembre 2026 au 13 mars 2027.")
    for condition in ("La charge de travail est ajustée", "Les rencontres sont autorisées"):
        page.get_by_label(condition).check()
    s_engager(page)
    appuyer(page, "Approuver et signer")
    annonce(page, "L’entente est approuvée et signée")
    exiger_un_bon_pdf(page, "Entente", tmp_path, *(objectif for objectif, _ in OBJECTIFS), "Aux 3 semaines")
    return page.url


def exiger_un_bon_pdf(page, nature, tmp_path, *phrases):
    """Télécharge le PDF, le fait juger par les outils et par « Vérifier », puis change un octet."""
    adresse = page.url
    octets = telecharger(page, nature)
    pdf_scelle.exiger_valide(octets, tmp_path)
    lu = pdf_scelle.texte(octets).casefold()
    for phrase in phrases:
        assert phrase.casefold() in lu
    deposer(page, octets)
    expect(page.get_by_role("status")).to_contain_text("Ce fichier est authentique")
    deposer(page, pdf_scelle.un_octet_change(octets))
    expect(page.get_by_role("status")).to_contain_text("Ce fichier a été altéré")
    page.goto(adresse)
    return lu


def transmettre_et_liberer(ecrans, entente):
    for nom in ("dsm", "drhcaj"):
        page = ecrans[nom]
        tache(page, "Accuser réception de la copie")
        appuyer(page, "Accuser réception")
        annonce(page, "La réception de la copie est consignée")

    page = ecrans["gestionnaire_mentor"]
    page.goto("/mentorat/liberations/")
    suivre(page, "Guylaine Cyr")
    expect(dossier(page)).to_contain_text("du 14 septembre 2026 au 13 mars 2027")
    assert "OEMC" not in page.content()
    assert page.goto(entente).status == 404


def tenir_le_journal(ecrans, entente):
    ecrans.au("2026-11-19")
    page = ecrans["mentor"]
    tache(page, "Consigner nos rencontres")
    for jour, duree, mode, precision in (
        ("2026-09-14", "1 h 15", "En présence", ""),
        ("2026-10-06", "1 h", "Teams", ""),
        ("2026-10-27", "90 min", "En présence", "À Maria, jumelée à une visite"),
        ("2026-11-19", "1,25 h", "Teams", ""),
    ):
        page.get_by_label("Date").fill(jour)
        page.get_by_label("Durée de la rencontre").fill(duree)
        page.get_by_label(mode).check()
        page.get_by_label("Lieu ou précision").fill(precision)
        appuyer(page, "Ajouter au journal")
        annonce(page, "La rencontre est au journal")
    expect(page.locator(".comptes")).to_contain_text("5 h")

    page = ecrans["gestionnaire"]
    page.goto(entente)
    suivre(page, "Journal des rencontres")
    expect(dossier(page).get_by_role("row")).to_have_count(5)
    expect(dossier(page)).not_to_contain_text("Maria")


def prendre_des_notes(ecrans, entente):
    page = ecrans["mentor"]
    page.goto(entente)
    suivre(page, "Nos notes")
    notes = page.url
    page.get_by_role("region", name="Nos notes").get_by_label("Votre note").fill(NOTE)
    appuyer(page, "Partager cette note avec Loïc St-Onge")
    annonce(page, "La note est partagée")

    page = ecrans["mentore"]
    page.goto(notes)
    expect(dossier(page)).to_contain_text(NOTE)
    page.get_by_role("region", name="Mes notes personnelles").get_by_label("Votre note").fill(NOTE_A_SOI)
    appuyer(page, "Garder cette note pour moi")
    annonce(page, "Votre note personnelle est gardée")

    ecrans["mentor"].goto(notes)
    expect(dossier(ecrans["mentor"])).not_to_contain_text(NOTE_A_SOI)
    for nom in ("gestionnaire", "dsm", "appr", "pilote"):
        assert ecrans[nom].goto(notes).status == 404


def faire_la_mi_temps(ecrans, entente, tmp_path):
    ecrans.au("2026-12-14")
    page = ecrans["mentor"]
    tache(page, "Faire le bilan de mi-temps")
    evaluer(
        page,
        [
            ("Jaune", ("Vert", "Jaune", "Rouge")),
            ("Vert", ("Vert", "Vert", "Vert")),
            ("Rouge", ("Rouge", "Rouge", "Rouge")),
        ],
    )
    page.get_by_label("Commentaires").fill(COMMENTAIRES)
    appuyer(page, "Enregistrer et passer à la confirmation")
    appuyer(page, "Confirmer le bilan de mi-temps")
    annonce(page, "Vous avez confirmé")

    page = ecrans["gestionnaire"]
    page.goto(entente)
    suivre(page, "Bilan de mi-temps")
    expect(dossier(page)).not_to_contain_text("aucune rencontre familiale")

    page = ecrans["mentore"]
    page.goto(entente)
    poser(page, "Confirmer le bilan de mi-temps", "Vous avez confirmé")
    page.goto(entente)
    lu = exiger_un_bon_pdf(page, "Bilan de mi-temps", tmp_path, COMMENTAIRES, "4", "1 h 15")
    assert "rouge" in lu


def se_voir_refuser_la_prolongation(ecrans, entente):
    ecrans.au("2027-02-22")
    page = ecrans["mentore"]
    page.goto(entente)
    ouvrir_verbe(page, "Demander une prolongation")
    page.get_by_label("Nouvelle fin").fill("2027-06-13")
    page.get_by_label("Pourquoi poursuivre").fill("La rencontre familiale n’a pu se tenir avant les Fêtes.")
    appuyer(page, "Demander une prolongation")
    annonce(page, "chez le gestionnaire")

    page = ecrans["gestionnaire"]
    page.goto(entente)
    suivre(page, "Jusqu’au 13 juin 2027")
    ouvrir_verbe(page, "Refuser la prolongation")
    page.get_by_label("Motif").fill("La charge du service ne le permet pas ce printemps.")
    appuyer(page, "Refuser la prolongation")
    annonce(page, "la fin prévue demeure")


def evaluer_et_clore(ecrans, entente, tmp_path):
    ecrans.au("2027-03-08")
    page = ecrans["mentore"]
    tache(page, "Entamer l’évaluation finale")
    appuyer(page, "Entamer l’évaluation finale")
    annonce(page, "L’évaluation finale est ouverte")
    expect(page.locator(".a-evaluer").first).to_contain_text("À la mi-temps : Jaune")
    verts = ("Vert", "Vert", "Vert")
    evaluer(page, [("Vert", ("Vert", "Vert", "Jaune")), ("Vert", verts), ("Vert", verts)])
    page.get_by_label("Forces du mentoré").fill('Rigueur, curiosité, sait dire "je ne sais pas".')
    page.get_by_label("Cibles de développement").fill("Concision des rapports; oser demander tôt.")
    page.get_by_label("Recommandations du mentor").fill("Participer à la CdP des ergothérapeutes.")
    appuyer(page, "Enregistrer et passer à la signature")
    s_engager(page)
    appuyer(page, "Signer l’évaluation finale")
    annonce(page, "Votre signature est posée")

    page = ecrans["mentor"]
    tache(page, "Signer l’évaluation finale")
    s_engager(page)
    appuyer(page, "Signer l’évaluation finale")
    annonce(page, "Votre signature est posée")

    page = ecrans["gestionnaire"]
    tache(page, "Clore et signer")
    expect(page.locator(".comptes")).to_contain_text("3 objectifs")
    s_engager(page)
    appuyer(page, "Clore et signer")
    annonce(page, "L’entente est close")
    exiger_un_bon_pdf(page, "Évaluation finale", tmp_path, "Participer à la CdP des ergothérapeutes.")


def lire_chacun_selon_son_role(ecrans, entente):
    """À la clôture, la DSM reçoit le document complet ; la DRHCAJ n’a que l’entente, jamais les bilans."""
    page = ecrans["dsm"]
    tache(page, "Accuser réception de la copie")
    expect(dossier(page).get_by_role("link", name=re.compile("^Évaluation finale .PDF"))).to_be_visible()
    expect(dossier(page).get_by_role("link", name=re.compile("^Bilan de mi-temps .PDF"))).to_have_count(0)

    page = ecrans["drhcaj"]
    page.goto(entente)
    expect(dossier(page).get_by_role("link", name=re.compile(".PDF"))).to_have_count(1)
    assert page.goto(f"{entente}finale/").status == 403
    assert page.goto(f"{entente}mi-temps/").status == 403


def evaluer_la_mesure(ecrans):
    for nom in ("mentor", "mentore"):
        page = ecrans[nom]
        tache(page, "Répondre\xa0: évaluation de la mesure de mentorat")
        repondre_au_plus_haut(page)
        appuyer(page, "Envoyer ma réponse")
        annonce(page, "sans votre nom")
        expect(dossier(page)).to_contain_text("Merci, vous avez répondu")


def attester_les_heures(ecrans, entente, tmp_path):
    page = ecrans["mentor"]
    page.goto(entente)
    with page.expect_download() as attente:
        appuyer(page, "Mon attestation d’heures (PDF)")
    octets = attente.value.path().read_bytes()
    pdf_scelle.exiger_valide(octets, tmp_path)
    lu = pdf_scelle.texte(octets)
    assert "Guylaine Cyr" in lu
    assert "5 h" in lu
    assert COMMENTAIRES not in lu
    deposer(page, octets)
    expect(page.get_by_role("status")).to_contain_text("Ce fichier est authentique")


@pytest.mark.exigence("R-362", "R-363", "R-092")
def test_lentente_minimale_cesse_au_quatrieme_mois_sans_motif(ecrans, tmp_path):
    entente = scenes.entente_naissante(ecrans.distribution)
    page = ecrans["mentore"]
    page.goto(f"{entente.get_absolute_url()}modifier/")
    page.get_by_label("Nouvel intervenant du CISSS").check()
    minimale = (("Apprivoiser le système I-CLSC", ("Pratique",)),)
    rediger(page, minimale, frequence="Aux 6 semaines", duree="1 h", debut="2026-08-31", fin="2027-02-27")
    soumettre(page)
    signer(page, "Signer l’entente", "Votre signature est posée")
    page = ecrans["mentor"]
    tache(page, "Signer l’entente")
    s_engager(page)
    appuyer(page, "Signer l’entente")
    annonce(page, "Votre signature est posée")
    page = ecrans["gestionnaire"]
    tache(page, "Approuver et signer")
    s_engager(page)
    appuyer(page, "Approuver et signer")
    annonce(page, "L’entente est approuvée et signée")
    exiger_un_bon_pdf(page, "Entente", tmp_path, "Apprivoiser le système I-CLSC", "Pratique")
    cesser_sans_motif(ecrans, entente.get_absolute_url())
    evaluer_la_mesure(ecrans)
    assert Entente.objects.get().etat == "cessee"


def cesser_sans_motif(ecrans, entente):
    ecrans.au("2026-12-22")
    page = ecrans["mentore"]
    page.goto(entente)
    poser(page, "Mettre fin au mentorat", "La fin est demandée")

    page = ecrans["gestionnaire"]
    page.goto(entente)
    expect(page.locator(".gestes")).to_contain_text("consignez-la d’abord")
    page = ecrans["appr"]
    tache(page, "Consigner la rencontre de fin")
    page.get_by_label("Date de la rencontre").fill("2026-12-21")
    page.get_by_label("APPR présent").select_option(label="Chloé Langlois")
    page.get_by_label("Le gestionnaire était présent").check()
    appuyer(page, "Consigner la rencontre de fin")
    annonce(page, "La rencontre de fin est consignée")

    page = ecrans["gestionnaire"]
    tache(page, "Constater la fin")
    expect(dossier(page)).to_contain_text("Aucun motif écrit")
    appuyer(page, "Constater la fin")
    annonce(page, "La fin du mentorat est constatée")
    titre_est(page, "Guylaine Cyr et Loïc St-Onge")
