"""Une ligne naît d’elle-même quand une consultation se termine : une seule, avec tout son temps (R-205, R-402)."""

import datetime

import pytest
from django.urls import reverse

from consultation.actions import dsm, experts, issues
from consultation.actions.suivi import inscrire_au_suivi
from consultation.models import LigneSuivi, ModeConsultation, Suite
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("R-192", "R-205", "R-402")
def test_fermer_inscrit_une_ligne_et_une_seule(distribution, client_de):
    d = distribution
    demande = scenes.demande_fermee(d)
    ligne = LigneSuivi.objects.get()
    assert (ligne.sollicitation, ligne.expert, ligne.demandeur) == (demande.sollicitation, d.mentor, d.mentore)
    assert (ligne.expertise, ligne.minutes, ligne.sujet) == (scenes.EXPERTISE, 45, demande.sujet)
    assert (ligne.jour, ligne.direction) == (jour_local(), d.mentore.direction)
    assert ligne.est_automatique
    inscrire_au_suivi(demande)
    assert LigneSuivi.objects.count() == 1
    assert "Héminégligence" in texte_de(client_de(d.mentor).get(reverse("consultation:suivi")))


@pytest.mark.exigence("R-188", "R-402")
def test_la_duree_est_la_somme_des_rencontres_et_la_date_celle_de_la_premiere(distribution):
    d = distribution
    demande = scenes.rencontre_tenue(d)
    veille = jour_local() - datetime.timedelta(days=1)
    experts.consigner_rencontre(demande, par=d.mentore, jour=veille, minutes=20, mode=ModeConsultation.TELEPHONE)
    experts.rendre_avis(demande, par=d.mentor, avis="Une piste.")
    issues.fermer_consultation(demande, par=d.mentore, suite=Suite.EVITEE, reponses=scenes.REPONSES)
    ligne = LigneSuivi.objects.get()
    assert (ligne.minutes, ligne.jour) == (65, veille)


@pytest.mark.exigence("R-402")
def test_une_consultation_du_ruisss_s_inscrit_au_nom_de_l_expert_externe(distribution):
    demande = scenes.demande_fermee_par_le_ruisss(distribution)
    ligne = LigneSuivi.objects.get()
    assert ligne.acheminement == demande.acheminement
    assert ligne.est_du_ruisss
    assert ligne.expert is None
    assert ligne.nom_expert == "Clinique de réadaptation neurologique, CHU de Québec – Université Laval"
    assert (ligne.minutes, ligne.expertise) == (90, "Réadaptation neurologique")


@pytest.mark.exigence("R-402")
def test_poursuivre_vers_la_dsm_inscrit_la_consultation_tenue_et_le_ruisss_en_ajoute_une(distribution):
    d = distribution
    demande = scenes.avis_rendu(d)
    issues.poursuivre_vers_la_dsm(demande, par=d.mentore, reponses=scenes.REPONSES)
    assert LigneSuivi.objects.get().expert == d.mentor
    dsm.transmettre_a_la_dsm(demande, par=d.mentore, confirmation=scenes.CONFIRMATION)
    dsm.analyser_demande(demande, par=d.appr, motif="L’expertise manque.")
    dsm.acheminer_au_ruisss(demande, par=d.appr_liaison, **scenes.RUISSS)
    dsm.etablir_contact(demande, par=d.appr_liaison, contact_le=jour_local(), **scenes.CONTACT)
    experts.consigner_rencontre(demande, par=d.mentore, jour=jour_local(), minutes=60, mode=ModeConsultation.TEAMS)
    issues.fermer_consultation(demande, par=d.mentore, suite=Suite.DENOUEE, reponses=scenes.REPONSES)
    assert sorted(LigneSuivi.objects.values_list("expert_externe", "minutes")) == [
        ("", 45),
        ("Clinique de réadaptation neurologique, CHU de Québec – Université Laval", 60),
    ]


@pytest.mark.exigence("R-402")
def test_ce_qui_ne_s_est_pas_tenu_n_entre_pas_au_tableau(distribution):
    d = distribution
    scenes.demande_non_pertinente(d)
    scenes.demande_declinee(d)
    scenes.demande_retiree(d)
    scenes.demande_acceptee(d)
    sans_rencontre = scenes.demande_en_contact(d)
    dsm.clore_sans_nouvelles(sans_rencontre, par=d.appr_liaison, motif="Aucune nouvelle.")
    assert not LigneSuivi.objects.exists()
