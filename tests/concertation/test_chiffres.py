"""Les chiffres du comité, contre un compte fait à la main (R-229 à R-231, R-236, R-237, R-254)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concertation.actions import comite, plans
from concertation.models import Orientation
from encadrement.bilan_annuel.models import BilanAnnuel
from encadrement.outils.horloge import au
from encadrement.rencontres.serie import creneau
from encadrement.socle.temps import AnneeFinanciere
from encadrement.sondages.actions import fermer_campagne, inviter, ouvrir_campagne, repondre
from tests.concertation import scenes
from tests.encadrement.indicateurs.lecture import compte, delai, parts, sur
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
CHIFFRES = "/indicateurs/concertation/"
ANNEE = AnneeFinanciere(2026)


@pytest.fixture
def d(distribution):
    return distribution


@pytest.fixture(autouse=True)
def en_novembre(time_machine):
    time_machine.move_to("2026-11-27T10:00:00-05:00", tick=False)


def tenue(d, jour, *, est_supplementaire=False):
    """Une rencontre tenue ce jour-là, de 13 h à 16 h."""
    with au(jour - datetime.timedelta(days=30)):
        (rencontre,) = comite.planifier_rencontres(
            [creneau(jour, datetime.time(13), 180)], par=d.coordonnatrice, est_supplementaire=est_supplementaire
        )
    with au(jour - datetime.timedelta(days=8)):
        comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    with au(jour + datetime.timedelta(days=1)):
        comite.tenir_rencontre(rencontre, par=d.coordonnatrice)
    return rencontre


def presentee(d, depot, jour):
    """Une situation attestée le jour du dépôt, présentée à une rencontre tenue tel jour, et notée le lendemain."""
    scenes.representants(d)
    with au(depot):
        situation = scenes.situation_recevable(d)
        (rencontre,) = comite.planifier_rencontres(
            [creneau(jour, datetime.time(9 + scenes.RencontreComite.objects.count() % 8), 60)], par=d.coordonnatrice
        )
        scenes.convocations.inscrire_situation(situation, rencontre, par=d.coordonnatrice)
        comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    with au(jour + datetime.timedelta(days=1)):
        comite.tenir_rencontre(rencontre, par=d.coordonnatrice)
        plans.presenter_situation(situation, par=d.coordonnatrice)
    return type(situation).objects.get(pk=situation.pk)


def orientee(d, situation, direction, *, jour, appliquee=None, non_appliquee=False):
    """Une orientation prise ce jour-là ; `appliquee` : tant de jours après la rencontre."""
    with au(jour):
        orientation = plans.ajouter_orientation(
            situation,
            par=d.coordonnatrice,
            texte="x",
            direction=direction,
            responsable=d.parrain,
            echeance=jour + datetime.timedelta(days=90),
        )
    rencontre = orientation.rencontre.jour
    if appliquee is not None:
        with au(rencontre + datetime.timedelta(days=appliquee)):
            plans.appliquer_orientation(orientation, par=d.coordonnatrice)
    if non_appliquee:
        plans.ne_pas_appliquer_orientation(orientation, par=d.coordonnatrice, raison_du_refus="x")
    return Orientation.objects.get(pk=orientation.pk)


J = datetime.date


@pytest.mark.exigence("R-229", "R-236")
def test_les_rencontres_de_l_annee_par_leur_date(d, client_de):
    tenue(d, J(2026, 3, 31))  # l’année d’avant
    tenue(d, J(2026, 4, 1))
    tenue(d, J(2026, 6, 10))
    tenue(d, J(2026, 6, 24), est_supplementaire=True)
    scenes.rencontre_convoquee(d)  # à venir
    scenes.rencontre_planifiee(d, dans=50)
    assert compte("concertation.rencontres", ANNEE) == 3
    assert compte("concertation.rencontres", ANNEE.precedente) == 1
    page = client_de(d.dsm).get("/concertation/chiffres/", {"annee": "2026"}, follow=True)
    rencontres = page.context["fiches"][0].ligne
    assert (rencontres.maintenant.texte, rencontres.avant.texte, rencontres.ecart.texte) == ("3", "1", "2 de plus")


@pytest.mark.exigence("R-229")
def test_une_rencontre_annulee_ne_compte_pas(d):
    scenes.rencontre_annulee(d)
    assert compte("concertation.rencontres", ANNEE) == 0


@pytest.mark.exigence("R-230", "R-236")
def test_les_situations_traitees_et_le_temps_qu_elles_ont_attendu(d, client_de):
    assert delai("concertation.delai_presentation", ANNEE, d.dsm) == (None, 0)
    presentee(d, J(2026, 3, 1), J(2026, 3, 31))  # tenue le 31 mars, notée le 1er avril : l’année d’avant
    presentee(d, J(2026, 5, 1), J(2026, 5, 13))  # 12 jours
    deux_fois = presentee(d, J(2026, 5, 1), J(2026, 6, 10))  # 40 jours
    presentee(d, J(2026, 9, 1), J(2026, 9, 9))  # 8 jours
    scenes.situation_recevable(d)  # pas encore présentée
    # Ramenée en octobre, elle ne compte toujours qu’une fois, et n’a attendu qu’une fois.
    orientee(d, deux_fois, d.dsm.direction, jour=J(2026, 6, 12))
    plans.etablir_plan(deux_fois, par=d.coordonnatrice)
    plans.ramener_au_comite(deux_fois, par=d.coordonnatrice, motif="Deux ruptures.")
    with au(J(2026, 10, 1)):
        (rencontre,) = comite.planifier_rencontres(
            [creneau(J(2026, 10, 14), datetime.time(13), 180)], par=d.coordonnatrice
        )
        scenes.convocations.inscrire_situation(deux_fois, rencontre, par=d.coordonnatrice)
        comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    with au(J(2026, 10, 15)):
        comite.tenir_rencontre(rencontre, par=d.coordonnatrice)
        plans.presenter_situation(deux_fois, par=d.coordonnatrice)
    assert compte("concertation.situations", ANNEE, d.dsm) == 3
    assert compte("concertation.situations", ANNEE.precedente, d.dsm) == 1
    assert delai("concertation.delai_presentation", ANNEE, d.dsm) == (12, 3)
    situations = client_de(d.executif_cm).get(CHIFFRES).context["fiches"][1].ligne
    assert (situations.indicateur.code, situations.maintenant.texte) == ("concertation.situations", "3")


@pytest.mark.exigence("R-236", "R-254")
def test_le_taux_et_le_delai_d_application(d):
    situation = presentee(d, J(2026, 5, 1), J(2026, 5, 13))
    sapa = d.mentore.direction
    le_14 = J(2026, 5, 14)
    for jours in (5, 9, 20):
        orientee(d, situation, sapa, jour=le_14, appliquee=jours)
    orientee(d, situation, sapa, jour=le_14, non_appliquee=True)
    orientee(d, situation, sapa, jour=le_14)
    etats = parts("concertation.orientations", ANNEE, d.dsm)
    assert (sum(etats.values()), etats["appliquée"], etats["non appliquée"]) == (5, 3, 1)
    assert (compte("concertation.application", ANNEE, d.dsm), sur("concertation.application", ANNEE, d.dsm)) == (3, 4)
    assert delai("concertation.delai_application", ANNEE, d.dsm) == (9, 3)
    # Rouverte, elle n’est plus appliquée.
    plans.etablir_plan(situation, par=d.coordonnatrice)
    plans.rouvrir_orientation(situation.orientations.get(rang=3), par=d.coordonnatrice, motif="Trop tôt.")
    assert delai("concertation.delai_application", ANNEE, d.dsm) == (7, 2)
    assert (compte("concertation.application", ANNEE, d.dsm), sur("concertation.application", ANNEE, d.dsm)) == (2, 3)


@pytest.mark.exigence("R-231", "R-237")
@pytest.mark.parametrize(("nombre", "parait"), [(4, False), (5, True)])
@pytest.mark.parametrize("code", ["concertation-rencontre", "concertation-annuelle"])
def test_la_satisfaction_se_tait_sous_cinq_personnes(d, client_de, code, nombre, parait):
    campagne = ouvrir_campagne(code, cle="essai", mesure="concertation", annee=ANNEE, libelle="essai")
    reponses = {question.code: 4 for question in campagne.questionnaire.liste if question.chiffree}
    for invitation in inviter(campagne, PersonneFactory.create_batch(nombre, mot_de_passe=None)):
        repondre(invitation, par=invitation.personne, reponses=reponses)
    ouverte = texte_de(client_de(d.dsm).get(CHIFFRES))
    assert "4,0 sur 5" not in ouverte
    fermer_campagne(campagne)
    for qui in (d.dsm, d.appr, d.coordonnatrice, d.executif_cm):
        assert ("4,0 sur 5" in texte_de(client_de(qui).get(CHIFFRES))) is parait


def test_les_comptes_ignorent_les_situations_dont_on_est_exclu(d):
    situation = scenes.situation_fermee(d)
    assert compte("concertation.situations", ANNEE, d.appr) == 1
    scenes.exclusions.exclure(situation, par=d.mentore, personne=d.appr)
    assert compte("concertation.situations", ANNEE, d.appr) == 0
    assert parts("concertation.orientations", ANNEE, d.appr) == {}
    assert delai("concertation.delai_application", ANNEE, d.appr) == (None, 0)
    assert delai("concertation.delai_presentation", ANNEE, d.appr) == (None, 0)
    assert compte("concertation.situations", ANNEE, d.dsm) == 1


@pytest.mark.parametrize(("bilan", "tu"), [(None, True), (2025, True), (2026, False), (2027, False)])
def test_un_bilan_publie_dit_a_chacun_le_meme_nombre(d, bilan, tu):
    situation = scenes.situation_fermee(d)
    scenes.exclusions.exclure(situation, par=d.mentore, personne=d.appr)
    if bilan:
        BilanAnnuel.objects.create(annee=bilan, diffuse=True)
    situations = {qui: compte("concertation.situations", ANNEE, qui) for qui in (d.dsm, d.appr)}
    orientations = {qui: sum(parts("concertation.orientations", ANNEE, qui).values()) for qui in (d.dsm, d.appr)}
    for vus in (situations, orientations):
        assert vus[d.dsm] > 0
        assert vus[d.appr] == (0 if tu else vus[d.dsm])


def test_dix_situations_ne_demandent_pas_plus_de_requetes_qu_une(d, client_de):
    scenes.situation_fermee(d)
    client = client_de(d.dsm)
    client.get(CHIFFRES)
    with CaptureQueriesContext(connection) as une:
        client.get(CHIFFRES)
    for rang in range(9):
        presentee(d, J(2026, 5, 1), J(2026, 5, 13) + datetime.timedelta(days=rang))
    with CaptureQueriesContext(connection) as dix:
        assert client.get(CHIFFRES).context["fiches"][1].ligne.maintenant.texte == "10"
    assert len(dix) <= len(une)
