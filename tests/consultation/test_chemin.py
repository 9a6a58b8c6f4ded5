"""La trajectoire dessinée suit la demande : chemin court, par la DSM, sans expert, réorientée (R-177, R-401)."""

import pytest

from consultation.actions import demandes, dsm, experts, issues, reglages
from consultation.models import DemandeConsultation, LigneSuivi
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.dessin import etapes
from tests.consultation import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("R-177", "R-401")]

AVANT = ["brouillon", "a_discuter", "autorisee"]
EXPERT = ["chez_expert", "acceptee", "avis_rendu"]
DSM = ["formulaire", "transmise", "analysee"]
RUISSS = ["au_ruisss", "en_contact"]


def dessin(demande):
    """Rend (étapes faites, étape courante, étapes à venir) de ce qui se dessine."""
    lues = etapes(DemandeConsultation.objects.get(pk=demande.pk))
    faites = [etape["code"] for etape in lues if etape["statut"] == "faite"]
    (courante,) = (etape["code"] for etape in lues if etape["statut"] == "courante")
    return faites, courante, [etape["code"] for etape in lues if etape["statut"] == "a_venir"]


def _reorientee(d):
    """Un premier expert décline, la DSM analyse ; l’APPR connaît un autre expert du CISSS."""
    demande = scenes.demande_analysee(d)
    experts.reorienter_vers_expert(demande, par=d.appr, fiche=scenes.fiche_inscrite(d), motif="Il connaît ce sujet.")
    return demande


def _rendre_l_avis(d, demande):
    experts.accepter_demande(demande, par=d.mentor)
    experts.consigner_rencontre(demande, par=d.mentor, jour=jour_local(), **scenes.RENCONTRE)
    experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")


def test_le_chemin_court_ne_montre_ni_la_dsm_ni_le_ruisss(distribution):
    d = distribution
    assert dessin(scenes.demande_en_redaction(d)) == ([], "brouillon", [*AVANT[1:], *EXPERT, "fermee"])
    assert dessin(scenes.demande_chez_expert(d)) == (AVANT, "chez_expert", [*EXPERT[1:], "fermee"])
    assert dessin(scenes.demande_fermee(d)) == ([*AVANT, *EXPERT], "fermee", [])


def test_lexpert_qui_decline_ramene_au_choix_sans_promettre_la_dsm(distribution):
    assert dessin(scenes.demande_declinee(distribution)) == (AVANT[:2], "autorisee", [*EXPERT, "fermee"])


def test_le_chemin_de_la_dsm_garde_lexpert_sollicite_et_annonce_le_ruisss(distribution):
    d = distribution
    # L’expert a décliné : il a eu la demande, il ne l’a ni acceptée ni close.
    assert dessin(scenes.formulaire_ouvert(d)) == ([*AVANT, "chez_expert"], "formulaire", [*DSM[1:], *RUISSS, "fermee"])
    assert dessin(scenes.demande_transmise(d))[0] == [*AVANT, "chez_expert", "formulaire"]
    assert dessin(scenes.demande_fermee_par_le_ruisss(d)) == (
        [*AVANT, "chez_expert", *DSM, *RUISSS],
        "fermee",
        [],
    )


def test_lavis_qui_na_pas_suffi_reste_au_dessin_de_la_suite(distribution):
    demande = scenes.avis_rendu(distribution)
    issues.poursuivre_vers_la_dsm(demande, par=distribution.mentore, reponses=scenes.REPONSES)
    assert dessin(demande)[0] == [*AVANT, *EXPERT]


def test_sans_aucun_expert_le_dessin_saute_leur_echelon(distribution):
    demande = scenes.demande_autorisee(distribution)
    dsm.constater_absence(demande, par=distribution.mentore, motif="Aucune fiche ne convient.")
    assert dessin(demande) == (AVANT, "formulaire", [*DSM[1:], *RUISSS, "fermee"])


def test_la_demande_reorientee_revient_chez_lexpert_apres_la_dsm(distribution):
    demande = _reorientee(distribution)
    assert dessin(demande) == ([*AVANT, *DSM], "chez_expert", [*EXPERT[1:], "fermee"])


def test_reorientee_puis_declinee_elle_attend_un_autre_expert_la_dsm_derriere(distribution):
    demande = _reorientee(distribution)
    experts.decliner_demande(demande, par=distribution.mentor, motif="Complet.")
    assert dessin(demande) == (["brouillon", "a_discuter", *DSM], "autorisee", [*EXPERT, "fermee"])


def test_fermee_par_lexpert_vers_qui_lappr_reorientait_elle_na_pas_vu_le_ruisss(distribution):
    d = distribution
    demande = _reorientee(d)
    _rendre_l_avis(d, demande)
    issues.fermer_consultation(demande, par=d.mentore, suite="denouee", reponses=scenes.REPONSES)
    assert dessin(demande) == ([*AVANT, *DSM, *EXPERT], "fermee", [])


def test_un_ruisss_sans_reponse_nempeche_pas_linscription_au_suivi_de_lexpert_qui_prend_la_suite(distribution):
    d = distribution
    demande = scenes.demande_acheminee(d)
    dsm.constater_sans_reponse(demande, par=d.appr_liaison, motif="Aucun expert là-bas non plus.")
    experts.reorienter_vers_expert(demande, par=d.appr, fiche=scenes.fiche_inscrite(d), motif="Il revient de congé.")
    _rendre_l_avis(d, demande)
    issues.fermer_consultation(demande, par=d.mentore, suite="denouee", reponses=scenes.REPONSES)
    assert dessin(demande) == ([*AVANT, *DSM, *EXPERT], "fermee", [])
    assert [(ligne.expert, ligne.est_du_ruisss) for ligne in LigneSuivi.objects.all()] == [(d.mentor, False)]


@pytest.mark.parametrize(
    ("scene", "faites", "courante"),
    [
        ("demande_non_pertinente", ["brouillon", "a_discuter"], "non_pertinente"),
        ("demande_au_comite", [*AVANT, *DSM], "au_comite"),
        ("demande_retiree", ["brouillon", "a_discuter"], "retiree"),
    ],
)
def test_une_demande_qui_sarrete_se_dessine_jusque_la(distribution, scene, faites, courante):
    dites, ici, suite = dessin(getattr(scenes, scene)(distribution))
    assert (ici, suite) == (courante, [])
    # Ce qu’elle n’a pas franchi ne se dessine pas.
    assert dites == faites


@pytest.mark.parametrize(
    ("scene", "attend"),
    [
        ("demande_soumise", "Hélène Arsenault"),
        ("demande_chez_expert", "Guylaine Cyr"),
        ("moment_propose", "Loïc St-Onge"),
        ("demande_acceptee", "Guylaine Cyr"),
        ("avis_rendu", "Loïc St-Onge"),
        ("demande_transmise", "un APPR de la DSM"),
        ("demande_analysee", "l’agent de liaison du RUISSS UL"),
    ],
)
def test_le_demandeur_voit_toujours_a_qui_cest_le_tour(distribution, scene, attend):
    demande = getattr(scenes, scene)(distribution)
    (courante,) = (etape for etape in etapes(demande) if etape["statut"] == "courante")
    assert courante["attend"] == attend


@pytest.mark.exigence("R-179", "R-202")
def test_la_ou_la_discussion_suffit_cest_le_tour_du_demandeur(distribution):
    d = distribution
    reglages.regler_direction(d.mentore.direction, par=d.dsm, approbation="informative", motif="Choix.")
    demande = DemandeConsultation.objects.get(pk=scenes.demande_soumise(d).pk)
    (courante,) = (etape for etape in etapes(demande) if etape["statut"] == "courante")
    assert courante["attend"] == "Loïc St-Onge"


def test_reprendre_la_redaction_ne_laisse_aucune_etape_faite(distribution):
    demande = scenes.demande_soumise(distribution)
    demandes.reprendre_demande(demande, par=distribution.mentore)
    assert dessin(demande) == ([], "brouillon", [*AVANT[1:], *EXPERT, "fermee"])
