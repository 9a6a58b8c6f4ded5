"""Une consultation ne se lit que de ceux qu’elle concerne : page, accueil, recherche, listes, exports, courriels (D12)."""

import io
import zipfile

import pytest
from django.urls import reverse

from consultation.actions import bottin, demandes, dsm, experts, issues
from consultation.models import DemandeConsultation
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.notifications.models import Courriel
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit

pytestmark = pytest.mark.django_db

CANARI = "Zibeline"
PARTIES = {"mentore", "gestionnaire", "delegue"}
DSM = {"dsm", "appr", "appr_liaison"}


@pytest.fixture(autouse=True)
def textes_marques(monkeypatch):
    """Chaque texte d’une demande porte le canari : où il se lit, la demande se lit."""
    marques = {champ: f"{CANARI} {champ}" for champ in ("question", "contexte", "recherches", "constats", "attentes")}
    for champ, texte in marques.items():
        monkeypatch.setitem(scenes.FORMULAIRE, champ, texte)


def _groupe(d):
    demande = scenes.demande_de_groupe(d)
    demandes.soumettre_demande(demande, par=d.mentore)
    return demande


def _reprise(d):
    """Le demandeur reprend sa demande à un expert qui n’avait pas répondu."""
    demande = scenes.demande_chez_expert(d)
    experts.changer_expert(demande, par=d.mentore)
    return demande


def _absence(d):
    """Le formulaire est ouvert, rien n’est encore transmis."""
    demande = scenes.demande_autorisee(d)
    dsm.constater_absence(demande, par=d.mentore, motif="Aucune fiche ne convient.")
    return demande


def _renvoyee(d):
    """Transmise, puis renvoyée au demandeur : la DSM l’a lue, et la lit encore."""
    demande = scenes.demande_transmise(d)
    dsm.renvoyer_demande(demande, par=d.appr, motif="À préciser.")
    return demande


def _transmise_apres_avis(d):
    demande = scenes.avis_rendu(d)
    issues.poursuivre_vers_la_dsm(demande, par=d.mentore, reponses=scenes.REPONSES)
    dsm.transmettre_a_la_dsm(demande, par=d.mentore, confirmation=scenes.CONFIRMATION)
    return demande


# Qui lit la demande, écrit à la main ; personne d’autre, superutilisateur et pilote compris.
LECTEURS = {
    "en rédaction": (scenes.demande_en_redaction, {"mentore"}),
    "en rédaction, de groupe": (scenes.demande_de_groupe, {"mentore"}),
    "soumise": (scenes.demande_soumise, PARTIES),
    "de groupe": (_groupe, PARTIES | {"collegue"}),
    "autorisée": (scenes.demande_autorisee, PARTIES),
    "chez l’expert": (scenes.demande_chez_expert, PARTIES | {"mentor"}),
    "déclinée": (scenes.demande_declinee, PARTIES),
    "reprise à l’expert": (_reprise, PARTIES),
    "avis rendu": (scenes.avis_rendu, PARTIES | {"mentor"}),
    "fermée": (scenes.demande_fermee, PARTIES | {"mentor"}),
    "non pertinente": (scenes.demande_non_pertinente, PARTIES),
    "formulaire ouvert": (_absence, PARTIES),
    "transmise": (scenes.demande_transmise, PARTIES | DSM),
    "renvoyée": (_renvoyee, PARTIES | DSM),
    "transmise après un avis": (_transmise_apres_avis, PARTIES | DSM | {"mentor"}),
    "acheminée": (scenes.demande_acheminee, PARTIES | DSM),
    "fermée par le RUISSS": (scenes.demande_fermee_par_le_ruisss, PARTIES | DSM),
}
CAS = pytest.mark.parametrize("scene", LECTEURS)


def _scene(d, scene):
    jouer, lecteurs = LECTEURS[scene]
    return DemandeConsultation.objects.get(pk=jouer(d).pk), lecteurs


@pytest.mark.exigence("R-177", "R-180", "R-181", "R-204")
@CAS
def test_la_page_ne_souvre_qua_ceux_que_la_demande_concerne(distribution, client_de, scene):
    demande, lecteurs = _scene(distribution, scene)
    ouvrent = set()
    for nom, personne in distribution:
        if nom == "inactif":
            continue
        reponse = client_de(personne).get(demande.get_absolute_url())
        assert reponse.status_code in (200, 404), nom
        if reponse.status_code == 200:
            ouvrent.add(nom)
            assert CANARI in reponse.text, nom
    assert ouvrent == lecteurs


# Les pages et les exports que chacun peut ouvrir : aucune ne dit rien d’une demande qu’il ne lit pas.
PAGES = (
    ("accueil:a_faire", {}),
    ("accueil:recherche", {"q": "St-Onge"}),
    ("accueil:recherche", {"q": CANARI}),
    ("accueil:mes_donnees", {"format": "json"}),
    ("consultation:accueil", {}),
    ("consultation:demandes", {}),
    ("consultation:bottin", {}),
    ("consultation:suivi", {}),
    ("consultation:suivi_exporter", {}),
    ("consultation:communications", {}),
    ("consultation:sujets", {}),
    ("consultation:sujets_exporter", {}),
    ("indicateurs:tableau", {}),
    ("demandes:liste", {}),
    ("sondages:campagnes", {}),
)


# Un personnage par raison de n’y être pas : ni partie, ni expert, ni de la DSM avant la transmission.
CURIEUX = (
    "mentor", "animatrice", "collegue", "appr", "appr_liaison", "dsm", "directrice", "gestionnaire_mentor",
    "coordonnatrice", "executif_cm", "superutilisateur",
)  # fmt: skip


@pytest.mark.parametrize("scene", ["de groupe", "déclinée", "avis rendu", "formulaire ouvert", "transmise", "fermée"])
def test_ni_laccueil_ni_la_recherche_ni_une_liste_ni_un_export_ne_la_dit_aux_autres(distribution, client_de, scene):
    demande, lecteurs = _scene(distribution, scene)
    # Qui l’a eue en main garde ses anciens courriels, au lien désormais mort, et son refus dans ses données.
    prevenus = set(demande.sollicitations.values_list("expert", flat=True))
    for nom in set(CURIEUX) - lecteurs:
        client = client_de(distribution[nom])
        for page, requete in PAGES:
            lu = _lire(client.get(reverse(page), requete))
            assert f"{CANARI} " not in lu, (nom, page)
            if distribution[nom].pk not in prevenus:
                assert demande.numero not in lu, (nom, page)
                assert str(demande.uuid) not in lu, (nom, page)


def test_chercher_un_mot_de_la_question_ne_trouve_rien_meme_pour_qui_la_lit(distribution, client_de):
    scenes.demande_fermee_par_le_ruisss(distribution)
    for nom in ("mentore", "gestionnaire", "appr"):
        page = client_de(distribution[nom]).get(reverse("accueil:recherche"), {"q": CANARI})
        assert page.context["resultat"].dossiers == [], nom


@pytest.mark.exigence("R-180")
def test_le_courriel_qui_reprend_une_demande_ne_mene_pas_a_une_page_fermee(distribution, client_de):
    d = distribution
    demande = scenes.demande_acceptee(d, plage=scenes.plage_libre(d))
    demandes.retirer_demande(demande, par=d.mentore)
    recus = Courriel.objects.filter(
        a=d.mentor, gabarit__in=["consultation/demande_retiree", "consultation/moment_annule"]
    )
    assert recus.count() == 2
    for courriel in recus:
        assert client_de(d.mentor).get(courriel.url).status_code == 200, courriel.gabarit


def _lire(reponse):
    """Rend le texte d’une page ou d’un classeur, tel qu’un lecteur pourrait l’ouvrir."""
    contenu = reponse.getvalue()
    if contenu[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(contenu)) as classeur:
            contenu = b"".join(classeur.read(nom) for nom in classeur.namelist())
    return contenu.decode("utf-8", "replace")


@CAS
def test_aucun_courriel_ne_nomme_la_demande_a_qui_ne_la_lit_pas(distribution, scene):
    demande, lecteurs = _scene(distribution, scene)
    permis = {distribution[nom].pk for nom in lecteurs}
    # Qui a décliné, ou à qui l’on a repris la demande, l’a reçue : ces courriels-là sont d’avant.
    permis |= set(demande.sollicitations.values_list("expert", flat=True))
    for courriel in Courriel.objects.select_related("a"):
        ecrit = courriel.objet + courriel.texte + courriel.html + courriel.calendrier + courriel.url
        assert CANARI not in ecrit
        if courriel.a and courriel.a_id not in permis:
            assert demande.numero not in ecrit, (courriel.a, courriel.gabarit)


@pytest.mark.exigence("R-180", "R-204")
def test_qui_a_decline_ne_lit_plus_rien_et_ne_repond_plus(distribution, client_de):
    d = distribution
    demande = scenes.demande_declinee(d)
    client = client_de(d.animatrice)
    with rien_decrit():
        for verbe in ("accepter", "decliner", "proposer_moment", "rendre_avis", "rencontres"):
            adresse = reverse(f"consultation:demande_{verbe}", args=[demande.uuid])
            for reponse in (client.get(adresse), client.post(adresse, {"motif": "Non.", "avis": "Si."})):
                # Décliner de nouveau ramène à ses consultations ; le reste n’existe plus pour lui.
                attendu = (302, reverse("consultation:demandes")) if verbe == "decliner" else (404, None)
                assert (reponse.status_code, getattr(reponse, "url", None)) == attendu, verbe


@pytest.mark.exigence("R-181", "R-208")
def test_avant_la_transmission_la_dsm_ne_lit_ni_la_demande_ni_son_formulaire(distribution, client_de):
    d = distribution
    demande = scenes.formulaire_ouvert(d)
    for nom in DSM:
        for verbe in ("analyser", "renvoyer", "acheminer", "reorienter_expert", "reorienter_comite"):
            adresse = reverse(f"consultation:demande_{verbe}", args=[demande.uuid])
            assert client_de(d[nom]).get(adresse).status_code == 404, (nom, verbe)
    dsm.transmettre_a_la_dsm(demande, par=d.mentore, confirmation=scenes.CONFIRMATION)
    for nom in DSM:
        assert client_de(d[nom]).get(demande.get_absolute_url()).status_code == 200, nom


@pytest.mark.exigence("R-173", "R-208")
def test_le_formulaire_signe_se_telecharge_par_qui_lit_la_demande_et_par_personne_dautre(distribution, client_de):
    d = distribution
    scenes.demande_transmise(d)
    document = Document.objects.get()
    produire(document)
    ouvrent = {
        nom
        for nom, personne in d
        if nom != "inactif"
        and client_de(personne).get(reverse("documents:telecharger", args=[document.uuid])).status_code == 200
    }
    assert ouvrent == PARTIES | DSM


def test_un_expert_retire_du_bottin_termine_ses_consultations_et_pas_davantage(distribution, client_de):
    d = distribution
    en_cours, declinee = scenes.demande_acceptee(d), scenes.demande_chez_expert(d)
    experts.decliner_demande(declinee, par=d.mentor, motif="Je pars.")
    bottin.retirer_du_bottin(scenes.fiche_inscrite(d), par=d.mentor)
    assert client_de(d.mentor).get(en_cours.get_absolute_url()).status_code == 200
    assert client_de(d.mentor).get(declinee.get_absolute_url()).status_code == 404


def test_la_gestionnaire_suivante_lit_et_la_precedente_ne_lit_plus(distribution, client_de):
    d = distribution
    demande = scenes.demande_soumise(d)
    d.mentore.superieur = d.autre_gestionnaire
    d.mentore.save(update_fields=["superieur"])
    for nom, statut in (("autre_gestionnaire", 200), ("gestionnaire", 404), ("delegue", 404)):
        assert client_de(d[nom]).get(demande.get_absolute_url()).status_code == statut, nom


def test_le_pilote_et_le_superutilisateur_ne_lisent_aucune_consultation(distribution, client_de):
    d = distribution
    for scene in ("demande_soumise", "demande_chez_expert", "demande_transmise", "demande_fermee"):
        demande = getattr(scenes, scene)(d)
        for nom in ("pilote", "superutilisateur", "prp", "drhcaj", "directrice", "coordonnatrice", "executif_cm"):
            assert client_de(d[nom]).get(demande.get_absolute_url()).status_code == 404, (scene, nom)
