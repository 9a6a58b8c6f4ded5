"""Le comité de concertation à l’écran, chacun devant le sien : CC-2026-07, du brouillon à la fermeture."""

import re

import pytest
import time_machine
from playwright.sync_api import expect

from encadrement.notifications.models import Courriel
from tests.concertation.scenes import RAISON, RECIT
from tests.navigateur import pdf_scelle
from tests.navigateur.gestes import annonce, appuyer, dossier, ouvrir_verbe, suivre, tache, titre_est
from tests.navigateur.gestes_cdp import agenda_de, champ, telecharger_le_lien
from tests.navigateur.gestes_concertation import (
    DI_TSA_DP,
    REPRESENTANTS,
    SAPA,
    SMD,
    SUBSTITUT,
    EcransSansTrace,
    ajouter_orientation,
    declarer,
    ecrire,
    lien_du_courriel,
    nommer,
    planifier,
    qui_a_lu,
    sept_situations_plus_tot,
)
from tests.navigateur.gestes_consultation import exiger_des_courriels_sans_clinique

REPONSE = "Trois directions sont en cause et aucune ne peut dénouer l’impasse seule."
DISCUSSION = "Chaque direction nomme ce qu’elle peut faire d’ici l’hiver."
PLAN = "Adulte sans hébergement stable; trois services sans porteur désigné."
# Texte, direction, qui en répond, échéance : 7, 15 et 45 jours après la rencontre du 14 octobre.
ORIENTATIONS = (
    ("Désigner un intervenant pivot.", SMD, "autre_gestionnaire", "2026-10-21"),
    ("Trouver une place de répit.", DI_TSA_DP, "parrain", "2026-10-29"),
    ("Écrire un protocole d’urgence commun, SAPA et SMD.", SAPA, "gestionnaire_mentor", "2026-11-28"),
)

DOSSIER, REDACTION, SUIVI = "Consultation du dossier", "Rédaction du plan", "Suivi de l’orientation"
RELECTURE, ATTESTATION = "Relecture avant de présenter", "Attestation des démarches préalables"
# Qui a lu quoi, d’un bout à l’autre : une page montrée, une entrée; une page de refus se relit, un refus d’accès ne lit rien.
LECTURES = (
    ("mentore", "Rédaction", RELECTURE, RELECTURE, DOSSIER),
    ("gestionnaire", ATTESTATION, ATTESTATION, DOSSIER),
    ("coordonnatrice", DOSSIER, "Analyse de la recevabilité", DOSSIER),
    ("autre_gestionnaire", DOSSIER),
    ("parrain", DOSSIER),
    ("animatrice", DOSSIER),
    ("coordonnatrice", DOSSIER),
    ("gestionnaire_mentor", DOSSIER),
    ("coordonnatrice", *[REDACTION] * 4, "Relecture avant d’établir", REDACTION),
    ("mentore", "Plan de concertation", "PDF du plan"),
    ("animatrice", "Plan de concertation"),
    ("autre_gestionnaire", SUIVI, SUIVI),
    ("parrain", SUIVI, SUIVI),
    ("gestionnaire_mentor", SUIVI, SUIVI),
    ("coordonnatrice", DOSSIER, "Plan de concertation"),
    ("mentore", DOSSIER),
)


@pytest.fixture
def voyage():
    """Le 14 septembre 2026 ; demandé en premier, pour que la troupe soit montée ce jour-là."""
    with time_machine.travel("2026-09-14T10:00:00-04:00", tick=True) as voyage:
        yield voyage


@pytest.fixture
def ecrans(voyage, ouvrir, distribution):
    sept_situations_plus_tot(distribution)
    return EcransSansTrace(ouvrir, distribution, voyage)


@pytest.fixture
def examiner(axe, largeur_320):
    """Ce qu’un lecteur d’écran et un téléphone reçoivent de la page ouverte."""

    def examiner(page):
        axe(page)
        largeur_320(page)

    return examiner


@pytest.mark.exigence(
    "R-212", "R-213", "R-214", "R-217", "R-218", "R-219", "R-220", "R-221", "R-222", "R-225", "R-227", "R-235", "R-239",
    "R-244", "R-246", "R-249", "R-250", "R-251", "R-253", "R-254", "R-257", "R-258", "R-403",
)  # fmt: skip
def test_cc_2026_07_va_du_brouillon_a_la_fermeture(ecrans, examiner):
    former_le_comite(ecrans, examiner)
    situation = presenter(ecrans, examiner)
    attester(ecrans, situation, examiner)
    recevoir_et_inscrire(ecrans, situation, examiner)
    convoquer(ecrans, situation, examiner)
    lire_ou_se_retirer(ecrans, situation, examiner)
    tenir_la_rencontre(ecrans, situation, examiner)
    ecrire_le_plan(ecrans, situation, examiner)
    garder_le_pdf(ecrans, situation)
    perdre_l_acces(ecrans, situation)
    suivre_les_orientations(ecrans, examiner)
    fermer(ecrans, situation, examiner)
    exiger_les_lectures(ecrans, situation, examiner)
    ecrans.exiger_sans_trace()
    exiger_des_courriels_sans_clinique(
        *RECIT.values(), REPONSE, DISCUSSION, PLAN, RAISON, "itinérance", "répit", "pivot", "protocole"
    )
    assert not [c for c in Courriel.objects.exclude(calendrier="") if situation.numero in c.calendrier]


def former_le_comite(ecrans, examiner):
    page = ecrans["pilote"]
    for direction, nom in REPRESENTANTS:
        nommer(page, direction, ecrans.distribution[nom])
    nommer(page, SUBSTITUT[0], ecrans.distribution[SUBSTITUT[1]], substitut=True)
    page = ecrans["dsm"]
    for _ in range(4):
        tache(page, "Accepter la nomination")
        appuyer(page, "Accepter")
        annonce(page, "La nomination est acceptée")
    expect(dossier(page)).not_to_contain_text("à accepter par la DSM")
    examiner(page)

    page = ecrans["coordonnatrice"]
    planifier(page, premier="2026-10-14", nombre=3)
    expect(dossier(page)).to_contain_text("Mercredi 14 octobre 2026, de 13 h 00 à 16 h 00")
    examiner(page)
    appuyer(page, "Planifier les dates cochées")
    annonce(page, "3 rencontres sont planifiées")


def presenter(ecrans, examiner):
    page = ecrans["mentore"]
    situation = ecrire(page, informee_le="2026-09-10", discutee_le="2026-09-11")
    assert situation.numero == "CC-2026-07"
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Enregistré à")
    examiner(page)
    appuyer(page, "Relire et présenter à mon gestionnaire")
    titre_est(page, "Présenter à mon gestionnaire")
    expect(dossier(page)).to_contain_text(RECIT["contexte"])
    appuyer(page, "Présenter à mon gestionnaire")
    annonce(page, "Votre demande est chez votre gestionnaire")
    return situation


def attester(ecrans, situation, examiner):
    page = ecrans["gestionnaire"]
    tache(page, "Attester et approuver")
    examiner(page)
    declarer(page, lien=False)
    titre_est(page, "Attester et approuver")
    expect(dossier(page)).to_contain_text(RECIT["recherches"])
    examiner(page)
    appuyer(page, "Attester et approuver")
    expect(dossier(page)).to_contain_text("Cochez cette attestation")
    page.get_by_label("J’atteste que les démarches préalables").check()
    appuyer(page, "Attester et approuver")
    annonce(page, "Les démarches sont attestées")


def recevoir_et_inscrire(ecrans, situation, examiner):
    page = ecrans["coordonnatrice"]
    tache(page, "Analyser la recevabilité")
    declarer(page, lien=False)
    ouvrir_verbe(page, "Déclarer recevable")
    expect(dossier(page)).to_contain_text(RECIT["question"])
    page.get_by_label("Réponse motivée").fill(REPONSE)
    examiner(page)
    appuyer(page, "Déclarer recevable")
    annonce(page, "La demande est recevable")
    ouvrir_verbe(page, "Inscrire à une rencontre")
    for _, nom in REPRESENTANTS:
        expect(dossier(page)).to_contain_text(str(ecrans.distribution[nom]))
    page.get_by_label("Mercredi 14 octobre 2026").check()
    champ(page, "Temps prévu").fill("1 h")
    examiner(page)
    appuyer(page, "Inscrire à une rencontre")
    annonce(page, "vérifiez qui est convié")


def convoquer(ecrans, situation, examiner):
    page = ecrans["coordonnatrice"]
    champ(page, "Personne").fill("Marie-Ève Huard")
    appuyer(page, "Convier")
    annonce(page, "Cette personne est conviée")
    page.get_by_label("ou une personne de l’extérieur").fill("Service de police")
    page.get_by_label("Son organisme").fill("Sûreté municipale")
    appuyer(page, "Convier")
    expect(dossier(page)).to_contain_text("Ne lit rien ici")
    # Le demandeur, sa gestionnaire, la coordonnatrice, trois représentants et une invitée ; la police ne lit rien.
    expect(dossier(page)).to_contain_text("7 personnes pourront lire")
    examiner(page)
    # Rien n’est ouvert avant la convocation.
    assert ecrans["animatrice"].goto(situation.get_absolute_url()).status == 404
    suivre(page, "convoquez la rencontre")
    titre_est(page, "Convoquer")
    expect(dossier(page)).to_contain_text("7 personnes en tout pourront lire")
    examiner(page)
    appuyer(page, "Convoquer")
    annonce(page, "La rencontre est convoquée")
    agenda = agenda_de(ecrans.distribution["animatrice"])
    assert agenda["DTSTART;TZID=America/Toronto"] == "20261014T130000"


def lire_ou_se_retirer(ecrans, situation, examiner):
    ecrans.au("2026-10-05")
    adresse = situation.get_absolute_url()
    for nom in ("autre_gestionnaire", "parrain", "animatrice"):
        page = ecrans[nom]
        page.goto(adresse)
        declarer(page, lien=False)
        expect(dossier(page)).to_contain_text(RECIT["contexte"])
    examiner(page)

    page = ecrans["delegue"]
    page.goto(adresse)
    declarer(page, lien=True)
    annonce(page, "Votre déclaration est consignée")
    expect(dossier(page)).not_to_contain_text(situation.numero)
    for suite in ("", "plan/", "lectures/", "declarer/"):
        assert page.goto(f"{adresse}{suite}").status == 404

    page = ecrans["coordonnatrice"]
    page.goto(lien_du_courriel(ecrans.distribution["coordonnatrice"], "lien_declare"))
    suivre(page, "Qui est convié, qui lira")
    expect(dossier(page)).to_contain_text(f"Sans représentant convié\xa0: {SAPA}")
    expect(dossier(page)).to_contain_text("6 personnes pourront lire")
    champ(page, "Personne").fill("Gilles Boudreau")
    page.get_by_role("radio", name=re.compile("^Représentant d’une direction")).check()
    page.get_by_label("Direction représentée").select_option(label=SAPA)
    appuyer(page, "Convier")
    annonce(page, "Cette personne est conviée")
    expect(dossier(page)).not_to_contain_text("Sans représentant convié")

    page = ecrans["gestionnaire_mentor"]
    page.goto(adresse)
    declarer(page, lien=False)
    expect(dossier(page)).to_contain_text(RECIT["attentes"])


def tenir_la_rencontre(ecrans, situation, examiner):
    ecrans.au("2026-10-14", "15:00")
    page = ecrans["coordonnatrice"]
    tache(page, "Noter la rencontre comme tenue")
    for la in ("Loïc St-Onge", "Carole Desbois", "Pierre-Luc Barriault", "Gilles Boudreau", "Marie-Ève Huard"):
        page.get_by_label(f"{la}, ").check()
    expect(dossier(page)).not_to_contain_text("Édith Landry")
    examiner(page)
    appuyer(page, "Noter comme tenue")
    annonce(page, "La rencontre a eu lieu")
    expect(dossier(page)).to_contain_text("Service de police, invité")
    examiner(page)


def ecrire_le_plan(ecrans, situation, examiner):
    page = ecrans["coordonnatrice"]
    tache(page, "Noter comme présentée")
    appuyer(page, "Noter comme présentée")
    annonce(page, "établissez son plan de concertation")
    page.get_by_label("Notes de la discussion").fill(DISCUSSION)
    page.get_by_label("Situation dépersonnalisée").fill(PLAN)
    for texte, direction, nom, echeance in ORIENTATIONS:
        ajouter_orientation(page, texte, direction, ecrans.distribution[nom], echeance)
    examiner(page)
    ouvrir_verbe(page, "Établir le plan de concertation")
    expect(dossier(page)).to_contain_text(ORIENTATIONS[2][0])
    examiner(page)
    appuyer(page, "Établir le plan de concertation")
    annonce(page, "Le plan est établi")


def garder_le_pdf(ecrans, situation):
    page = ecrans["mentore"]
    page.goto(lien_du_courriel(ecrans.distribution["mentore"], "plan_etabli"))
    expect(dossier(page)).to_contain_text("À vous maintenant")
    lu = pdf_scelle.texte(telecharger_le_lien(page, "PDF du plan"))
    for phrase in (situation.numero, PLAN, "Loïc St-Onge", *(texte for texte, *_ in ORIENTATIONS), "21 octobre 2026"):
        assert phrase in lu, phrase
    assert DISCUSSION not in lu


def perdre_l_acces(ecrans, situation):
    """L’invitée lit encore 48 h, à la minute près ; les représentants, trente jours."""
    adresse = f"{situation.get_absolute_url()}plan/"
    ecrans.au("2026-10-16", "15:58")
    page = ecrans["animatrice"]
    assert page.goto(adresse).status == 200
    ecrans.voyage.move_to("2026-10-16T16:01:00-04:00")
    assert page.goto(adresse).status == 404
    page.goto("/")
    expect(page.get_by_role("main")).not_to_contain_text(situation.numero)


def suivre_les_orientations(ecrans, examiner):
    ecrans.au("2026-10-19")
    deux_clics(ecrans, "autre_gestionnaire", ORIENTATIONS[0][0])
    ecrans.au("2026-10-28")
    page = ouvrir_l_orientation(ecrans, "parrain", ORIENTATIONS[1][0])
    examiner(page)
    suivre(page, "Ce n’est pas appliqué")
    appuyer(page, "Ce n’est pas appliqué")
    expect(dossier(page)).to_contain_text("Dites pourquoi l’orientation n’est pas appliquée")
    page.get_by_label("Pourquoi?").fill(RAISON)
    examiner(page)
    appuyer(page, "Ce n’est pas appliqué")
    annonce(page, "le comité lira pourquoi")
    ecrans.au("2026-11-26")
    deux_clics(ecrans, "gestionnaire_mentor", ORIENTATIONS[2][0])


def ouvrir_l_orientation(ecrans, nom, texte):
    page = ecrans[nom]
    page.goto(lien_du_courriel(ecrans.distribution[nom], "orientation_confiee"))
    expect(dossier(page)).to_contain_text(texte)
    return page


def deux_clics(ecrans, nom, texte):
    page = ouvrir_l_orientation(ecrans, nom, texte)
    suivre(page, "C’est appliqué")
    appuyer(page, "C’est appliqué")
    annonce(page, "l’orientation est appliquée")


def fermer(ecrans, situation, examiner):
    page = ecrans["coordonnatrice"]
    tache(page, "Fermer la situation")
    expect(dossier(page).locator("tbody tr").nth(1)).to_contain_text("non appliquée")
    examiner(page)
    appuyer(page, "Fermer la situation")
    annonce(page, "La situation est fermée")
    suivre(page, "Plan de concertation et orientations")
    expect(dossier(page)).to_contain_text(RAISON)
    examiner(page)


def exiger_les_lectures(ecrans, situation, examiner):
    """Le journal montre ce que l’histoire a fait lire, dans l’ordre, et rien d’autre."""
    page = ecrans["mentore"]
    page.goto(situation.get_absolute_url())
    page.get_by_role("link", name="Qui a lu cette situation").click()
    attendues = [(str(ecrans.distribution[nom]), pourquoi) for nom, *lus in LECTURES for pourquoi in lus]
    assert qui_a_lu(page) == attendues
    examiner(page)
