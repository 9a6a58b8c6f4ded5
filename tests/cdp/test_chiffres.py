"""Les chiffres de la mesure : ce qu’ils comptent, ce qu’ils taisent, qui les voit."""

import datetime

import pytest

from cdp.actions import adhesions, communautes, comptes_rendus
from cdp.rappels import evaluations
from encadrement.outils.horloge import au
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.sondages.annuelles import ouvrir_les_annuelles
from encadrement.sondages.models import Campagne, Invitation
from tests.cdp import scenes
from tests.encadrement.indicateurs.lecture import compte, parts, sur
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def annee():
    return AnneeFinanciere.du(jour_local())


@pytest.mark.exigence("R-142")
def test_une_communaute_compte_des_quelle_est_agreee(distribution, annee):
    scenes.communaute_proposee(distribution)
    assert compte("cdp.communautes", annee) == 0
    scenes.communaute_active(distribution, "Une autre")
    assert compte("cdp.communautes", annee) == 1
    assert compte("cdp.communautes", annee.precedente) == 0


@pytest.mark.exigence("R-142")
def test_une_communaute_dissoute_compte_lannee_de_sa_fin_et_plus_apres(distribution, annee):
    communaute = scenes.communaute_active(distribution)
    communautes.dissoudre_communaute(communaute, par=distribution.parrain, motif="Mandat accompli.")
    assert compte("cdp.communautes", annee) == 1
    assert compte("cdp.communautes", annee.suivante) == 0


@pytest.mark.exigence("R-142")
def test_un_membre_de_deux_communautes_compte_une_fois_un_parti_compte_son_annee(distribution, annee):
    premiere = scenes.communaute_active(distribution)
    avant = compte("cdp.membres", annee)
    assert avant == 4  # l’animatrice, la secrétaire, la membre, et l’ancien membre parti cette année
    seconde = scenes.communaute_active(distribution, "Une autre")
    assert compte("cdp.membres", annee) == avant
    adhesions.quitter(premiere.adhesions.actives().get(personne=distribution.membre), par=distribution.membre)
    assert compte("cdp.membres", annee) == avant
    assert seconde.pk != premiere.pk


@pytest.mark.exigence("R-142")
def test_une_demande_ou_une_invitation_ne_fait_pas_un_membre(distribution, annee):
    scenes.adhesion_demandee(distribution)
    assert compte("cdp.membres", annee) == 4


@pytest.mark.exigence("R-144")
def test_le_rapport_compte_une_fois_approuve_avec_latteinte_de_ses_objectifs(distribution, annee):
    scenes.rapport_soumis(distribution)
    assert compte("cdp.rapports", annee) == 0
    rapport = scenes.Communaute.objects.get().rapportannuels.get()
    scenes.annees.approuver_rapport(
        rapport, par=distribution.parrain, confirmation=scenes.CONFIRMATION, renouveler=True
    )
    assert compte("cdp.rapports", annee) == 1
    assert (compte("cdp.renouvellements", annee), sur("cdp.renouvellements", annee)) == (1, 1)
    assert parts("cdp.objectifs", annee)["atteint"] == 3


def test_la_vitalite_vient_des_comptes_rendus(distribution, annee):
    scenes.rencontre_redigee(distribution)
    assert compte("cdp.rencontres", annee) == 1
    assert (compte("cdp.presences", annee), sur("cdp.presences", annee)) == (2, 3)
    assert parts("cdp.contributions", annee)["expérience clinique ou partage de formation"] == 1


@pytest.mark.exigence("R-144", "R-396")
def test_une_contribution_suit_la_rencontre_dont_on_corrige_la_date(distribution, annee):
    rencontre, un_an = scenes.rencontre_redigee(distribution), datetime.timedelta(days=365)
    comptes_rendus.corriger_horaire(
        rencontre, par=distribution.secretaire, debut=rencontre.debut - un_an, fin=rencontre.fin - un_an
    )
    experience = "expérience clinique ou partage de formation"
    assert experience not in parts("cdp.contributions", annee)
    assert parts("cdp.contributions", annee.precedente)[experience] == 1


@pytest.mark.exigence("R-143", "R-161", "R-164")
def test_la_satisfaction_se_demande_aux_membres_aux_parrains_et_aux_gestionnaires(distribution):
    scenes.communaute_active(distribution)
    with au(datetime.date(jour_local().year + 1, 3, 2)):
        evaluations.inscrire_evaluations()
        ouvrir_les_annuelles()
    invites = {
        code: set(
            Invitation.objects.filter(campagne__questionnaire__code=code).values_list("personne__prenom", flat=True)
        )
        for code in ("cdp-membres", "cdp-parrain", "cdp-gestionnaires")
    }
    assert invites["cdp-membres"] == {"Marie-Ève", "Zélie", "Kim"}
    assert invites["cdp-parrain"] == {"Pierre-Luc"}
    assert invites["cdp-gestionnaires"] == {"Nathalie"}
    assert Campagne.objects.filter(mesure="cdp").count() == 3


@pytest.mark.exigence("R-143")
def test_la_page_tait_la_satisfaction_tant_quelle_designerait_quelquun(client_de, distribution):
    scenes.communaute_active(distribution)
    page = texte_de(client_de(distribution.appr).get("/indicateurs/cdp/"))
    assert "Communautés de pratique" in page
    assert "Satisfaction des membres" in page
    assert "sur 5" not in page


def test_lannee_de_ladresse_choisit_les_chiffres(client_de, distribution, annee):
    scenes.communaute_active(distribution)
    page = client_de(distribution.dsm).get(
        "/communautes/chiffres/", {"annee": annee.precedente.debut_annee}, follow=True
    )
    assert page.context["portee"].periode.annee == annee.precedente
    assert page.redirect_chain[0][0].startswith("/indicateurs/cdp/")
