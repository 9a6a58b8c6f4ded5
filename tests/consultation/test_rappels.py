"""Les relances de la consultation : combien, quand, à qui, après une panne, et ce que le balayage coûte."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultation.actions import bottin, demandes, dsm, experts, issues, reglages, suivi
from consultation.models import Approbation, DemandeConsultation, FicheExpert, Sollicitation
from consultation.rappels.echeances import dernier_bilan
from encadrement.notifications import rappels
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel, StatutRappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.parametres.actions import regler
from tests.consultation import scenes
from tests.factories import PersonneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relances_de_la_mesure")]

# Un mercredi ; ni férié ni pont dans les trois semaines qui suivent.
DEBUT = datetime.date(2026, 9, 9)
GESTION = {"Hélène", "Édith"}  # la gestionnaire et sa déléguée
APPR = {"Chloé", "Mathieu"}


def le(texte):
    return datetime.date.fromisoformat(texte)


@pytest.fixture
def aller(time_machine):
    """Amène l’horloge à midi, heure locale, le jour dit."""

    def aller(jour):
        jour = le(jour) if isinstance(jour, str) else jour
        time_machine.move_to(timezone.make_aware(datetime.datetime.combine(jour, datetime.time(12))), tick=False)

    aller(DEBUT)
    return aller


@pytest.fixture
def d(aller, distribution):
    return distribution


def parties(nature="", statut=StatutRappel.PARTI):
    """Rend {pas: prénoms} des relances des jalons qui commencent par `nature`."""
    lignes = {}
    for rappel in Rappel.objects.filter(statut=statut, jalon__startswith=nature, mesure="consultation"):
        lignes.setdefault(rappel.jalon.split(" 202")[1].split()[1], set()).add(rappel.destinataire.prenom)
    return lignes


def balayer_chaque_jour(aller, jusqua, depuis=DEBUT):
    jour = depuis
    while jour <= le(jusqua):
        aller(jour)
        balayer_rappels()
        jour += datetime.timedelta(days=1)


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


# --- Chaque état qui attend une décision --------------------------------------------------------------------------

ATTENTES = {
    "discuter": (scenes.demande_soumise, GESTION, {"Manon"}),
    "choisir un expert": (scenes.demande_autorisee, {"Loïc"}, set()),
    "fermer la consultation": (scenes.avis_rendu, {"Loïc"}, set()),
    "transmettre le formulaire": (scenes.formulaire_ouvert, {"Loïc"}, set()),
    "analyser": (scenes.demande_transmise, APPR, {"Réjean"}),
    "acheminer": (scenes.demande_analysee, {"Mathieu"}, {"Réjean"}),
    "établir le contact": (scenes.demande_acheminee, {"Mathieu"}, {"Réjean"}),
    "répondre à l’offre": (scenes.fiche_identifiee, {"Guylaine"}, set()),
    "répondre à la candidature": (scenes.fiche_soumise, {"Gilles"}, {"Manon"}),
    "inscrire l’expert": (scenes.fiche_appuyee, APPR | {"Réjean"}, {"Réjean"}),
    "rendre l’avis": (scenes.demande_acceptee, {"Guylaine"}, {"Gilles"}),
    "répondre au moment": (scenes.moment_propose, {"Loïc"}, set()),
}


@pytest.mark.exigence("R-179", "R-181", "R-182", "R-183", "R-202", "R-204", "R-210")
@pytest.mark.parametrize("nature", ATTENTES)
def test_qui_doit_agir_est_relance_a_trois_et_sept_jours_ouvrables_puis_son_superieur_a_quinze(d, aller, nature):
    scene, qui, au_dessus = ATTENTES[nature]
    scene(d)
    balayer_chaque_jour(aller, "2026-10-05")
    attendues = {"J+3": qui, "J+7": qui} | ({"J+15": au_dessus} if au_dessus else {})
    assert parties(nature) == attendues
    assert set(_jours(nature)) == {("J+3", "2026-09-14"), ("J+7", "2026-09-18")} | (
        {("J+15", "2026-09-30")} if au_dessus else set()
    )
    assert not Rappel.objects.filter(statut=StatutRappel.REMPLACE).exists()


def _jours(nature):
    """Rend les (pas, jour local de l’envoi)."""
    for rappel in Rappel.objects.filter(jalon__startswith=nature, statut=StatutRappel.PARTI):
        yield rappel.jalon.split(" 202")[1].split()[1], timezone.localdate(rappel.cree_le).isoformat()


@pytest.mark.exigence("R-202")
def test_la_ou_la_discussion_suffit_cest_le_demandeur_quon_relance(d, aller):
    reglages.regler_direction(
        d.mentore.service.direction, par=d.dsm, approbation=Approbation.INFORMATIVE, motif="Choix."
    )
    scenes.demande_soumise(d)
    balayer_chaque_jour(aller, "2026-10-05")
    assert parties("discuter") == {"J+3": {"Loïc"}, "J+7": {"Loïc"}}


def test_un_brouillon_ne_relance_personne(d, aller):
    scenes.demande_en_redaction(d)
    scenes.fiche_en_redaction(d)
    balayer_chaque_jour(aller, "2026-10-06")
    assert not Rappel.objects.exists()


# --- L’expert qui ne répond pas -----------------------------------------------------------------------------------


@pytest.mark.exigence("R-180")
def test_sans_reponse_lexpert_est_relance_a_sept_jours_et_lappr_a_quatorze(d, aller):
    scenes.demande_chez_expert(d)
    balayer_chaque_jour(aller, "2026-10-06")
    assert parties("sans réponse") == {"J+7": {"Guylaine"}}
    assert parties("réponse tardive") == {"J+14": APPR}
    assert set(_jours("sans réponse")) == {("J+7", "2026-09-16")}
    assert set(_jours("réponse tardive")) == {("J+14", "2026-09-23")}


def test_le_delai_de_reponse_se_regle(d, aller):
    regler("consultation.delai_de_reponse", par=d.appr, valeur=5, motif="Essai.", vue=0)
    scenes.demande_chez_expert(d)
    balayer_chaque_jour(aller, "2026-10-06")
    assert set(_jours("sans réponse")) == {("J+7", "2026-09-14")}
    assert set(_jours("réponse tardive")) == {("J+14", "2026-09-21")}


def test_lappr_apprend_un_nom_et_un_numero_et_ne_recoit_pas_le_lien_dun_dossier_quelle_ne_lit_pas(d, aller, client_de):
    demande = scenes.demande_chez_expert(d)
    balayer_chaque_jour(aller, "2026-09-23")
    for courriel in Courriel.objects.filter(gabarit="consultation/rappel_expert_muet"):
        assert demande.numero in courriel.texte
        assert "Guylaine Cyr" in courriel.texte
        assert str(demande.uuid) not in courriel.texte + courriel.url
        assert courriel.url == reverse("consultation:fiche", args=[d.mentor.fiche_expert.uuid])
        assert client_de(courriel.a).get(courriel.url).status_code == 200
        assert client_de(courriel.a).get(demande.get_absolute_url()).status_code == 404


def test_un_moment_propose_met_lexpert_hors_de_cause(d, aller):
    scenes.moment_propose(d)
    balayer_chaque_jour(aller, "2026-09-25")
    assert parties("sans réponse") == {}
    assert parties("réponse tardive") == {}
    assert parties("répondre au moment") == {"J+3": {"Loïc"}, "J+7": {"Loïc"}}


def test_changer_dexpert_fait_repartir_le_delai_pour_le_suivant(d, aller):
    demande = scenes.demande_chez_expert(d)
    aller("2026-09-15")
    experts.changer_expert(demande, par=d.mentore)
    experts.choisir_expert(demande, par=d.mentore, fiche=scenes.autre_fiche(d))
    balayer_chaque_jour(aller, "2026-09-29", depuis=le("2026-09-15"))
    assert parties("sans réponse") == {"J+7": {"Marie-Ève"}}
    assert {mots for mots, _ in _jours("sans réponse")} == {"J+7"}
    assert set(_jours("sans réponse")) == {("J+7", "2026-09-22")}
    courriels = Courriel.objects.filter(gabarit="consultation/rappel_expert_muet")
    assert courriels.exists()
    assert all("Marie-Ève Huard" in courriel.texte for courriel in courriels)


def test_repondre_retire_la_relance_en_file(d, aller):
    demande = scenes.demande_chez_expert(d)
    aller("2026-09-16")
    assert balayer_rappels() == 1
    experts.decliner_demande(relire(demande), par=d.mentor, motif="Hors de mon champ.")
    assert not Courriel.objects.filter(rappels__isnull=False, etat=EtatCourriel.A_ENVOYER).exists()


def test_accepter_une_seconde_avant_ne_relance_personne(d, aller, monkeypatch):
    """Le balayage a lu la demande ; l’expert l’accepte avant qu’il n’écrive."""
    demande = scenes.demande_chez_expert(d)
    vrai = rappels._deja_faits

    def lire_puis_accepter(echeances):
        if relire(demande).etat == "chez_expert":
            experts.accepter_demande(relire(demande), par=d.mentor)
        return vrai(echeances)

    monkeypatch.setattr(rappels, "_deja_faits", lire_puis_accepter)
    aller("2026-09-16")
    balayer_rappels()
    assert parties("sans réponse") == {}


# --- Le moment convenu --------------------------------------------------------------------------------------------


def _convenue(d, jours):
    demande = scenes.demande_chez_expert(d)
    moment = timezone.now() + datetime.timedelta(days=jours)
    experts.proposer_moment(demande, par=d.mentor, moment=moment, lieu="Teams")
    experts.accepter_moment(demande, par=d.mentore)
    return relire(demande)


@pytest.mark.exigence("R-180")
def test_la_rencontre_convenue_se_rappelle_la_veille_aux_deux_avec_de_quoi_linscrire_a_lagenda(d, aller):
    demande = _convenue(d, 8)  # le jeudi 17 septembre, à midi
    balayer_chaque_jour(aller, "2026-09-20")
    assert parties("moment") == {"J-1": {"Loïc", "Guylaine"}}
    assert set(_jours("moment")) == {("J-1", "2026-09-16")}
    jointes = Courriel.objects.filter(gabarit="consultation/rappel_moment").values_list("calendrier", flat=True)
    assert len(jointes) == 2
    for ics in jointes:
        assert f"UID:{demande.sollicitation.uuid}" in ics.replace("\r\n ", "")
        assert "METHOD:REQUEST" in ics
        assert "20260917T120000" in ics


def test_la_rencontre_deplacee_se_rappelle_a_son_nouveau_jour_seulement(d, aller):
    demande = _convenue(d, 8)
    moment = timezone.now() + datetime.timedelta(days=13)  # le mardi 22
    experts.proposer_moment(demande, par=d.mentor, moment=moment)
    experts.accepter_moment(demande, par=d.mentore)
    balayer_chaque_jour(aller, "2026-09-25")
    assert set(_jours("moment")) == {("J-1", "2026-09-21")}


def test_lavis_sattend_a_partir_de_la_rencontre_et_non_de_lacceptation(d, aller):
    demande = _convenue(d, 14)  # le mercredi 23
    balayer_chaque_jour(aller, "2026-09-28")
    assert set(_jours("rendre l’avis")) == {("J+3", "2026-09-28")}
    experts.consigner_rencontre(demande, par=d.mentor, jour=le("2026-09-23"), **scenes.RENCONTRE)
    experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")
    balayer_chaque_jour(aller, "2026-10-20", depuis=le("2026-09-28"))
    assert set(_jours("rendre l’avis")) == {("J+3", "2026-09-28")}


# --- Le RUISSS UL -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-183")
def test_en_contact_le_demandeur_a_trois_mois_puis_lagent_de_liaison_lapprend(d, aller):
    demande = scenes.demande_en_contact(d)
    for jour in ("2026-10-08", "2026-10-09", "2026-11-09", "2026-12-08", "2027-03-15"):
        aller(jour)
        balayer_rappels()
    assert parties("contact") == {"J+30": {"Loïc"}, "J+60": {"Loïc"}, "J+90": {"Loïc", "Mathieu"}}
    dsm.clore_sans_nouvelles(relire(demande), par=d.appr_liaison, motif="Sans nouvelles.")


# --- Le bottin ----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-195")
def test_linscription_se_confirme_un_mois_avant_par_lexpert_et_la_dsm_lapprend(d, aller):
    fiche = scenes.fiche_inscrite(d)
    aller("2027-08-09")
    balayer_rappels()
    assert parties("confirmation") == {}
    aller("2027-08-10")
    balayer_rappels()
    balayer_rappels()
    assert parties("confirmation") == {"J-30": {"Guylaine", "Réjean"}}
    bottin.confirmer_inscription(relire(fiche), par=d.mentor)
    en_file = Courriel.objects.filter(etat=EtatCourriel.A_ENVOYER, rappels__jalon__startswith="confirmation")
    assert not en_file.exists()
    aller("2027-08-20")
    balayer_rappels()
    assert parties("confirmation 2028") == {}


def test_une_fiche_en_pause_ne_se_confirme_pas(d, aller):
    bottin.mettre_en_pause(scenes.fiche_inscrite(d), par=d.mentor)
    aller("2027-08-20")
    balayer_rappels()
    assert parties("confirmation") == {}


@pytest.mark.exigence("R-205")
def test_lexpert_recoit_son_bilan_le_premier_octobre_et_le_premier_avril(d, aller):
    scenes.ligne_de_couloir(d)
    scenes.autre_fiche(d)  # au bottin, mais jamais consultée : aucun bilan à lui faire lire
    for jour in ("2026-09-30", "2026-10-01", "2026-10-02", "2027-03-31"):
        aller(jour)
        balayer_rappels()
    assert parties("bilan") == {"J": {"Guylaine"}}
    (courriel,) = Courriel.objects.filter(gabarit="consultation/bilan_expert")
    assert courriel.objet == "Votre bilan d’expert"
    assert courriel.url == reverse("consultation:mon_bilan")
    assert "Du 1er avril 2026 au 30 septembre 2026, le tableau de suivi compte 1 consultation " in courriel.texte
    # Rien n’est inscrit d’octobre à mars : rien à dire en avril.
    aller("2027-04-01")
    balayer_rappels()
    assert Courriel.objects.filter(gabarit="consultation/bilan_expert").count() == 1


@pytest.mark.parametrize(
    ("jour", "du"),
    [
        ("2026-03-31", "2025-10-01"),
        ("2026-04-01", "2026-04-01"),
        ("2026-09-30", "2026-04-01"),
        ("2026-10-01", "2026-10-01"),
        ("2027-01-15", "2026-10-01"),
    ],
)
def test_le_bilan_se_fait_deux_fois_lan(jour, du):
    assert dernier_bilan(le(jour)) == le(du)


# --- Rejouer, s’arrêter, et ce que le balayage coûte --------------------------------------------------------------


def test_trois_balayages_le_meme_jour_ne_relancent_quune_fois(d, aller):
    scenes.demande_soumise(d)
    aller("2026-09-14")
    assert [balayer_rappels() for _ in range(3)] == [2, 0, 0]


def test_deux_semaines_darret_donnent_une_seule_relance_de_rattrapage(d, aller):
    scenes.demande_soumise(d)
    scenes.demande_chez_expert(d)
    aller("2026-09-11")
    balayer_rappels()
    aller("2026-09-25")
    balayer_rappels()
    balayer_rappels()
    assert parties("discuter") == {"J+7": GESTION}
    assert parties("discuter", StatutRappel.REMPLACE) == {"J+3": GESTION}
    assert parties("sans réponse") == {"J+7": {"Guylaine"}}
    assert parties("réponse tardive") == {"J+14": APPR}


def test_le_gestionnaire_change_la_veille_cest_le_nouveau_quon_relance(d, aller):
    scenes.demande_soumise(d)
    d.mentore.superieur = d.autre_gestionnaire
    d.mentore.save(update_fields=["superieur"])
    aller("2026-09-14")
    balayer_rappels()
    assert parties("discuter") == {"J+3": {"Carole"}}


# L’acte posé alors que ses relances attendent le serveur de courriel : plus aucune ne part.
CADUQUES = {
    "autoriser": (
        scenes.demande_soumise,
        lambda demande, d: demandes.autoriser_consultation(demande, par=d.gestionnaire, discutee_le=DEBUT),
    ),
    "retirer": (scenes.demande_soumise, lambda demande, d: demandes.retirer_demande(demande, par=d.mentore)),
    "fermer": (
        scenes.avis_rendu,
        lambda demande, d: issues.fermer_consultation(
            demande, par=d.mentore, suite="denouee", reponses=scenes.REPONSES
        ),
    ),
    "analyser": (
        scenes.demande_transmise,
        lambda demande, d: dsm.analyser_demande(demande, par=d.appr, motif="Expertise absente."),
    ),
}


@pytest.mark.parametrize("acte", CADUQUES)
def test_lacte_qui_les_rend_caduques_retire_les_relances_en_file(d, aller, acte):
    scene, agir = CADUQUES[acte]
    demande = scene(d)
    aller("2026-09-14")
    assert balayer_rappels() > 0
    agir(relire(demande), d)
    assert not Courriel.objects.filter(rappels__isnull=False, etat=EtatCourriel.A_ENVOYER).exists()


CLINIQUE = ("héminégligence", "Héminégligence", "prismes", "Protocole", "blocs de", "champ.", "expertise manque", "AVC")


def test_aucune_relance_ne_dit_rien_de_clinique(d, aller):
    for scene, _, _ in ATTENTES.values():
        if not scene.__name__.startswith("fiche"):
            scene(d)
    _convenue(d, 8)
    scenes.demande_en_contact(d)
    suivi.ajouter_ligne(
        par=d.mentor, jour=DEBUT, demandeur=d.mentore, minutes=20, sujet=scenes.les_sujets(d)[0], commentaires="AVC"
    )
    balayer_chaque_jour(aller, "2026-10-12")
    courriels = Courriel.objects.filter(rappels__mesure="consultation")
    assert courriels.count() > 20
    for courriel in courriels:
        for champ in (courriel.objet, courriel.texte, courriel.html, courriel.url, courriel.calendrier):
            assert not any(mot in champ for mot in CLINIQUE), courriel.gabarit


def test_un_balayage_sans_rien_de_du_pose_toujours_les_memes_requetes(d, aller):
    fiche = scenes.fiche_inscrite(d)
    aller("2026-09-23")
    requetes = {}
    for combien in (1, 30):
        _multiplier(d, fiche, combien)
        with CaptureQueriesContext(connection) as captees:
            assert balayer_rappels() == 0
        requetes[combien] = [requete["sql"] for requete in captees if "CURSOR" not in requete["sql"]]
    assert len(requetes[1]) == len(requetes[30])
    assert len([sql for sql in requetes[1] if 'FROM "consultation_' in sql]) <= 12


def _multiplier(d, fiche, combien):
    """Des demandes du jour, dans chaque état qu’une échéance lit, et leurs experts."""
    for rang in range(combien):
        for etat in ("a_discuter", "chez_expert", "acceptee", "avis_rendu", "transmise", "au_ruisss", "en_contact"):
            demande = DemandeConsultation.objects.create(
                numero=f"{etat}-{combien}-{rang}", demandeur=d.mentore, etat=etat
            )
            if etat in {"chez_expert", "acceptee"}:
                reponse = {"chez_expert": "attendue", "acceptee": "acceptee"}[etat]
                moment = timezone.now() + datetime.timedelta(days=5) if etat == "acceptee" else None
                Sollicitation.objects.create(demande=demande, expert=d.mentor, reponse=reponse, moment=moment)
        FicheExpert.objects.create(
            personne=PersonneFactory(mot_de_passe=None), etat="active", confirmee_le=fiche.confirmee_le
        )
