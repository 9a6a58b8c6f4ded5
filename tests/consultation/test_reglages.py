"""Le réglage d’une direction : le gestionnaire autorise la consultation, ou la discussion suffit (R-199, R-202, Q-17)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import demandes, reglages
from consultation.models import Approbation, DemandeConsultation, ReglageDirection, approbation_exigee
from encadrement.journal.models import Entree
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.transition import TransitionImpossible
from tests.consultation import scenes
from tests.consultation.traces import rien_decrit
from tests.factories import DirectionFactory
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
LISTE = reverse("consultation:reglages")
SAISIE = {"approbation": "informative", "motif": "Décision du comité de direction du 3 septembre."}


def adresse(direction):
    return reverse("consultation:reglage_modifier", args=[direction.pk])


@pytest.fixture
def direction(distribution):
    return distribution.mentore.service.direction


@pytest.mark.exigence("R-199", "R-202")
def test_sans_reglage_le_gestionnaire_autorise(distribution, client_de, direction):
    assert approbation_exigee(direction)
    page = texte_de(client_de(distribution.mentore).get(LISTE))
    assert str(direction) in page
    assert "Le gestionnaire autorise la consultation" in page
    assert "Q-17" in page


@pytest.mark.exigence("R-199", "R-202")
@pytest.mark.parametrize("qui", ["dsm", "appr", "appr_liaison"])
def test_la_dsm_regle_une_direction_et_chacun_lit_qui_et_pourquoi(distribution, client_de, direction, qui):
    d = distribution
    assert client_de(d[qui]).post(adresse(direction), SAISIE).url == LISTE
    assert not approbation_exigee(direction)
    page = texte_de(client_de(d.mentore).get(LISTE))
    assert "La discussion suffit" in page
    assert "Décision du comité de direction du 3 septembre." in page
    assert str(d[qui]) in page
    assert Entree.objects.filter(acte="consultation.reglage.poser").count() == 1


@pytest.mark.exigence("R-199", "R-202")
def test_le_reglage_dune_direction_change_ce_que_le_demandeur_peut_faire(distribution, client_de, direction):
    d = distribution
    demande = scenes.demande_soumise(d)
    with pytest.raises(TransitionImpossible, match="votre gestionnaire qui autorise"):
        demandes.constater_discussion(demande, par=d.mentore, discutee_le=jour_local())
    client_de(d.dsm).post(adresse(direction), SAISIE)
    demandes.constater_discussion(
        DemandeConsultation.objects.get(pk=demande.pk), par=d.mentore, discutee_le=jour_local()
    )
    assert DemandeConsultation.objects.get(pk=demande.pk).etat == "autorisee"


@pytest.mark.exigence("R-199")
def test_regler_une_direction_ne_change_pas_les_autres(distribution, client_de, direction):
    autre = distribution.animatrice.service.direction
    client_de(distribution.dsm).post(adresse(direction), SAISIE)
    assert approbation_exigee(autre)
    assert not approbation_exigee(direction)


def test_un_reglage_se_change_et_dit_le_dernier(distribution, client_de, direction):
    client_de(distribution.dsm).post(adresse(direction), SAISIE)
    client = client_de(distribution.appr)
    page = client.get(adresse(direction))
    assert champs_de(page) == SAISIE
    assert str(distribution.dsm) in texte_de(page)
    client.post(adresse(direction), {"approbation": "exigee", "motif": "On revient à l’autorisation."})
    reglage = ReglageDirection.objects.get()
    assert (reglage.approbation, reglage.modifie_par) == (Approbation.EXIGEE, distribution.appr)


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"approbation": ""}, "Choisissez si le gestionnaire autorise"),
        ({"approbation": "peut-etre"}, "Choisissez si le gestionnaire autorise"),
        ({"motif": ""}, "Écrivez le motif"),
        ({"motif": " \u202e\x00 "}, "Écrivez le motif"),
        ({"motif": "x" * 301}, "au plus 300 caractères"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_ne_regle_rien(distribution, client_de, direction, saisie, phrase):
    with rien_decrit():
        page = client_de(distribution.dsm).post(adresse(direction), {**SAISIE, **saisie})
    assert page.status_code == 200
    assert phrase in texte_de(page)


@pytest.mark.parametrize("nom", ["directrice", "gestionnaire", "mentore", "executif_cm", "pilote", "superutilisateur"])
def test_la_dsm_seule_regle(distribution, client_de, direction, nom):
    with rien_decrit():
        assert client_de(distribution[nom]).post(adresse(direction), SAISIE).status_code == 403
    assert "Régler" not in client_de(distribution[nom]).get(LISTE).text


def test_laccueil_dit_ce_que_demande_ma_direction(distribution, client_de, direction):
    client, accueil = client_de(distribution.mentore), reverse("consultation:accueil")
    assert "c’est lui qui autorise la suite" in texte_de(client.get(accueil))
    reglages.regler_direction(direction, par=distribution.dsm, **SAISIE)
    assert "la discussion suffit : vous la consignez" in texte_de(client.get(accueil))


def test_la_liste_coute_autant_de_requetes_a_vingt_directions(distribution, client_de, direction):
    client = client_de(distribution.dsm)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).status_code == 200
        return len(requetes)

    reglages.regler_direction(direction, par=distribution.dsm, **SAISIE)
    compter()
    avant = compter()
    for rang in range(15):
        reglages.regler_direction(DirectionFactory(nom=f"Direction {rang}"), par=distribution.appr, **SAISIE)
    assert compter() == avant
