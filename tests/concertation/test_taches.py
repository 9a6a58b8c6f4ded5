"""« À faire » : chaque état demande le bon geste à la bonne personne, et un code est tout ce qu’on y lit."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concertation.actions import comite, exclusions, impasses, plans, situations
from concertation.models import AccesExceptionnel, EtatSituation, Exclusion, Nomination, SituationComplexe
from concertation.rappels.taches import taches
from encadrement.personnes.models import Personne
from encadrement.socle.temps import jour_local
from tests.concertation import scenes

pytestmark = pytest.mark.django_db

JUIN = datetime.date(2026, 6, 15)
JOUR = datetime.timedelta(days=1)


@pytest.fixture
def aller(time_machine):
    """Amène l’horloge à midi, heure locale, le jour dit."""

    def aller(jour):
        jour = datetime.date.fromisoformat(jour) if isinstance(jour, str) else jour
        time_machine.move_to(timezone.make_aware(datetime.datetime.combine(jour, datetime.time(12))), tick=False)

    aller(JUIN)
    return aller


@pytest.fixture
def d(aller, distribution):
    return distribution


def les_taches(personne):
    """Rend les gestes attendus de la personne, relue comme à une nouvelle requête."""
    return list(taches(Personne.objects.get(pk=personne.pk)))


def gestes(personne):
    return sorted(tache.geste for tache in les_taches(personne))


def tous_les_gestes(d):
    return {nom: dits for nom, personne in d if (dits := gestes(personne))}


# --- Chaque état, chaque personne -----------------------------------------------------------------------------------

_ECRIRE, _ATTESTER = "Écrire ma demande au comité", "Attester et approuver"
_RECEVOIR, _INSCRIRE = "Analyser la recevabilité", "Inscrire à une rencontre"
_PRESENTER, _PLAN = "Noter comme présentée", "Établir le plan de concertation"
_APPLIQUER, _FERMER = "Appliquer l’orientation, ou dire où elle en est", "Fermer la situation"


def _renvoyee(d):
    situation = scenes.situation_a_attester(d)
    situations.renvoyer_situation(situation, par=d.gestionnaire, motif="Précisez les démarches.")


def _tenue_sans_la_presenter(d):
    rencontre = scenes.situation_convoquee(d).inscription.rencontre
    fin = timezone.now() - datetime.timedelta(hours=1)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=fin - datetime.timedelta(hours=3), fin=fin)
    comite.tenir_rencontre(rencontre, par=d.coordonnatrice, presentes=rencontre.participations.all())


def _suivi_fini(d):
    situation = scenes.situation_en_suivi(d)
    for orientation in situation.orientations.select_related("responsable", "situation"):
        plans.appliquer_orientation(orientation, par=orientation.responsable)
    return situation


def _ramenee(d):
    situation = scenes.situation_en_suivi(d)
    plans.ramener_au_comite(situation, par=d.coordonnatrice, motif="Une direction de plus est en cause.")


_RESPONSABLES = {nom: [_APPLIQUER] for nom in ("autre_gestionnaire", "delegue", "collegue")}
# Ce que chacun a à faire, état par état ; qui n’est pas nommé n’a rien.
TABLE = {
    "ouverte": (scenes.situation_ouverte, {"mentore": [_ECRIRE]}),
    "en rédaction": (scenes.situation_en_redaction, {"mentore": [_ECRIRE]}),
    "à attester": (scenes.situation_a_attester, {"gestionnaire": [_ATTESTER], "delegue": [_ATTESTER]}),
    "renvoyée": (_renvoyee, {"mentore": [_ECRIRE]}),
    "transmise": (scenes.situation_transmise, {"coordonnatrice": [_RECEVOIR]}),
    "recevable": (scenes.situation_recevable, {"coordonnatrice": [_INSCRIRE]}),
    "inscrite": (scenes.situation_inscrite, {}),
    "convoquée": (scenes.situation_convoquee, {}),
    "rencontre tenue": (_tenue_sans_la_presenter, {"coordonnatrice": [_PRESENTER]}),
    "présentée": (scenes.situation_presentee, {"coordonnatrice": [_PLAN]}),
    # Écrites mais pas encore confiées : le plan n’est pas établi.
    "orientations écrites": (scenes.orientations_ecrites, {"coordonnatrice": [_PLAN]}),
    "en suivi": (scenes.situation_en_suivi, _RESPONSABLES),
    "orientation en cours": (scenes.orientation_en_cours, _RESPONSABLES),
    "orientation reportée": (scenes.orientation_reportee, _RESPONSABLES),
    "orientation appliquée": (
        scenes.orientation_appliquee,
        {nom: _RESPONSABLES[nom] for nom in ("delegue", "collegue")},
    ),
    "suivi fini": (_suivi_fini, {"coordonnatrice": [_FERMER]}),
    # Ramenée au comité, ses orientations restent à appliquer en attendant.
    "ramenée": (_ramenee, {"coordonnatrice": [_INSCRIRE], **_RESPONSABLES}),
    "fermée": (scenes.situation_fermee, {}),
    "non recevable": (scenes.situation_non_recevable, {}),
    "retirée": (scenes.situation_retiree, {}),
    "nomination proposée": (scenes.nomination_proposee, {"dsm": ["Accepter la nomination"]}),
    "nomination acceptée": (scenes.nomination_acceptee, {}),
    "accès demandé": (
        scenes.exception_demandee,
        {"coordonnatrice": [_RECEVOIR], "prp": ["Approuver un accès exceptionnel"]},
    ),
    "accès ouvert": (scenes.exception_approuvee, {"coordonnatrice": [_RECEVOIR]}),
    "impasse ouverte": (scenes.impasse_ouverte, {}),
}


@pytest.mark.exigence("R-225", "R-227", "R-244", "R-246", "R-249", "R-250", "R-251", "R-253", "R-254")
@pytest.mark.parametrize("etat", TABLE)
def test_chaque_etat_demande_le_bon_geste_a_la_bonne_personne(d, etat):
    jouer, attendus = TABLE[etat]
    jouer(d)
    assert tous_les_gestes(d) == attendus


@pytest.mark.parametrize("etat", TABLE)
def test_chaque_geste_mene_a_une_page_qui_souvre(d, client_de, etat):
    """Une page de lecture demande d’abord si l’on a un lien avec la personne (N-03) : c’est déjà s’ouvrir."""
    TABLE[etat][0](d)
    for _, personne in d:
        for tache in les_taches(personne):
            page = client_de(personne).get(tache.url)
            assert page.status_code == 200 or "/declarer/" in page.headers.get("Location", ""), tache


@pytest.mark.exigence("R-228")
def test_lecheance_dune_demande_est_le_prochain_depot(d, aller):
    scenes.rencontre_planifiee(d, dans=21)
    scenes.rencontre_planifiee(d, dans=49)
    scenes.situation_en_redaction(d)
    (tache,) = les_taches(d.mentore)
    assert (tache.echeance, tache.retard) == (datetime.date(2026, 6, 22), False)
    aller("2026-06-22")
    assert les_taches(d.mentore)[0].echeance == datetime.date(2026, 6, 22)
    aller("2026-06-23")
    assert les_taches(d.mentore)[0].echeance == datetime.date(2026, 7, 20)


@pytest.mark.exigence("R-254")
def test_lorientation_est_en_retard_le_lendemain_de_son_echeance(d, aller):
    scenes.situation_en_suivi(d)
    (tache,) = les_taches(d.autre_gestionnaire)
    assert (tache.echeance, tache.retard) == (JUIN + 7 * JOUR, False)
    assert tache.dossier == "Situation CC-2026-01, orientation 1"
    aller("2026-06-23")
    assert les_taches(d.autre_gestionnaire)[0].retard


# --- Le comité ------------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-251", "R-235")
def test_une_rencontre_se_convoque_une_fois_le_depot_passe(d, aller):
    rencontre = scenes.rencontre_planifiee(d, dans=21)
    aller(rencontre.depot_le)
    assert gestes(d.coordonnatrice) == []
    aller(rencontre.depot_le + JOUR)
    (tache,) = les_taches(d.coordonnatrice)
    assert (tache.geste, tache.dossier) == ("Convoquer la rencontre", "Comité du 6 juillet 2026")
    assert (tache.echeance, tache.retard) == (rencontre.jour, False)
    comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    assert tous_les_gestes(d) == {}


@pytest.mark.exigence("R-251")
def test_la_rencontre_se_note_tenue_une_fois_commencee(d, aller, time_machine):
    rencontre = scenes.rencontre_convoquee(d)
    aller(rencontre.jour)
    assert gestes(d.coordonnatrice) == []
    time_machine.move_to(rencontre.debut + datetime.timedelta(minutes=1), tick=False)
    assert gestes(d.coordonnatrice) == ["Noter la rencontre comme tenue"]
    aller(rencontre.jour + JOUR)
    assert les_taches(d.coordonnatrice)[0].retard


def test_une_rencontre_passee_sans_convocation_sannule(d, aller):
    rencontre = scenes.rencontre_planifiee(d)
    aller(rencontre.jour + JOUR)
    (tache,) = les_taches(d.coordonnatrice)
    assert (tache.geste, tache.retard) == ("Annuler la rencontre, qui n’a pas été convoquée", True)
    comite.annuler_rencontre(rencontre, par=d.coordonnatrice, motif="Aucune demande.")
    assert tous_les_gestes(d) == {}


@pytest.mark.exigence("R-226")
def test_une_impasse_recurrente_se_rappelle_en_retard_a_qui_la_porte(d, aller):
    impasse = scenes.impasse_ouverte(d)
    aller(impasse.echeance)
    assert tous_les_gestes(d) == {}
    aller(impasse.echeance + JOUR)
    assert tous_les_gestes(d) == {"autre_gestionnaire": ["Dire où en est la solution durable"]}
    impasses.resoudre_impasse(impasse, par=d.autre_gestionnaire)
    assert tous_les_gestes(d) == {}


def test_une_nomination_que_lon_a_proposee_ou_qui_est_finie_ne_sattend_pas(d):
    nomination = scenes.nomination_proposee(d)
    Nomination.objects.filter(pk=nomination.pk).update(proposee_par=d.dsm)
    assert gestes(d.dsm) == []
    Nomination.objects.filter(pk=nomination.pk).update(proposee_par=d.pilote, fin=JUIN - JOUR, debut=JUIN - JOUR)
    assert gestes(d.dsm) == []


def test_une_urgence_de_plus_de_vingt_quatre_heures_ne_sattend_plus(d, time_machine):
    scenes.exception_demandee(d)
    time_machine.shift(datetime.timedelta(hours=23))
    assert gestes(d.prp) == ["Approuver un accès exceptionnel"]
    time_machine.shift(datetime.timedelta(hours=2))
    assert gestes(d.prp) == []


def test_la_seconde_urgence_demandee_le_lendemain_sattend_encore(d, time_machine):
    """La requête est composée une fois et rejouée : l’heure qu’il était alors n’y est pas restée."""
    scenes.exception_demandee(d)
    assert len(gestes(d.prp)) == 1
    time_machine.shift(datetime.timedelta(days=3))
    autre = AccesExceptionnel.objects.get()
    exclusions.demander_exception(autre.situation.numero, par=d.dsm, motif="Encore.")
    assert len(gestes(d.prp)) == 1


# --- Qui est exclu n’a rien à faire ---------------------------------------------------------------------------------

EXCLUES = {
    "gestionnaire": scenes.situation_a_attester,
    "delegue": scenes.situation_a_attester,
    "coordonnatrice": scenes.situation_transmise,
    "autre_gestionnaire": scenes.situation_en_suivi,
    "collegue": scenes.situation_en_suivi,
    "prp": scenes.exception_demandee,
}


@pytest.mark.parametrize("comment", ["personne", "service", "direction"])
@pytest.mark.parametrize("nom", EXCLUES)
def test_qui_est_exclu_na_rien_a_faire_de_la_situation(d, nom, comment):
    """N-02 : par elle-même, par son service ou par sa direction ; et la requête gardée ne s’en souvient pas autrement."""
    objet = EXCLUES[nom](d)
    situation = getattr(objet, "situation", objet)
    assert gestes(d[nom]), f"{nom} n’avait déjà rien : l’essai ne prouve rien"
    personne = Personne.objects.get(pk=d[nom].pk)
    champs = {"personne": personne, "service": personne.service, "direction": personne.service.direction}
    Exclusion.objects.create(situation=situation, posee_par=d.mentore, **{comment: champs[comment]})
    assert gestes(d[nom]) == []


def test_rien_de_la_situation_ne_se_lit_a_laccueil(d):
    for jouer in (
        scenes.situation_en_redaction, scenes.situation_a_attester, scenes.situation_transmise,
        scenes.situation_recevable, scenes.orientation_non_appliquee, scenes.exception_demandee,
    ):  # fmt: skip
        jouer(d)
    dits = " ".join(f"{tache.geste} {tache.dossier} {tache.url}" for _, personne in d for tache in les_taches(personne))
    assert "CC-2026-" in dits
    ecrits = [*scenes.RECIT.values(), *(texte for texte, _ in scenes.ORIENTATIONS), scenes.RAISON]
    mots = {mot for texte in ecrits for mot in texte.split() if len(mot) > 9}
    assert [mot for mot in mots if mot in dits] == []
    # Ni de qui elle vient : un nom de collègue à côté d’un code en dirait déjà trop.
    assert "St-Onge" not in dits


# --- Ce que la page coûte -------------------------------------------------------------------------------------------


def test_tout_se_lit_en_une_requete_quel_que_soit_le_nombre_de_situations(d):
    scenes.situation_en_suivi(d)
    for combien in (0, 1, 20):
        _multiplier(d, combien)
        for nom in ("mentore", "gestionnaire", "coordonnatrice", "autre_gestionnaire", "dsm", "prp", "secretaire"):
            personne = Personne.objects.get(pk=d[nom].pk)
            # Toute page a déjà lu ses titres et ceux qu’elle représente.
            assert personne.represente_ids
            assert personne.roles_attribues is not None
            with CaptureQueriesContext(connection) as requetes:
                list(taches(personne))
            # Préparée par PostgreSQL, elle ne dit plus que son nom.
            assert len([r for r in requetes if "preparee_" in r["sql"] or 'FROM "concertation_' in r["sql"]]) == 1
            assert len(requetes) <= 3, [r["sql"][:90] for r in requetes]
    assert len(les_taches(d.coordonnatrice)) == 42


def _multiplier(d, combien):
    """Des demandes à recevoir, d’autres à inscrire, d’autres à attester."""
    debut = SituationComplexe.objects.count()
    for rang in range(debut, debut + combien):
        for etat in (EtatSituation.A_ATTESTER, EtatSituation.TRANSMISE, EtatSituation.RECEVABLE):
            SituationComplexe.objects.create(
                numero=f"{etat[:3]}-{rang}", demandeur=d.mentore, etat=etat, adulte=True, informee_le=jour_local()
            )
