"""Les actes qui engagent, sans aucun script : chaque bouton envoie la page au serveur, et rien de saisi ne se perd."""

import re

import pytest
from playwright.sync_api import expect

from consultation.models import DemandeConsultation
from encadrement.socle.temps import jour_local
from encadrement.sondages.models import Reponse
from mentorat.models import Entente
from tests.cdp import scenes as scenes_cdp
from tests.concertation import scenes as scenes_concertation
from tests.consultation import scenes as scenes_consultation
from tests.mentorat import scenes
from tests.navigateur.gestes import (
    OBJECTIFS,
    annonce,
    appuyer,
    dossier,
    evaluer,
    ouvrir_verbe,
    poser,
    rediger,
    repondre_au_plus_haut,
    s_engager,
    signer,
    suivre,
    titre_est,
)
from tests.navigateur.gestes_concertation import declarer
from tests.navigateur.gestes_consultation import ecrire


@pytest.fixture
def devant(sans_js, distribution):
    """Rend l’écran sans script d’un personnage, ouvert à l’adresse donnée."""

    def ouvrir(nom, adresse):
        page = sans_js(distribution[nom])
        page.goto(adresse)
        return page

    return ouvrir


def test_un_besoin_se_dit_saccepte_et_se_jumelle_sans_javascript(devant, distribution):
    scenes.fiche_inscrite(distribution)
    page = devant("mentore", "/mentorat/")
    appuyer(page, "Demander un mentor")
    page.get_by_label("Nouvel intervenant du CISSS").check()
    appuyer(page, "Enregistrer et soumettre")
    appuyer(page, "Soumettre à mon gestionnaire")
    annonce(page, "Votre demande est chez votre gestionnaire")

    page = devant("gestionnaire", page.url)
    poser(page, "Accepter la demande", "il reste à proposer un mentor")
    suivre(page, "Proposer un jumelage")
    appuyer(page, "Proposer un jumelage")
    expect(dossier(page)).to_contain_text("Choisissez un mentor dans la liste.")
    page.get_by_role("radio", name=re.compile("Guylaine Cyr")).check()
    appuyer(page, "Proposer un jumelage")
    annonce(page, "Le jumelage est proposé")

    for nom in ("mentor", "mentore"):
        page = devant(nom, page.url)
        poser(page, "Accepter ce jumelage", "Votre accord est noté")
    expect(page).to_have_url(re.compile("/mentorat/ententes/"))


def test_lentente_se_redige_se_signe_et_sapprouve_sans_javascript(devant, distribution):
    dossier_entente = scenes.entente_naissante(distribution).get_absolute_url()
    page = devant("mentore", f"{dossier_entente}modifier/")
    quatrieme = ("Tenir un tableau de bord de ses demandes", ("Le bâtir", "Le tenir"))
    rediger(page, (*OBJECTIFS, quatrieme), debut="2026-08-31", fin="2027-03-01")
    appuyer(page, "Passer à la signature")
    expect(dossier(page)).to_contain_text("se termine au plus tard le 2027-02-28")
    expect(page.get_by_label("Au", exact=True)).to_have_value("2027-03-01")
    page.get_by_label("Au", exact=True).fill("2027-02-28")

    appuyer(page, "Retirer l’objectif 4")
    expect(dossier(page)).to_contain_text("Tenir un tableau de bord de ses demandes")
    appuyer(page, "Retirer la ligne")
    expect(page.get_by_role("group", name="Objectif 4", exact=True)).to_have_count(0)
    expect(page.get_by_label("Au", exact=True)).to_have_value("2027-02-28")

    appuyer(page, "Passer à la signature")
    titre_est(page, "Passer à la signature")
    appuyer(page, "Passer à la signature")
    annonce(page, "attend maintenant les signatures")
    signer(page, "Signer l’entente", "Votre signature est posée")
    signer(devant("mentor", dossier_entente), "Signer l’entente", "Votre signature est posée")

    page = devant("gestionnaire", f"{dossier_entente}approuver/")
    page.get_by_label("Les rencontres sont autorisées").check()
    s_engager(page, mot_de_passe="pas le bon")
    appuyer(page, "Approuver et signer")
    expect(dossier(page)).to_contain_text("Rien n’a été signé.")
    expect(page.get_by_label("Les rencontres sont autorisées")).to_be_checked()
    s_engager(page)
    appuyer(page, "Approuver et signer")
    annonce(page, "L’entente est approuvée et signée")
    entente = Entente.objects.get()
    assert [objectif.texte for objectif in entente.objectifs.all()] == [objectif for objectif, _ in OBJECTIFS]
    assert entente.instantane.signatures.count() == 3


def test_le_journal_les_bilans_et_la_cloture_se_font_sans_javascript(devant, distribution):
    entente = scenes.entente(distribution, "active").get_absolute_url()
    page = devant("mentor", f"{entente}journal/")
    for duree in ("1 h 15", "1 h", "90 min", "1,25 h"):
        page.get_by_label("Durée de la rencontre").fill(duree)
        page.get_by_label("Teams" if duree == "1 h" else "En présence").check()
        page.get_by_label("Lieu ou précision").fill(duree)
        appuyer(page, "Ajouter au journal")
        if duree != "1,25 h":
            annonce(page, "La rencontre est au journal")
    expect(dossier(page)).to_contain_text("Cette rencontre est déjà au journal")
    expect(page.get_by_label("Lieu ou précision")).to_have_value("1,25 h")

    page.goto(f"{entente}mi-temps/")
    evaluer(page, [("Jaune", ("Vert", "Rouge"))] * 3)
    page.get_by_label("Commentaires").fill("Bonne progression.")
    appuyer(page, "Enregistrer et passer à la confirmation")
    appuyer(page, "Confirmer le bilan de mi-temps")
    annonce(page, "Vous avez confirmé")
    page = devant("mentore", entente)
    poser(page, "Confirmer le bilan de mi-temps", "Vous avez confirmé")
    poser(page, "Entamer l’évaluation finale", "L’évaluation finale est ouverte")
    evaluer_et_clore(devant, page, entente)
    assert Entente.objects.get().etat == "close"
    assert Reponse.objects.count() == 1


def evaluer_et_clore(devant, page, entente):
    evaluer(page, [("Vert", ("Vert", "Vert"))] * 3)
    for zone in ("Forces du mentoré", "Cibles de développement", "Recommandations du mentor"):
        page.get_by_label(zone).fill(f"{zone}, le {jour_local():%Y-%m-%d}")
    appuyer(page, "Enregistrer et passer à la signature")
    # Trois rencontres : le cadre en recommande quatre, et demande pourquoi.
    for nom in ("mentore", "mentor"):
        page = devant(nom, f"{entente}finale/signer/")
        page.get_by_label("Raison de cet écart").fill("Un congé.")
        s_engager(page)
        appuyer(page, "Signer l’évaluation finale")
        annonce(page, "Votre signature est posée")
    signer(devant("gestionnaire", entente), "Clore et signer", "L’entente est close")
    page.goto("/")
    page.locator(".taches").get_by_role("link", name="Répondre\xa0: évaluation de la mesure de mentorat").click()
    repondre_au_plus_haut(page)
    appuyer(page, "Envoyer ma réponse")
    annonce(page, "sans votre nom")


def test_deux_textes_au_meme_endroit_se_montrent_tous_deux_sans_javascript(devant, distribution):
    adresse = f"{scenes.entente_naissante(distribution).get_absolute_url()}modifier/"
    du_mentor, du_mentore = devant("mentor", adresse), devant("mentore", adresse)
    for page, texte in ((du_mentor, "Aux 4 semaines"), (du_mentore, "Aux 3 semaines")):
        page.get_by_label("Fréquence des rencontres").fill(texte)
    du_mentor.get_by_label("Durée des rencontres").fill("1 h")
    appuyer(du_mentor, "Enregistrer")
    annonce(du_mentor, "L’entente est enregistrée")

    appuyer(du_mentore, "Enregistrer")
    expect(dossier(du_mentore)).to_contain_text("Aux 4 semaines")
    expect(du_mentore.get_by_label("Fréquence des rencontres")).to_have_value("Aux 3 semaines")
    expect(du_mentore.get_by_label("Durée des rencontres")).to_have_value(re.compile(r"1\sh"))
    appuyer(du_mentore, "Enregistrer")
    annonce(du_mentore, "L’entente est enregistrée")
    entente = Entente.objects.get()
    assert (entente.frequence, entente.duree_rencontres) == ("Aux 3 semaines", 60)


def test_on_repond_et_on_publie_sans_javascript(devant, distribution):
    convoquee = scenes_cdp.rencontre_convoquee(distribution)
    page = devant("membre", convoquee.get_absolute_url())
    for bouton, dit in (("Je serai là", "vous serez là"), ("Je ne pourrai pas", "vous ne pourrez pas y être")):
        dossier(page).get_by_role("button", name=bouton).click()
        annonce(page, dit)
    assert convoquee.participations.get(personne=distribution.membre).reponse == "absent"

    redigee = scenes_cdp.rencontre_redigee(distribution)
    page = devant("secretaire", f"{redigee.get_absolute_url()}compte-rendu/ecrire/")
    page.get_by_label(re.compile(r"^4\.2")).fill("La méta-analyse de 2024 est retenue.")
    appuyer(page, "Relire et publier")
    expect(dossier(page)).to_contain_text("La méta-analyse de 2024 est retenue.")
    appuyer(page, "Publier le compte rendu")
    annonce(page, "Le compte rendu est publié")
    redigee.refresh_from_db()
    assert redigee.etat == "publiee"


def test_une_consultation_monte_jusqua_la_dsm_sans_javascript(devant, distribution):
    scenes_consultation.plage_libre(distribution)
    page = devant("mentore", "/")
    ecrire(page, question=scenes_consultation.QUESTION, cherche="3 articles.", trouve="Rien.", sujet="Héminégligence")
    appuyer(page, "Présenter à mon gestionnaire")
    annonce(page, "Votre demande est chez votre gestionnaire")
    demande = DemandeConsultation.objects.get()
    adresse = demande.get_absolute_url()
    poser(devant("gestionnaire", adresse), "Autoriser la consultation", "La consultation est autorisée")

    page = devant("mentore", adresse)
    ouvrir_verbe(page, "Choisir un expert au bottin")
    appuyer(page, "Envoyer ma demande")
    expect(dossier(page)).to_contain_text("Choisissez un expert, ou une de ses plages.")
    page.get_by_role("radio", name=re.compile(r"45\smin")).check()
    appuyer(page, "Envoyer ma demande")
    annonce(page, "Votre demande est chez l’expert")
    assert demande.sollicitation.plage is not None

    page = devant("mentor", adresse)
    ouvrir_verbe(page, "Décliner la demande")
    page.get_by_label("Motif").fill("Hors de mon champ.")
    appuyer(page, "Décliner la demande")
    annonce(page, "Vous avez décliné")
    signer_le_formulaire(devant("mentore", adresse))
    demande.refresh_from_db()
    assert demande.etat == "transmise"
    assert demande.instantane.signatures.count() == 1


def signer_le_formulaire(page):
    ouvrir_verbe(page, "Demander à la DSM")
    appuyer(page, "Demander à la DSM")
    page.get_by_label("Attentes").fill("Un protocole simple.")
    appuyer(page, "Relire et signer")
    s_engager(page, mot_de_passe="pas le bon")
    appuyer(page, "Signer et transmettre à la DSM")
    expect(dossier(page)).to_contain_text("Rien n’a été signé.")
    s_engager(page)
    appuyer(page, "Signer et transmettre à la DSM")
    annonce(page, "Votre demande est signée et transmise à la DSM")


def test_une_situation_satteste_sans_javascript(devant, distribution):
    situation = scenes_concertation.situation_a_attester(distribution)
    page = devant("gestionnaire", f"{situation.get_absolute_url()}attester/")
    appuyer(page, "Déclarer")
    expect(dossier(page)).to_contain_text("Répondez avant de lire")
    declarer(page, lien=False)
    appuyer(page, "Attester et approuver")
    expect(dossier(page)).to_contain_text("Cochez cette attestation")
    page.get_by_label("J’atteste que les démarches préalables").check()
    appuyer(page, "Attester et approuver")
    annonce(page, "Les démarches sont attestées")
    situation.refresh_from_db()
    assert situation.etat == "transmise"


def test_une_rencontre_du_comite_se_convoque_sans_javascript(devant, distribution):
    situation = scenes_concertation.situation_inscrite(distribution)
    page = devant("coordonnatrice", situation.inscription.rencontre.get_absolute_url())
    poser(page, "Convoquer", "La rencontre est convoquée")
    page = devant("delegue", situation.get_absolute_url())
    declarer(page, lien=False)
    expect(dossier(page)).to_contain_text(scenes_concertation.RECIT["contexte"])


def test_une_orientation_se_clot_et_la_situation_se_ferme_sans_javascript(devant, distribution):
    situation = scenes_concertation.situation_en_suivi(distribution)
    pivot, repit, protocole = situation.orientations.all()
    page = devant("delegue", repit.get_absolute_url())
    suivre(page, "Ce n’est pas appliqué")
    appuyer(page, "Ce n’est pas appliqué")
    expect(dossier(page)).to_contain_text("Dites pourquoi l’orientation n’est pas appliquée")
    page.get_by_label("Pourquoi?").fill(scenes_concertation.RAISON)
    appuyer(page, "Ce n’est pas appliqué")
    annonce(page, "le comité lira pourquoi")
    for nom, orientation in (("autre_gestionnaire", pivot), ("collegue", protocole)):
        poser(devant(nom, orientation.get_absolute_url()), "C’est appliqué", "l’orientation est appliquée")

    page = devant("coordonnatrice", f"{situation.get_absolute_url()}plan/")
    declarer(page, lien=False)
    poser(page, "Fermer la situation", "La situation est fermée")
    situation.refresh_from_db()
    assert situation.etat == "fermee"
