"""Les relances du comité : combien, quand, à qui, sans rien dire d’une situation, et ce que le balayage coûte."""

import datetime

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concertation.actions import comite, exclusions, impasses, plans, situations
from concertation.models import (
    Exclusion,
    ImpasseRecurrente,
    Nomination,
    Orientation,
    RencontreComite,
    SituationComplexe,
)
from encadrement.notifications import rappels
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel, StatutRappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.personnes.models import Personne
from tests.concertation import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("relances_de_la_mesure")]

# Un mercredi ; ni férié ni pont dans les trois semaines qui suivent.
DEBUT = datetime.date(2026, 9, 9)
JOUR = datetime.timedelta(days=1)
GESTION = {"Hélène", "Édith"}  # la gestionnaire et sa déléguée
COORDINATION, DIRECTION_DSM = {"Éloïse"}, {"Réjean"}


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


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


def _lignes(nature="", statut=StatutRappel.PARTI):
    return Rappel.objects.filter(statut=statut, jalon__startswith=nature, mesure="concertation")


def _pas(rappel):
    return rappel.jalon.split(" 202")[1].split(" ", 1)[1].removesuffix(" ouvrables")


def parties(nature="", statut=StatutRappel.PARTI):
    """Rend {pas: prénoms} des relances des jalons qui commencent par `nature`."""
    lignes = {}
    for rappel in _lignes(nature, statut):
        lignes.setdefault(_pas(rappel), set()).add(rappel.destinataire.prenom)
    return lignes


def jours(nature):
    """Rend les {(pas, jour local de l’envoi)}."""
    return {(_pas(rappel), timezone.localdate(rappel.cree_le).isoformat()) for rappel in _lignes(nature)}


def balayer_chaque_jour(aller, jusqua, depuis=DEBUT):
    jour = depuis
    while jour <= (le(jusqua) if isinstance(jusqua, str) else jusqua):
        aller(jour)
        balayer_rappels()
        jour += JOUR


def exclure(situation, personne):
    Exclusion.objects.create(situation=situation, personne=personne, posee_par=situation.demandeur)


# --- Chaque état qui attend une décision --------------------------------------------------------------------------

ATTENTES = {
    "attester": (scenes.situation_a_attester, GESTION, {"Manon"}),
    "analyser la recevabilité": (scenes.situation_transmise, COORDINATION, DIRECTION_DSM),
    "inscrire": (scenes.situation_recevable, COORDINATION, DIRECTION_DSM),
    "établir le plan": (scenes.situation_presentee, COORDINATION, DIRECTION_DSM),
}


@pytest.mark.exigence("R-246", "R-249", "R-250", "R-253")
@pytest.mark.parametrize("nature", ATTENTES)
def test_qui_doit_agir_est_relance_a_trois_et_sept_jours_ouvrables_puis_on_le_signale_a_quinze(d, aller, nature):
    scene, qui, au_dessus = ATTENTES[nature]
    scene(d)
    balayer_chaque_jour(aller, "2026-10-05")
    assert parties(nature) == {"J+3": qui, "J+7": qui}
    assert parties(f"en attente : {nature}") == {"J+15": au_dessus}
    assert jours(nature) == {("J+3", "2026-09-14"), ("J+7", "2026-09-18")}
    assert jours(f"en attente : {nature}") == {("J+15", "2026-09-30")}
    assert not _lignes(statut=StatutRappel.REMPLACE).exists()


@pytest.mark.parametrize("nature", ATTENTES)
def test_le_superieur_apprend_quun_geste_tarde_jamais_sur_quelle_situation(d, aller, client_de, nature):
    situation = ATTENTES[nature][0](d)
    balayer_chaque_jour(aller, "2026-09-30")
    courriels = Courriel.objects.filter(gabarit="concertation/rappel_superieur")
    assert courriels.exists()
    for courriel in courriels:
        tout = f"{courriel.objet} {courriel.texte} {courriel.html} {courriel.url}"
        assert situation.numero not in tout
        assert str(situation.uuid) not in tout
        assert courriel.url == reverse("concertation:accueil")
        assert client_de(courriel.a).get(courriel.url).status_code == 200


def test_un_etat_que_nul_nattend_ne_relance_personne(d, aller):
    scenes.situation_non_recevable(d)
    scenes.situation_inscrite(d)
    balayer_chaque_jour(aller, "2026-09-20")
    assert not _lignes().exists()


# --- Le dépôt pour le prochain comité -----------------------------------------------------------------------------


@pytest.mark.exigence("R-228")
def test_qui_ecrit_encore_sa_demande_est_prevenu_trois_jours_avant_le_depot(d, aller):
    scenes.rencontre_planifiee(d, dans=28)  # le mercredi 7 octobre ; dépôt le mercredi 23 septembre
    scenes.situation_en_redaction(d)
    scenes.situation_en_redaction(d)
    scenes.situation_transmise(d)
    balayer_chaque_jour(aller, "2026-10-07")
    # Le dimanche 20 se reporte au lundi 21 ; deux brouillons, un seul courriel.
    assert parties("dépôt") == {"J-3": {"Loïc"}}
    assert jours("dépôt") == {("J-3", "2026-09-21")}
    (courriel,) = Courriel.objects.filter(gabarit="concertation/rappel_depot")
    assert courriel.url == reverse("concertation:situations")
    assert "23 septembre 2026" in courriel.texte


@pytest.mark.exigence("R-228")
def test_un_depot_passe_ne_se_rappelle_plus(d, aller):
    rencontre = scenes.rencontre_planifiee(d, dans=28)
    scenes.situation_en_redaction(d)
    aller(rencontre.depot_le + JOUR)
    assert balayer_rappels() == 0


def test_une_rencontre_annulee_na_plus_de_depot(d, aller):
    rencontre = scenes.rencontre_planifiee(d, dans=28)
    scenes.situation_en_redaction(d)
    comite.annuler_rencontre(rencontre, par=d.coordonnatrice, motif="Relâche.")
    balayer_chaque_jour(aller, "2026-09-24")
    assert parties("dépôt") == {}


# --- La rencontre ---------------------------------------------------------------------------------------------------

CONVIES = {"Loïc", "Carole", "Édith", "Zoé", "Marie-Ève", "Éloïse"}


@pytest.mark.exigence("R-242", "R-247", "R-251", "R-258")
def test_la_rencontre_se_rappelle_a_une_semaine_et_la_veille_avec_de_quoi_linscrire_a_lagenda(d, aller):
    situation = scenes.situation_convoquee(d)  # le mercredi 30 septembre
    balayer_chaque_jour(aller, "2026-10-02")
    assert parties("rencontre") == {"J-7": CONVIES, "J-1": CONVIES}
    assert jours("rencontre") == {("J-7", "2026-09-23"), ("J-1", "2026-09-29")}
    annoncee = Courriel.objects.filter(gabarit="concertation/rencontre_convoquee").first()
    for courriel in Courriel.objects.filter(gabarit="concertation/rappel_rencontre"):
        rappel, annonce = (_evenement(ligne.calendrier) for ligne in (courriel, annoncee))
        # Le même événement, à la même version : l’agenda n’en ajoute pas un second.
        assert [rappel[champ] for champ in ("UID", "SEQUENCE")] == [annonce[champ] for champ in ("UID", "SEQUENCE")]
        tout = f"{courriel.objet} {courriel.texte} {courriel.html} {courriel.calendrier}".replace("\r\n ", "")
        assert situation.numero not in tout
        assert str(situation.uuid) not in tout


def _evenement(texte):
    (evenement,) = icalendar.Calendar.from_ical(texte).walk("VEVENT")
    return evenement


def test_qui_est_exclu_ou_retire_nest_plus_attendu(d, aller):
    situation = scenes.situation_convoquee(d)
    exclusions.exclure(situation, par=d.mentore, personne=d.collegue)
    scenes.convocations.retirer_de_la_situation(
        situation.participations.get(personne=d.animatrice), par=d.coordonnatrice
    )
    balayer_chaque_jour(aller, "2026-10-01")
    assert parties("rencontre") == dict.fromkeys(("J-7", "J-1"), CONVIES - {"Zoé", "Marie-Ève"})


def test_une_exclusion_par_la_direction_vaut_aussi_pour_les_rappels(d, aller):
    situation = scenes.situation_convoquee(d)
    Exclusion.objects.create(situation=situation, direction=d.autre_gestionnaire.direction, posee_par=d.mentore)
    balayer_chaque_jour(aller, "2026-10-01")
    assert "Carole" not in parties("rencontre")["J-7"]


def test_une_rencontre_deplacee_se_rappelle_a_son_nouveau_jour(d, aller):
    rencontre = scenes.rencontre_convoquee(d)
    moment = {"debut": rencontre.debut + 14 * JOUR, "fin": rencontre.fin + 14 * JOUR}
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, **moment)
    balayer_chaque_jour(aller, "2026-10-15")
    assert jours("rencontre") == {("J-7", "2026-10-07"), ("J-1", "2026-10-13")}


def test_une_rencontre_planifiee_ne_previent_personne(d, aller):
    scenes.situation_inscrite(d)
    balayer_chaque_jour(aller, "2026-09-30")
    assert parties("rencontre") == {}


# --- Les orientations ---------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-244", "R-254")
def test_le_responsable_est_relance_une_semaine_avant_le_jour_meme_puis_chaque_semaine(d, aller):
    scenes.orientation(d, rang=3)  # le samedi 24 octobre
    balayer_chaque_jour(aller, "2026-11-24", depuis=le("2026-10-10"))
    du_troisieme = {pas: qui & {"Zoé", "Éloïse"} for pas, qui in parties("orientation 2026-10-24").items()}
    attendues = {pas: {"Zoé"} for pas in ("J-7", "J", "J+7", "J+14", "J+21", "J+28")}
    assert du_troisieme == {**attendues, "J+14 coordination": COORDINATION}
    assert jours("orientation 2026-10-24") == {
        ("J-7", "2026-10-19"), ("J", "2026-10-26"), ("J+7", "2026-11-02"), ("J+14", "2026-11-09"),
        ("J+14 coordination", "2026-11-09"), ("J+21", "2026-11-16"), ("J+28", "2026-11-23"),
    }  # fmt: skip


@pytest.mark.exigence("R-254")
def test_appliquee_elle_ne_se_rappelle_plus_et_la_relance_en_file_ne_part_pas(d, aller):
    orientation = scenes.orientation(d)  # le mercredi 16
    aller("2026-09-16")
    assert balayer_rappels() > 0
    plans.appliquer_orientation(relire(orientation), par=orientation.responsable)
    en_file = Courriel.objects.filter(objet_uuid=orientation.uuid, rappels__isnull=False, etat=EtatCourriel.A_ENVOYER)
    assert not en_file.exists()
    balayer_chaque_jour(aller, "2026-10-10", depuis=le("2026-09-17"))
    assert set(parties("orientation 2026-09-16")) == {"J"}


@pytest.mark.exigence("R-254")
def test_reportee_elle_se_rappelle_a_sa_nouvelle_date(d, aller):
    orientation = scenes.orientation(d)
    plans.reporter_orientation(
        orientation, par=orientation.responsable, echeance=le("2026-10-21"), raison_du_report="Congés."
    )
    balayer_chaque_jour(aller, "2026-10-22")
    assert parties("orientation 2026-09-16") == {}
    assert jours("orientation 2026-10-21") == {("J-7", "2026-10-14"), ("J", "2026-10-21")}


def test_avant_que_le_plan_soit_etabli_elle_nest_confiee_a_personne(d, aller):
    scenes.orientations_ecrites(d)
    balayer_chaque_jour(aller, "2026-10-02")
    assert parties("orientation") == {}


def test_un_responsable_exclu_ne_recoit_rien_et_le_coordonnateur_lapprend_a_deux_semaines(d, aller):
    orientation = scenes.orientation(d)
    exclure(orientation.situation, d.autre_gestionnaire)
    balayer_chaque_jour(aller, "2026-10-02")
    assert parties("orientation 2026-09-16") == {"J+14 coordination": COORDINATION}


# --- Les nominations et les impasses ------------------------------------------------------------------------------


@pytest.mark.exigence("R-217", "R-239")
def test_une_nomination_qui_finit_dans_un_mois_se_dit_a_linteresse_et_a_la_dsm(d, aller):
    nomination = scenes.nomination_acceptee(d)
    Nomination.objects.filter(pk=nomination.pk).update(fin=le("2026-10-23"))
    balayer_chaque_jour(aller, "2026-10-23")
    assert parties("nomination") == {"J-30": {nomination.personne.prenom, "Réjean"}}
    assert jours("nomination") == {("J-30", "2026-09-23")}


def test_une_nomination_sans_fin_ou_pas_encore_acceptee_ne_se_rappelle_pas(d, aller):
    scenes.nomination_acceptee(d)
    comite.nommer_representant(
        d.directrice.direction, d.secretaire, par=d.directrice, pouvoir=True, fin=le("2026-09-30")
    )
    balayer_chaque_jour(aller, "2026-10-01")
    assert parties("nomination") == {}


@pytest.mark.exigence("R-226")
def test_une_impasse_recurrente_se_rappelle_a_son_echeance_a_qui_la_porte(d, aller):
    impasse = scenes.impasse_ouverte(d)
    aller(impasse.echeance - JOUR)
    assert balayer_rappels() == 0
    aller(impasse.echeance)
    balayer_rappels()
    balayer_rappels()
    assert parties("impasse") == {"J": {"Carole"}}
    (courriel,) = Courriel.objects.filter(gabarit="concertation/rappel_impasse")
    assert impasse.titre not in courriel.texte + courriel.objet
    impasses.resoudre_impasse(relire(impasse), par=d.autre_gestionnaire)
    assert not Courriel.objects.filter(pk=courriel.pk, etat=EtatCourriel.A_ENVOYER).exists()


# --- Qui est exclu ne reçoit rien ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scene", "nom"),
    [
        (scenes.situation_a_attester, "gestionnaire"),
        (scenes.situation_a_attester, "directrice"),
        (scenes.situation_transmise, "coordonnatrice"),
        (scenes.situation_transmise, "dsm"),
        (scenes.situation_presentee, "coordonnatrice"),
        (scenes.situation_en_suivi, "autre_gestionnaire"),
        (scenes.situation_en_suivi, "coordonnatrice"),
    ],
)
def test_qui_est_exclu_nest_jamais_relance(d, aller, scene, nom):
    """N-02 : ni lui, ni comme supérieur de qui tarde ; la même relance part pourtant aux autres."""
    situation = scene(d)
    exclure(situation, d[nom])
    balayer_chaque_jour(aller, "2026-10-20")
    assert not _lignes().filter(destinataire=d[nom]).exists()
    assert not Courriel.objects.filter(a=d[nom], rappels__mesure="concertation").exists()


# --- Rejouer, s’arrêter, changer de titulaire ---------------------------------------------------------------------


def test_trois_balayages_le_meme_jour_ne_relancent_quune_fois(d, aller):
    scenes.situation_a_attester(d)
    aller("2026-09-14")
    assert [balayer_rappels() for _ in range(3)] == [2, 0, 0]


def test_deux_semaines_darret_donnent_une_seule_relance_de_rattrapage(d, aller):
    scenes.situation_a_attester(d)
    scenes.orientation(d)  # le 16 septembre
    aller("2026-09-25")
    balayer_rappels()
    balayer_rappels()
    assert parties("attester") == {"J+7": GESTION}
    assert parties("attester", StatutRappel.REMPLACE) == {"J+3": GESTION}
    assert parties("orientation 2026-09-16") == {"J+7": {"Carole"}}
    assert set(parties("orientation 2026-09-16", StatutRappel.REMPLACE)) == {"J-7", "J"}


def test_attester_une_seconde_avant_ne_relance_personne(d, aller, monkeypatch):
    """Le balayage a lu la demande ; la gestionnaire l’atteste avant qu’il n’écrive."""
    situation = scenes.situation_a_attester(d)
    vrai = rappels._deja_faits

    def lire_puis_attester(echeances):
        if relire(situation).etat == "a_attester":
            situations.attester_demarches(relire(situation), par=d.gestionnaire)
        return vrai(echeances)

    monkeypatch.setattr(rappels, "_deja_faits", lire_puis_attester)
    aller("2026-09-14")
    balayer_rappels()
    assert parties("attester") == {}


def test_la_gestionnaire_change_la_veille_cest_la_nouvelle_quon_relance(d, aller):
    scenes.situation_a_attester(d)
    Personne.objects.filter(pk=d.mentore.pk).update(superieur=d.autre_gestionnaire)
    aller("2026-09-14")
    balayer_rappels()
    assert parties("attester") == {"J+3": {"Carole"}}


@pytest.mark.parametrize(
    ("scene", "agir"),
    [
        (scenes.situation_a_attester, lambda s, d: situations.attester_demarches(s, par=d.gestionnaire)),
        (scenes.situation_a_attester, lambda s, d: situations.retirer_situation(s, par=d.mentore)),
        (
            scenes.situation_transmise,
            lambda s, d: situations.declarer_recevable(s, par=d.coordonnatrice, motif="Oui."),
        ),
    ],
)
def test_lacte_qui_les_rend_caduques_retire_les_relances_en_file(d, aller, scene, agir):
    situation = scene(d)
    aller("2026-09-14")
    assert balayer_rappels() > 0
    agir(relire(situation), d)
    assert not Courriel.objects.filter(rappels__isnull=False, etat=EtatCourriel.A_ENVOYER).exists()


# --- Rien ne se dit, et rien ne coûte -----------------------------------------------------------------------------


def test_aucune_relance_ne_dit_un_mot_dune_situation(d, aller):
    scenes.orientation_non_appliquee(d)
    for scene in (scenes.situation_en_redaction, scenes.situation_a_attester, scenes.situation_recevable):
        scene(d)
    scenes.impasse_ouverte(d)
    scenes.rencontre_planifiee(d, dans=28)
    balayer_chaque_jour(aller, "2026-10-30")
    courriels = Courriel.objects.filter(rappels__mesure="concertation")
    assert courriels.count() >= 15
    ecrits = [*scenes.RECIT.values(), *(texte for texte, _ in scenes.ORIENTATIONS), scenes.RAISON]
    mots = {mot.strip(".,;?’") for texte in ecrits for mot in texte.split() if len(mot) > 9} - {"intervenant"}
    for courriel in courriels:
        tout = f"{courriel.objet} {courriel.texte} {courriel.html} {courriel.url} {courriel.calendrier}"
        assert [mot for mot in mots if mot in tout] == [], courriel.gabarit


def test_un_balayage_sans_rien_de_du_pose_toujours_les_memes_requetes(d, aller):
    situation = scenes.situation_en_suivi(d)
    balayer_rappels()
    requetes = {}
    for combien in (1, 30):
        _multiplier(d, situation, combien)
        with CaptureQueriesContext(connection) as captees:
            assert balayer_rappels() == 0
        requetes[combien] = [requete["sql"] for requete in captees if "CURSOR" not in requete["sql"]]
    assert len(requetes[1]) == len(requetes[30])
    assert len([sql for sql in requetes[1] if 'FROM "concertation_' in sql]) <= 8


def _multiplier(d, situation, combien):
    """Des situations du jour dans chaque état relancé, des orientations, des rencontres, des nominations, des impasses."""
    rencontre = situation.inscription.rencontre
    for rang in range(combien):
        for etat in ("a_attester", "transmise", "recevable", "presentee"):
            SituationComplexe.objects.create(
                numero=f"{etat[:4]}-{combien}-{rang}", demandeur=d.mentore, etat=etat, adulte=True
            )
        Orientation.objects.create(
            situation=situation, rencontre=rencontre, rang=9, direction=d.mentore.direction, responsable=d.delegue,
            echeance=DEBUT + 30 * JOUR, chiffre="x",
        )  # fmt: skip
        debut = timezone.now() + (60 + combien + rang) * JOUR
        RencontreComite.objects.create(
            debut=debut, fin=debut + datetime.timedelta(hours=3), depot_le=DEBUT + 40 * JOUR, etat="convoquee"
        )
        Nomination.objects.create(
            direction=d.mentore.direction, personne=d.delegue, proposee_par=d.pilote, fin=DEBUT + 90 * JOUR
        )
        ImpasseRecurrente.objects.create(titre="Répit", responsable=d.delegue, echeance=DEBUT + 90 * JOUR)
