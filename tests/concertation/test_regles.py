"""Chaque règle du comité : la situation, puis la phrase qu’elle rend avec son énoncé, ou rien."""

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone

from concertation import regles
from concertation.actions import comite, plans, situations
from concertation.models import Nomination, Orientation, RencontreComite, SituationComplexe, SorteImpasse
from encadrement.cadre.textes import exigence
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes import rien_decrit

pytestmark = pytest.mark.django_db


def verifier(regle, objet, phrase):
    """La règle rend une phrase qui contient `phrase`, ou rien si `phrase` vaut None."""
    rendu = regle(objet)
    if phrase is None:
        assert rendu is None
    else:
        assert rendu is not None, f"{regle.__name__} a laissé passer"
        assert phrase in rendu


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


def refuser(agir, objet, par, *numeros, **saisi):
    """L’acte est refusé, cite ces énoncés, et n’écrit rien."""
    with rien_decrit(), pytest.raises(ErreurMetier) as refus:
        agir(relire(objet), par=par, **saisi)
    assert set(numeros) <= set(refus.value.exigences)


def test_chaque_regle_a_son_essai_et_cite_le_cadre():
    ecrits = Path(__file__).read_text()
    connues = {nom: regle for nom, regle in vars(regles).items() if getattr(regle, "exigences", ())}
    assert {nom for nom in connues if not re.search(rf"\bregles\.{nom}\b", ecrits)} == set()
    assert all(exigence(numero) for regle in connues.values() for numero in regle.exigences)
    assert len(connues) >= 12


# --- La demande ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-213")
def test_le_comite_ne_traite_que_la_situation_dadultes(distribution):
    d = distribution
    situation = scenes.situation_en_redaction(d)
    verifier(regles.adulte_atteste, situation, None)
    situations.ecrire_situation(situation, par=d.mentore, adulte=False)
    verifier(regles.adulte_atteste, relire(situation), "18 ans ou plus")
    refuser(situations.soumettre_situation, situation, d.mentore, "R-213")


# Ce qu’on efface d’une demande complète, la phrase qui le dit, et les énoncés cités.
MANQUES = {
    "impasse": ({"impasse": ""}, regles.impasse_nommee, "de quoi vient l’impasse", ("R-212", "R-215")),
    "directions": ({"directions": []}, regles.directions_nommees, "au moins une direction", ("R-214", "R-250")),
    "date d’information": ({"informee_le": None}, regles.personne_informee, "quand et comment", ("R-227",)),
    "façon d’informer": ({"informee_comment": ""}, regles.personne_informee, "quand et comment", ("R-227",)),
    "discussion": ({"discutee_le": None}, regles.discussion_datee, "avec votre gestionnaire", ("R-227", "R-257")),
    "question": ({"question": "  "}, regles.recit_rempli, "Décrivez la situation", ("R-215", "R-220")),
    "contexte": ({"contexte": ""}, regles.recit_rempli, "Décrivez la situation", ("R-215", "R-220")),
    "démarches": ({"recherches": "\n"}, regles.recit_rempli, "démarches déjà faites", ("R-215", "R-220")),
    "attentes": ({"attentes": ""}, regles.recit_rempli, "ce que vous attendez", ("R-215", "R-220")),
}


@pytest.mark.exigence("R-215", "R-220", "R-227", "R-256", "R-257")
@pytest.mark.parametrize("manque", MANQUES)
def test_la_demande_se_presente_complete(distribution, manque):
    d = distribution
    champs, regle, phrase, numeros = MANQUES[manque]
    situation = scenes.situation_en_redaction(d)
    verifier(regle, situation, None)
    situations.ecrire_situation(situation, par=d.mentore, **champs)
    verifier(regle, relire(situation), phrase)
    refuser(situations.soumettre_situation, situation, d.mentore, *numeros)


def test_une_page_blanche_ne_se_presente_pas(distribution):
    """Sans récit du tout, la règle le dit comme d’un récit vide."""
    d = distribution
    situation = scenes.situation_ouverte(d)
    verifier(regles.recit_rempli, situation, "Décrivez la situation")
    refuser(situations.soumettre_situation, situation, d.mentore, "R-213", "R-220", "R-227")


def test_les_trois_sortes_dimpasse_se_nomment():
    for sorte in SorteImpasse:
        verifier(regles.impasse_nommee, SituationComplexe(impasse=sorte), None)


@pytest.mark.exigence("R-246")
def test_une_demande_a_un_gestionnaire_pour_attester_ses_demarches(distribution):
    d = distribution
    situation = scenes.situation_en_redaction(d)
    verifier(regles.gestionnaire_connu, situation, None)
    Personne.objects.filter(pk=d.mentore.pk).update(superieur=None)
    verifier(regles.gestionnaire_connu, relire(situation), "Aucun gestionnaire n’est connu")
    refuser(situations.soumettre_situation, situation, d.mentore, "R-246")


# --- La rencontre, le plan, le suivi ------------------------------------------------------------------------------


@pytest.mark.exigence("R-221")
def test_une_situation_se_presente_a_une_rencontre_tenue(distribution):
    d = distribution
    recevable = scenes.situation_recevable(d)
    verifier(regles.inscrite_a_une_rencontre_tenue, recevable, "pas encore notée comme tenue")
    convoquee = scenes.situation_convoquee(d)
    verifier(regles.inscrite_a_une_rencontre_tenue, convoquee, "pas encore notée comme tenue")
    refuser(plans.presenter_situation, convoquee, d.coordonnatrice, "R-221")


@pytest.mark.exigence("R-221")
def test_la_rencontre_tenue_la_situation_se_presente(distribution):
    verifier(regles.inscrite_a_une_rencontre_tenue, scenes.situation_presentee(distribution), None)


@pytest.mark.exigence("R-221")
def test_une_rencontre_se_note_tenue_une_fois_commencee(distribution):
    d = distribution
    rencontre = scenes.rencontre_convoquee(d)
    verifier(regles.rencontre_commencee, relire(rencontre), "pas encore commencé")
    refuser(comite.tenir_rencontre, rencontre, d.coordonnatrice, "R-221")
    commencee = RencontreComite(debut=timezone.now() - datetime.timedelta(minutes=1))
    verifier(regles.rencontre_commencee, commencee, None)


@pytest.mark.exigence("R-225", "R-253")
def test_un_plan_propose_au_moins_une_orientation(distribution):
    d = distribution
    situation = scenes.situation_presentee(d)
    verifier(regles.une_orientation_au_moins, situation, "au moins une orientation")
    refuser(plans.etablir_plan, situation, d.coordonnatrice, "R-225", "R-253")
    verifier(regles.une_orientation_au_moins, scenes.orientations_ecrites(d), None)


@pytest.mark.exigence("R-254")
def test_une_situation_ne_se_ferme_quune_fois_chaque_orientation_close(distribution):
    d = distribution
    situation = scenes.situation_en_suivi(d)
    phrases = ("3 orientations encore ouvertes", "2 orientations encore ouvertes", "1 orientation encore ouverte :")
    for phrase, orientation in zip(phrases, situation.orientations.all(), strict=True):
        verifier(regles.orientations_closes, situation, phrase)
        refuser(plans.fermer_situation, situation, d.coordonnatrice, "R-254")
        plans.appliquer_orientation(orientation, par=orientation.responsable)
    verifier(regles.orientations_closes, situation, None)
    plans.fermer_situation(situation, par=d.coordonnatrice)
    assert relire(situation).etat == "fermee"


@pytest.mark.exigence("R-254")
def test_une_orientation_close_ne_se_rouvre_que_pendant_le_suivi(distribution):
    d = distribution
    verifier(regles.situation_en_suivi, scenes.orientation_appliquee(d), None)
    fermee = scenes.situation_fermee(d)
    orientation = Orientation.objects.filter(situation=fermee).first()
    verifier(regles.situation_en_suivi, orientation, "n’est plus en suivi")
    refuser(plans.rouvrir_orientation, orientation, d.coordonnatrice, "R-254", motif="Trop tôt.")


@pytest.mark.exigence("R-217")
def test_un_representant_a_un_pouvoir_decisionnel(distribution):
    d = distribution
    verifier(regles.pouvoir_decisionnel, Nomination(pouvoir=True), None)
    verifier(regles.pouvoir_decisionnel, Nomination(pouvoir=False), "pouvoir décisionnel")
    with rien_decrit(), pytest.raises(ErreurMetier) as refus:
        comite.nommer_representant(d.directrice.direction, d.delegue, par=d.directrice, pouvoir=False)
    assert "R-217" in refus.value.exigences


@pytest.mark.exigence("R-239")
def test_qui_nomme_nest_pas_qui_accepte(distribution):
    """N-12 : la DSM qui aurait nommé n’accepterait pas sa propre proposition."""
    d = distribution
    nomination = comite.nommer_representant(d.dsm.direction, d.collegue, par=d.dsm, pouvoir=True, debut=jour_local())
    refuser(comite.accepter_nomination, nomination, d.dsm)
