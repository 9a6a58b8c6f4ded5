"""Chaque règle de la consultation : la situation, puis la phrase qu’elle rend avec son énoncé, ou rien."""

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone

from consultation import regles
from consultation.actions import bottin, demandes, dsm, experts, reglages
from consultation.models import (
    Ampleur,
    Approbation,
    DemandeConsultation,
    EtatFicheExpert,
    FicheExpert,
    Sollicitation,
    SorteExpert,
    SujetConsultation,
)
from encadrement.cadre.textes import exigence
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.transition import RaisonRequise, TransitionImpossible
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit

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


def refuse(*numeros):
    """Rend le contexte d’un refus qui cite ces énoncés."""
    return _Refus(numeros)


class _Refus:
    """Un refus des règles : il cite ses énoncés, et n’écrit rien."""

    def __init__(self, numeros):
        self.numeros = set(numeros)
        self.leve = pytest.raises(ErreurMetier)
        self.trace = rien_decrit()

    def __enter__(self):
        self.trace.__enter__()
        self.erreur = self.leve.__enter__()

    def __exit__(self, *panne):
        tu = self.leve.__exit__(*panne)
        self.trace.__exit__(None, None, None)
        assert self.numeros <= set(self.erreur.value.exigences)
        return tu


def test_chaque_regle_a_son_essai_et_cite_le_cadre():
    ecrits = "".join(chemin.read_text() for chemin in Path(__file__).parent.glob("test_regles*.py"))
    connues = {nom: regle for nom, regle in vars(regles).items() if getattr(regle, "exigences", ())}
    assert {nom for nom in connues if not re.search(rf"\bregles\.{nom}\b", ecrits)} == set()
    assert all(exigence(numero) for regle in connues.values() for numero in regle.exigences)
    assert len(connues) >= 18


# --- Le bottin --------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-170", "R-171", "R-172")
def test_une_candidature_dit_a_quel_titre_et_pour_quelle_expertise(distribution):
    fiche = FicheExpert(sorte=SorteExpert.PAIR, expertise="Dysphagie")
    verifier(regles.sorte_dite, fiche, None)
    verifier(regles.expertise_dite, fiche, None)
    verifier(regles.sorte_dite, FicheExpert(), "à quel titre on vous consulte")
    verifier(regles.expertise_dite, FicheExpert(expertise="  "), "Nommez votre expertise")
    vide = bottin.ouvrir_fiche(par=distribution.mentor)
    with refuse("R-170", "R-171", "R-172"):
        bottin.soumettre_candidature(vide, par=distribution.mentor, raison="Raison.")


@pytest.mark.exigence("R-170")
@pytest.mark.parametrize(
    ("ordre", "en_regle", "phrase"),
    [("OEQ", True, None), ("OEQ", False, "en règle avec son ordre"), ("", False, None)],
)
def test_un_expert_reconnu_est_en_regle_avec_son_ordre(distribution, ordre, en_regle, phrase):
    Personne.objects.filter(pk=distribution.mentor.pk).update(ordre=ordre, ordre_en_regle=en_regle)
    fiche = scenes.fiche_en_redaction(distribution, Personne.objects.get(pk=distribution.mentor.pk))
    verifier(regles.ordre_en_regle, fiche, phrase)
    if phrase:
        with refuse("R-170"):
            bottin.soumettre_candidature(fiche, par=distribution.mentor)


@pytest.mark.exigence("R-194", "R-200")
def test_linscription_suit_lappui_du_gestionnaire_ou_de_qui_a_identifie(distribution):
    d = distribution
    verifier(regles.appui_du_gestionnaire, FicheExpert(), "suit l’appui du gestionnaire")
    verifier(regles.appui_du_gestionnaire, FicheExpert(appuyee_par=d.gestionnaire_mentor), None)
    verifier(regles.appui_du_gestionnaire, FicheExpert(identifiee_par=d.dsm), None)
    fiche = scenes.fiche_appuyee(d)
    FicheExpert.objects.update(appuyee_par=None)
    with refuse("R-200"):
        bottin.inscrire_expert(fiche, par=d.dsm)


def test_une_fiche_sans_sujet_se_soumet_avec_une_raison(distribution):
    fiche = scenes.fiche_en_redaction(distribution)
    verifier(regles.sujets_nommes, fiche, None)
    fiche.sujets.clear()
    verifier(regles.sujets_nommes, fiche, "Aucun sujet n’est coché")
    with rien_decrit(), pytest.raises(RaisonRequise):
        bottin.soumettre_candidature(fiche, par=distribution.mentor)
    bottin.soumettre_candidature(fiche, par=distribution.mentor, raison="Mon champ est nouveau.")
    assert relire(fiche).etat == EtatFicheExpert.CANDIDATURE


# --- Ses propres recherches, puis la discussion -------------------------------------------------------------------


@pytest.mark.exigence("R-169")
def test_la_consultation_sadresse_aux_membres_du_cm(distribution):
    demande = scenes.demande_en_redaction(distribution)
    verifier(regles.demandeur_membre_du_cm, demande, None)
    Personne.objects.filter(pk=distribution.mentore.pk).update(membre_cm=False)
    verifier(regles.demandeur_membre_du_cm, relire(demande), "membres du conseil multidisciplinaire")
    with refuse("R-169"):
        demandes.soumettre_demande(relire(demande), par=distribution.mentore)


@pytest.mark.exigence("R-168")
@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_une_demande_pose_une_question_precise(distribution, question):
    demande = scenes.demande_en_redaction(distribution)
    verifier(regles.question_posee, demande, None)
    demande = scenes.demande_en_redaction(distribution, question=question)
    verifier(regles.question_posee, relire(demande), "Écrivez la question précise")
    with refuse("R-166", "R-400"):
        demandes.soumettre_demande(demande, par=distribution.mentore)


@pytest.mark.exigence("R-178", "R-206")
@pytest.mark.parametrize(
    ("recherches", "constats", "passe"),
    [("3 articles.", "Rien d’applicable.", True), ("", "Rien.", False), ("3 articles.", " ", False), ("", "", False)],
)
def test_le_demandeur_fait_dabord_ses_recherches_et_dit_ce_quil_a_trouve(distribution, recherches, constats, passe):
    demande = scenes.demande_en_redaction(distribution, recherches=recherches, constats=constats)
    verifier(regles.recherches_consignees, demande, None if passe else "c’est le premier échelon")
    if passe:
        demandes.soumettre_demande(demande, par=distribution.mentore)
        assert relire(demande).etat == "a_discuter"
    else:
        with refuse("R-178", "R-206"):
            demandes.soumettre_demande(demande, par=distribution.mentore)


def test_une_demande_a_un_sujet(distribution):
    demande = scenes.demande_en_redaction(distribution, sujet=None)
    verifier(regles.sujet_choisi, demande, "Choisissez le sujet")
    verifier(regles.sujet_choisi, DemandeConsultation(sujet=SujetConsultation(pk=1)), None)
    with refuse("R-187"):
        demandes.soumettre_demande(demande, par=distribution.mentore)


def test_une_demande_de_groupe_nomme_son_groupe(distribution):
    d = distribution
    verifier(regles.groupe_nomme, scenes.demande_de_groupe(d), None)
    seule = scenes.demande_en_redaction(d, ampleur=Ampleur.GROUPE)
    verifier(regles.groupe_nomme, seule, "Nommez les personnes du groupe")
    with refuse("R-166"):
        demandes.soumettre_demande(seule, par=d.mentore)


@pytest.mark.exigence("R-179")
def test_une_demande_a_un_gestionnaire_avec_qui_en_discuter(distribution):
    demande = scenes.demande_en_redaction(distribution)
    verifier(regles.gestionnaire_connu, demande, None)
    Personne.objects.filter(pk=distribution.mentore.pk).update(superieur=None)
    verifier(regles.gestionnaire_connu, relire(demande), "Aucun gestionnaire n’est connu")
    with refuse("R-179"):
        demandes.soumettre_demande(relire(demande), par=distribution.mentore)


@pytest.mark.exigence("R-179", "R-202")
def test_la_discussion_suffit_la_ou_la_direction_la_choisi_et_la_seulement(distribution):
    d = distribution
    demande = scenes.demande_soumise(d)
    verifier(regles.discussion_suffit, demande, "c’est votre gestionnaire qui autorise")
    with refuse("R-179", "R-202"):
        demandes.constater_discussion(demande, par=d.mentore, discutee_le=jour_local())
    sienne = d.mentore.service.direction
    reglages.regler_direction(sienne, par=d.dsm, approbation=Approbation.INFORMATIVE, motif="Choix de la direction.")
    verifier(regles.discussion_suffit, relire(demande), None)
    demandes.constater_discussion(demande, par=d.mentore, discutee_le=jour_local())
    assert relire(demande).etat == "autorisee"
    assert relire(demande).discutee_avec == d.gestionnaire
    reglages.regler_direction(sienne, par=d.dsm, approbation=Approbation.EXIGEE, motif="On y revient.")
    verifier(regles.discussion_suffit, relire(demande), "c’est votre gestionnaire qui autorise")


def test_le_reglage_dune_autre_direction_ny_change_rien(distribution):
    d = distribution
    reglages.regler_direction(
        d.executif_cm.service.direction, par=d.dsm, approbation=Approbation.INFORMATIVE, motif="Choix."
    )
    verifier(regles.discussion_suffit, scenes.demande_soumise(d), "c’est votre gestionnaire qui autorise")


# --- L’expert du CISSS --------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-172", "R-180")
@pytest.mark.parametrize("etat", EtatFicheExpert.values)
def test_on_ne_consulte_que_qui_est_disponible_au_bottin(distribution, etat):
    fiche = FicheExpert(personne=distribution.mentor, etat=etat)
    verifier(regles.fiche_disponible, fiche, None if etat == "active" else "n’est pas disponible")


@pytest.mark.exigence("R-172", "R-180")
def test_un_expert_parti_ou_en_pause_ne_se_choisit_pas(distribution):
    d = distribution
    demande, fiche = scenes.demande_autorisee(d), scenes.fiche_inscrite(d)
    verifier(regles.fiche_disponible, FicheExpert(personne=d.inactif, etat="active"), "n’est pas disponible")
    bottin.mettre_en_pause(fiche, par=d.mentor)
    with refuse("R-172", "R-180"):
        experts.choisir_expert(demande, par=d.mentore, fiche=relire(fiche))


@pytest.mark.exigence("R-170", "R-180")
def test_on_ne_se_consulte_pas_soi_meme_ni_qui_a_deja_decline(distribution):
    d = distribution
    sienne = scenes.fiche_inscrite(d, d.mentore)
    declinee = scenes.demande_declinee(d)
    with refuse("R-170"):
        experts.choisir_expert(declinee, par=d.mentore, fiche=sienne)
    with refuse("R-180"):
        experts.choisir_expert(declinee, par=d.mentore, fiche=scenes.autre_fiche(d))


@pytest.mark.exigence("R-170")
def test_un_membre_du_groupe_nest_pas_lexpert_du_groupe(distribution):
    d = distribution
    fiche = scenes.fiche_inscrite(d, d.collegue, "Deuil")
    demande = scenes.demande_de_groupe(d)
    demandes.soumettre_demande(demande, par=d.mentore)
    demandes.autoriser_consultation(demande, par=d.gestionnaire, discutee_le=jour_local())
    with refuse("R-170"):
        experts.choisir_expert(demande, par=d.mentore, fiche=fiche)


@pytest.mark.exigence("R-177", "R-181")
def test_la_dsm_suit_un_expert_qui_a_decline_ou_une_absence_constatee(distribution):
    d = distribution
    autorisee = scenes.demande_autorisee(d)
    verifier(regles.un_expert_a_decline, autorisee, "Consultez d’abord un expert du bottin")
    with refuse("R-181"):
        dsm.demander_a_la_dsm(autorisee, par=d.mentore)
    declinee = scenes.demande_declinee(d)
    verifier(regles.un_expert_a_decline, declinee, None)
    dsm.demander_a_la_dsm(declinee, par=d.mentore)
    dsm.constater_absence(autorisee, par=d.mentore, motif="Aucune fiche en neuro-ophtalmologie.")
    assert {relire(demande).etat for demande in (autorisee, declinee)} == {"formulaire"}


@pytest.mark.exigence("R-181")
def test_reprendre_sa_demande_a_un_expert_qui_na_pas_repondu_ne_suffit_pas(distribution):
    d = distribution
    demande = scenes.demande_chez_expert(d)
    experts.changer_expert(demande, par=d.mentore)
    verifier(regles.un_expert_a_decline, demande, "Consultez d’abord un expert du bottin")


def test_on_naccepte_quun_moment_propose_et_a_venir(distribution):
    d = distribution
    chez = scenes.demande_chez_expert(d)
    verifier(regles.moment_propose, chez, "n’a pas proposé de moment")
    verifier(regles.moment_propose, scenes.demande_autorisee(d), "n’a pas proposé de moment")
    with refuse("R-174"):
        experts.accepter_moment(chez, par=d.mentore)
    experts.proposer_moment(chez, par=d.mentor, moment=timezone.now() + datetime.timedelta(hours=1))
    verifier(regles.moment_propose, chez, None)
    verifier(regles.moment_a_venir, chez, None)
    Sollicitation.objects.update(moment_propose=timezone.now() - datetime.timedelta(minutes=1))
    verifier(regles.moment_a_venir, chez, "déjà passé")
    with refuse("R-174"):
        experts.accepter_moment(chez, par=d.mentore)


@pytest.mark.exigence("R-188", "R-205")
def test_lavis_suit_une_rencontre_consignee_avec_cet_expert(distribution):
    d = distribution
    demande = scenes.demande_acceptee(d)
    verifier(regles.rencontre_consignee, demande, "Consignez d’abord la rencontre")
    with refuse("R-188", "R-205"):
        experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")
    experts.consigner_rencontre(demande, par=d.mentor, jour=jour_local(), **scenes.RENCONTRE)
    verifier(regles.rencontre_consignee, demande, None)


@pytest.mark.parametrize(("nombre", "phrase"), [(1, None), (3, None), (4, "4 rencontres sont consignées")])
def test_une_consultation_compte_quelques_rencontres_au_plus(distribution, nombre, phrase):
    d = distribution
    demande = scenes.demande_acceptee(d)
    for rang in range(nombre):
        experts.consigner_rencontre(demande, par=d.mentor, jour=jour_local(), minutes=30 + rang, mode="teams")
    verifier(regles.quelques_rencontres, demande, phrase)
    if phrase:
        with rien_decrit(), pytest.raises(RaisonRequise):
            experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")
    experts.rendre_avis(demande, par=d.mentor, avis="Une piste.", raison="Le groupe y tenait.")


# --- Le formulaire de la DSM --------------------------------------------------------------------------------------


@pytest.mark.exigence("R-181", "R-208", "R-400")
@pytest.mark.parametrize(
    ("champ", "numero"),
    [("attentes", "R-400"), ("question", "R-400"), ("recherches", "R-178"), ("constats", "R-178"), ("sujet", "R-187")],
)
def test_le_formulaire_de_la_dsm_se_transmet_complet(distribution, champ, numero):
    d = distribution
    demande = scenes.formulaire_ouvert(d)
    verifier(regles.attentes_dites, demande, None)
    demandes.ecrire_demande(demande, par=d.mentore, **{champ: None if champ == "sujet" else "  "})
    if champ == "attentes":
        verifier(regles.attentes_dites, relire(demande), "Dites ce que vous attendez")
    with refuse(numero):
        dsm.transmettre_a_la_dsm(relire(demande), par=d.mentore, confirmation=scenes.CONFIRMATION)


def test_un_refus_dit_toutes_ses_raisons(distribution):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    with rien_decrit(), pytest.raises(TransitionImpossible) as refus:
        demandes.soumettre_demande(demande, par=distribution.mentore)
    assert {raison.regle for raison in refus.value.raisons} == {
        "question_posee", "recherches_consignees", "sujet_choisi"
    }  # fmt: skip
    assert {"R-166", "R-178", "R-187"} <= set(refus.value.exigences)
