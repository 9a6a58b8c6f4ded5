"""La consultation d’experts à l’écran, chacun devant le sien : jusqu’au RUISSS UL, en une rencontre, ou jugée non pertinente."""

import pytest
import time_machine
from playwright.sync_api import expect

from consultation.models import DemandeConsultation
from encadrement.sondages.models import Reponse
from tests.consultation import scenes
from tests.navigateur.ecrans import Ecrans
from tests.navigateur.gestes import (
    annonce,
    appuyer,
    dossier,
    ouvrir_verbe,
    s_engager,
    suivre,
    tache,
    telecharger,
    titre_est,
)
from tests.navigateur.gestes_cdp import agenda_de, champ, exiger_authentique
from tests.navigateur.gestes_consultation import (
    ecrire,
    exiger_des_courriels_sans_clinique,
    exiger_la_ligne,
    exiger_le_tour,
    exiger_termine,
    repondre,
)

# L’exemple des prismes, tel que les gens l’ont écrit.
PRISMES = {
    "question": scenes.QUESTION,
    "contexte": "Adulte vivant avec son conjoint, autonomie partielle; une visite par semaine au domicile.",
    "cherche": "3 articles, guide des AVC, échange avec l’équipe.",
    "trouve": "Les protocoles trouvés demandent des séances quotidiennes.",
    "sujet": "Héminégligence",
    "disponibilites": "Mardi et jeudi après-midi, Teams ou téléphone",
}
COUSSIN = {
    "question": "Quel coussin essayer quand la peau rougit encore après deux heures d’assise?",
    "cherche": "Le guide des surfaces d’appui, deux collègues.",
    "trouve": "Rien qui départage les coussins à cellules et en gel.",
    "sujet": "Coussin d’assise et plaies",
}
ATTENTES = "Protocole simple + critères d’arrêt."
HORS_DE_MON_CHAMP = "Hors de mon champ."
ANALYSE = "L’adaptation aux prismes n’est l’expertise de personne au CISSS."
DESTINATAIRE = "Plateforme de transfert de connaissances du RUISSS UL"
AVIS = "Essayer un coussin à cellules deux semaines; noter la peau matin et soir."


@pytest.fixture
def voyage():
    """Le 1er octobre 2026 ; demandé en premier, pour que la troupe soit montée ce jour-là."""
    with time_machine.travel("2026-10-01T10:00:00-04:00", tick=True) as voyage:
        yield voyage


@pytest.fixture
def ecrans(voyage, ouvrir, distribution):
    """Les écrans de chacun, et un bottin de deux experts."""
    scenes.fiche_inscrite(distribution)
    scenes.autre_fiche(distribution)
    return Ecrans(ouvrir, distribution, voyage)


@pytest.fixture
def examiner(axe, largeur_320):
    """Ce qu’un lecteur d’écran et un téléphone reçoivent de la page ouverte."""

    def examiner(page):
        axe(page)
        largeur_320(page)

    return examiner


# — Les prismes : toute l’échelle, jusqu’au RUISSS UL


@pytest.mark.exigence(
    "R-168", "R-173", "R-177", "R-178", "R-179", "R-180", "R-181", "R-182", "R-183", "R-190", "R-192",
    "R-202", "R-206", "R-207", "R-208", "R-209", "R-210", "R-400", "R-401", "R-402",
)  # fmt: skip
def test_les_prismes_montent_toute_lechelle_jusquau_ruisss(ecrans, examiner, tmp_path):
    demande = presenter_ses_recherches(ecrans, examiner)
    autoriser(ecrans, demande)
    essuyer_un_refus(ecrans, demande, examiner)
    remplir_et_signer(ecrans, demande, examiner)
    verifier_lannexe_11(ecrans, demande, tmp_path)
    analyser_et_acheminer(ecrans, demande)
    etablir_le_contact(ecrans, demande)
    consigner_et_fermer(ecrans, demande, examiner)
    exiger_termine(ecrans, demande, "fermée")
    exiger_la_ligne(
        ecrans["mentore"],
        "Clinique de réadaptation neurologique, CHU de Québec",
        "Réadaptation neurologique",
        "2026-10-22",
        "Loïc St-Onge",
        "Soutien à l’autonomie des personnes âgées",
        "1 h 30",
        "Héminégligence",
        "–",
    )
    examiner(ecrans["mentore"])
    exiger_des_courriels_sans_clinique("prisme", "héminégligence", "AVC", HORS_DE_MON_CHAMP, ANALYSE)


def presenter_ses_recherches(ecrans, examiner):
    page = ecrans["mentore"]
    ecrire(page, **PRISMES)
    adresse = DemandeConsultation.objects.get().get_absolute_url()
    exiger_le_tour(ecrans, adresse, "mentore", geste="Écrire ma demande de consultation", dit="à vous")
    ouvrir_verbe(page, "Présenter à mon gestionnaire")
    expect(dossier(page)).to_contain_text(PRISMES["question"])
    examiner(page)
    appuyer(page, "Présenter à mon gestionnaire")
    annonce(page, "Votre demande est chez votre gestionnaire")
    return adresse


def autoriser(ecrans, demande):
    ecrans.au("2026-10-02")
    exiger_le_tour(
        ecrans, demande, "gestionnaire", "delegue", geste="Autoriser la consultation", dit="Hélène Arsenault"
    )
    page = ecrans["gestionnaire"]
    tache(page, "Autoriser la consultation")
    expect(dossier(page)).to_contain_text(PRISMES["cherche"])
    expect(page.get_by_label("Discutée le")).to_have_value("2026-10-02")
    appuyer(page, "Autoriser la consultation")
    annonce(page, "La consultation est autorisée")


def essuyer_un_refus(ecrans, demande, examiner):
    exiger_le_tour(ecrans, demande, "mentore", geste="Choisir un expert au bottin", dit="à vous")
    page = ecrans["mentore"]
    tache(page, "Choisir un expert au bottin")
    # Guylaine Cyr connaît le sujet : elle vient d’abord.
    expect(dossier(page).get_by_role("group").first).to_contain_text("Connaît votre sujet")
    page.get_by_label("Nom, expertise ou sujet").fill("huard")
    appuyer(page, "Chercher au bottin")
    page.get_by_label("Choisir Marie-Ève Huard").check()
    examiner(page)
    appuyer(page, "Envoyer ma demande")
    annonce(page, "Votre demande est chez l’expert")

    exiger_le_tour(ecrans, demande, "animatrice", geste="Accepter la demande", dit="Marie-Ève Huard")
    page = ecrans["animatrice"]
    tache(page, "Accepter la demande")
    suivre(page, "Déclinez en disant pourquoi")
    page.get_by_label("Motif").fill(HORS_DE_MON_CHAMP)
    appuyer(page, "Décliner la demande")
    annonce(page, "Vous avez décliné")
    assert page.goto(demande).status == 404


def remplir_et_signer(ecrans, demande, examiner):
    exiger_le_tour(ecrans, demande, "mentore", geste="Choisir un expert au bottin", dit="à vous")
    page = ecrans["mentore"]
    expect(dossier(page)).to_contain_text(HORS_DE_MON_CHAMP)
    ouvrir_verbe(page, "Demander à la DSM")
    appuyer(page, "Demander à la DSM")
    titre_est(page, "Formulaire de la DSM (annexe 11, reconstituée)")
    # Rien ne se ressaisit.
    expect(page.get_by_label("Question précise")).to_have_value(PRISMES["question"])
    expect(page.get_by_label("Ce que j’ai trouvé")).to_have_value(PRISMES["trouve"])
    exiger_le_tour(ecrans, demande, "mentore", geste="Remplir et transmettre le formulaire de la DSM", dit="à vous")
    tache(page, "Remplir et transmettre le formulaire de la DSM")
    page.get_by_label("Attentes").fill(ATTENTES)
    page.get_by_label("Programmes et partenaires en cause").fill("SAPA, URFI de Maria")
    examiner(page)
    appuyer(page, "Relire et signer")
    titre_est(page, "Signer et transmettre à la DSM")
    expect(dossier(page)).to_contain_text(HORS_DE_MON_CHAMP)
    s_engager(page, mot_de_passe="pas le bon")
    appuyer(page, "Signer et transmettre à la DSM")
    expect(dossier(page)).to_contain_text("Rien n’a été signé.")
    s_engager(page)
    appuyer(page, "Signer et transmettre à la DSM")
    annonce(page, "Votre demande est signée et transmise à la DSM")


def verifier_lannexe_11(ecrans, demande, tmp_path):
    page = ecrans["mentore"]
    page.goto(demande)
    octets = telecharger(page, "Annexe 11")
    exiger_authentique(
        page,
        octets,
        tmp_path,
        "Demande de service à la DSM",
        "Loïc St-Onge",
        "Hélène Arsenault",
        "Soutien à domicile",
        PRISMES["question"],
        PRISMES["cherche"],
        "Marie-Ève Huard",
        HORS_DE_MON_CHAMP,
        ATTENTES,
        "SAPA, URFI de Maria",
        "2 octobre 2026",
        "signé électroniquement",
    )


def analyser_et_acheminer(ecrans, demande):
    ecrans.au("2026-10-06")
    exiger_le_tour(ecrans, demande, "appr", "appr_liaison", geste="Analyser la demande", dit="un APPR de la DSM")
    page = ecrans["appr"]
    tache(page, "Analyser la demande")
    expect(dossier(page)).to_contain_text(ATTENTES)
    page.get_by_label("Mon analyse").fill(ANALYSE)
    appuyer(page, "Analyser la demande")
    annonce(page, "L’analyse est notée")

    # L’APPR qui n’est pas agent de liaison n’a plus rien à faire.
    exiger_le_tour(
        ecrans, demande, "appr_liaison", geste="Acheminer au RUISSS UL", dit="l’agent de liaison du RUISSS UL"
    )
    page = ecrans["appr_liaison"]
    tache(page, "Acheminer au RUISSS UL")
    expect(dossier(page)).to_contain_text(PRISMES["question"])
    page.get_by_label("Destinataire au RUISSS UL").fill(DESTINATAIRE)
    appuyer(page, "Acheminer au RUISSS UL")
    expect(dossier(page)).to_contain_text("Justifiez la communication")
    page.get_by_label("Finalité").fill("Obtenir l’avis d’un expert en réadaptation neurologique.")
    page.get_by_label("Justification").fill(
        "Aucun expert du CISSS n’a cette expertise; la demande est dépersonnalisée."
    )
    appuyer(page, "Acheminer au RUISSS UL")
    annonce(page, "La demande est acheminée au RUISSS UL")
    page.goto("/consultation/communications/")
    expect(dossier(page)).to_contain_text(DESTINATAIRE)


def etablir_le_contact(ecrans, demande):
    ecrans.au("2026-10-20")
    exiger_le_tour(
        ecrans, demande, "appr_liaison", geste="Noter le contact établi", dit="l’agent de liaison du RUISSS UL"
    )
    page = ecrans["appr_liaison"]
    tache(page, "Noter le contact établi")
    page.get_by_label("Expert du RUISSS UL").fill("Clinique de réadaptation neurologique")
    page.get_by_label("Son établissement").fill("CHU de Québec – Université Laval")
    page.get_by_label("Son expertise").fill("Réadaptation neurologique")
    appuyer(page, "Noter le contact établi")
    annonce(page, "Le contact est noté")


def consigner_et_fermer(ecrans, demande, examiner):
    ecrans.au("2026-10-22")
    consigner = "Consigner la rencontre avec l’expert du RUISSS UL"
    exiger_le_tour(ecrans, demande, "mentore", geste=consigner, dit="à vous")
    page = ecrans["mentore"]
    examiner(page)
    tache(page, consigner)
    page.get_by_label("Durée").fill("1 h 30")
    appuyer(page, "Consigner cette rencontre")
    annonce(page, "La rencontre est consignée")

    exiger_le_tour(ecrans, demande, "mentore", geste="Fermer la consultation", dit="à vous")
    tache(page, "Fermer la consultation")
    examiner(page)
    repondre(
        page,
        suite="L’impasse est dénouée",
        apport="a apporté une piste nouvelle",
        situation=5,
        pratique=4,
        commentaire="Un protocole tenable à domicile.",
    )
    appuyer(page, "Fermer la consultation")
    annonce(page, "La consultation est fermée")
    assert Reponse.objects.count() == 1


# — Le coussin : une plage, une rencontre, l’impasse dénouée


@pytest.mark.exigence("R-180", "R-204", "R-205", "R-207", "R-209", "R-402")
def test_le_coussin_se_regle_en_une_rencontre_sur_une_plage_reservee(ecrans, examiner):
    offrir_une_plage(ecrans, examiner)
    demande = choisir_la_plage(ecrans)
    accepter_et_convenir(ecrans, demande)
    rencontrer_et_rendre_lavis(ecrans, demande)
    lire_et_fermer(ecrans, demande)
    exiger_termine(ecrans, demande, "fermée")
    expect(dossier(ecrans["mentore"])).to_contain_text("l’impasse est dénouée")
    ligne = (
        "Guylaine Cyr",
        "Positionnement et aides à la mobilité",
        "2026-10-08",
        "Loïc St-Onge",
        "Soutien à l’autonomie des personnes âgées",
        "45 min",
        "Coussin d’assise et plaies",
    )
    exiger_la_ligne(ecrans["mentore"], *ligne, "–")
    exiger_la_ligne(ecrans["mentor"], *ligne, "Corriger")
    exiger_des_courriels_sans_clinique("coussin", "plaie", AVIS)


def offrir_une_plage(ecrans, examiner):
    page = ecrans["mentor"]
    page.goto("/consultation/")
    suivre(page, "Ma fiche d’expert")
    suivre(page, "Mes plages de disponibilité")
    champ(page, "Date").fill("2026-10-08")
    champ(page, "Début").fill("13:30")
    champ(page, "Durée").fill("45 min")
    page.get_by_label("Lieu ou lien").fill("https://teams.exemple/expert")
    appuyer(page, "Voir les dates")
    expect(page.get_by_label("Jeudi 8 octobre 2026, de 13 h 30 à 14 h 15")).to_be_checked()
    examiner(page)
    appuyer(page, "Offrir cette plage")
    annonce(page, "La plage est offerte")


def choisir_la_plage(ecrans):
    page = ecrans["mentore"]
    ecrire(page, **COUSSIN)
    appuyer(page, "Présenter à mon gestionnaire")
    adresse = DemandeConsultation.objects.get().get_absolute_url()
    page = ecrans["gestionnaire"]
    tache(page, "Autoriser la consultation")
    appuyer(page, "Autoriser la consultation")
    annonce(page, "La consultation est autorisée")

    page = ecrans["mentore"]
    tache(page, "Choisir un expert au bottin")
    page.get_by_label("jeudi 8 octobre 2026 à 13 h 30").check()
    appuyer(page, "Envoyer ma demande")
    annonce(page, "Votre demande est chez l’expert")
    expect(page.get_by_role("group", name="La plage réservée")).to_contain_text("jeudi 8 octobre 2026 à 13 h 30")
    return adresse


def accepter_et_convenir(ecrans, demande):
    exiger_le_tour(ecrans, demande, "mentor", geste="Accepter la demande", dit="Guylaine Cyr")
    page = ecrans["mentor"]
    tache(page, "Accepter la demande")
    expect(dossier(page)).to_contain_text("convenir du moment réservé")
    appuyer(page, "Accepter la demande")
    annonce(page, "La demande est acceptée")
    for nom in ("mentor", "mentore"):
        agenda = agenda_de(ecrans.distribution[nom])
        assert agenda["DTSTART;TZID=America/Toronto"] == "20261008T133000"
        assert "coussin" not in " ".join(agenda.values()).casefold()
    # Convenue, la rencontre n’attend personne avant d’avoir lieu.
    exiger_le_tour(ecrans, demande, geste="", dit="Guylaine Cyr")
    expect(ecrans["mentore"].get_by_role("group", name="Le moment convenu")).to_contain_text("teams.exemple")


def rencontrer_et_rendre_lavis(ecrans, demande):
    ecrans.au("2026-10-08", "14:20")
    exiger_le_tour(ecrans, demande, "mentor", geste="Consigner la rencontre", dit="Guylaine Cyr")
    page = ecrans["mentor"]
    tache(page, "Consigner la rencontre")
    page.get_by_label("Durée").fill("45 min")
    appuyer(page, "Consigner cette rencontre")
    annonce(page, "La rencontre est consignée")

    exiger_le_tour(ecrans, demande, "mentor", geste="Rendre l’avis", dit="Guylaine Cyr")
    tache(page, "Rendre l’avis")
    page.get_by_label("Avis et pistes").fill(AVIS)
    appuyer(page, "Rendre l’avis")
    annonce(page, "Votre avis est rendu")


def lire_et_fermer(ecrans, demande):
    exiger_le_tour(ecrans, demande, "mentore", geste="Fermer la consultation", dit="à vous")
    page = ecrans["mentore"]
    tache(page, "Fermer la consultation")
    expect(dossier(page)).to_contain_text(AVIS)
    appuyer(page, "Fermer la consultation")
    expect(dossier(page)).to_contain_text("Dites ce que la consultation a changé.")
    repondre(page, suite="L’impasse est dénouée", apport="a apporté une piste nouvelle", situation=5, pratique=5)
    appuyer(page, "Fermer la consultation")
    annonce(page, "La consultation est fermée")


# — Non pertinente


@pytest.mark.exigence("R-179", "R-202", "R-206")
def test_la_gestionnaire_juge_non_pertinente_et_le_demandeur_lit_pourquoi(ecrans, examiner):
    motif = "Le guide du programme y répond, page 12."
    page = ecrans["mentore"]
    ecrire(page, **COUSSIN)
    appuyer(page, "Présenter à mon gestionnaire")
    annonce(page, "Votre demande est chez votre gestionnaire")
    demande = DemandeConsultation.objects.get().get_absolute_url()

    page = ecrans["gestionnaire"]
    tache(page, "Autoriser la consultation")
    suivre(page, "dites pourquoi elle n’est pas pertinente")
    appuyer(page, "Juger non pertinente")
    expect(page.get_by_label("Motif")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Motif").fill(motif)
    examiner(page)
    appuyer(page, "Juger non pertinente")
    annonce(page, "le demandeur lira votre motif")

    exiger_termine(ecrans, demande, "jugée non pertinente")
    page = ecrans["mentore"]
    expect(page.get_by_role("region", name="La discussion avec le gestionnaire")).to_contain_text(motif)
    expect(page.locator(".gestes")).to_have_count(0)
    exiger_des_courriels_sans_clinique(motif, "coussin")
