"""Répondre à un jumelage : se présenter, accepter chacun, ou dire sans gêne qu’il ne convient pas (R-438 à R-440)."""

import pytest
from django.urls import reverse

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.trajectoire import dessin
from mentorat.actions import demandes
from mentorat.droits import DROITS_DEMANDE
from mentorat.models import Entente, EtatDemande, Jumelage
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande(distribution):
    return scenes.demande_proposee(distribution)


def _accepter(client, demande):
    return client.post(adresse("demande_accepter_jumelage", demande))


def _decliner(client, demande):
    return client.post(adresse("demande_decliner_jumelage", demande))


@pytest.mark.exigence("R-069", "R-407", "R-087")
@pytest.mark.parametrize(("premier", "second"), [("mentor", "mentore"), ("mentore", "mentor")])
def test_lentente_nait_du_second_accord(distribution, client_de, demande, premier, second):
    d = distribution
    assert _accepter(client_de(d[premier]), demande).url == adresse("demande", demande)
    assert not Entente.objects.exists()
    assert scenes.relire(demande).etat == EtatDemande.PROPOSEE
    reponse = _accepter(client_de(d[second]), demande)
    entente = Entente.objects.get()
    assert reponse.url == adresse("entente", entente)
    assert (entente.mentor, entente.mentore, entente.besoins) == (d.mentor, d.mentore, demande.besoins)
    assert scenes.relire(demande).etat == EtatDemande.JUMELEE
    avises = Courriel.objects.filter(gabarit="mentorat/jumelage_conclu").values_list("a__nom", flat=True)
    assert set(avises) == {d.mentor.nom, d.mentore.nom, d.gestionnaire.nom, d.delegue.nom}
    assert Entree.objects.filter(acte="mentorat.demandementorat.jumeler").exists()
    assert adresse("entente", entente) in client_de(d.gestionnaire).get(adresse("demande", demande)).content.decode()


def test_qui_a_accepte_nest_plus_attendu_et_son_second_clic_ne_fait_rien(distribution, client_de, demande):
    d = distribution
    client = client_de(d.mentor)
    _accepter(client, demande)
    assert _accepter(client, demande).url == adresse("demande", demande)
    assert demande.passages.filter(transition="accepter_jumelage").count() == 1
    page = texte_de(client.get(adresse("demande", demande)))
    assert "Vous avez accepté." in page
    assert adresse("demande_accepter_jumelage", demande) not in page
    assert not DROITS_DEMANDE.objets(d.mentor, "accepter_jumelage").exists()
    assert DROITS_DEMANDE.objets(d.mentore, "accepter_jumelage").get() == demande
    assert set(DROITS_DEMANDE.personnes("accepter_jumelage", scenes.relire(demande))) == {d.mentore}


def test_laction_refuse_aussi_un_second_accord(distribution, demande):
    demandes.accepter_jumelage(demande, par=distribution.mentor)
    with pytest.raises(Exception, match="déjà accepté"):
        demandes.accepter_jumelage(demande, par=distribution.mentor)


def test_accepter_une_fois_lentente_nee_y_mene(distribution, client_de, demande):
    demandes.accepter_jumelage(demande, par=distribution.mentor)
    entente = demandes.accepter_jumelage(demande, par=distribution.mentore)
    assert _accepter(client_de(distribution.mentore), demande).url == adresse("entente", entente)
    assert Entente.objects.count() == 1


@pytest.mark.parametrize("verbe", ["accepter_jumelage", "decliner_jumelage"])
@pytest.mark.parametrize(
    ("nom", "code"),
    [("gestionnaire", 403), ("dsm", 403), ("gestionnaire_mentor", 404), ("collegue", 404), ("superutilisateur", 404)],
)
def test_personne_ne_repond_a_la_place_des_deux(distribution, client_de, demande, verbe, nom, code):
    client = client_de(distribution[nom])
    assert client.get(adresse(f"demande_{verbe}", demande)).status_code == code
    assert client.post(adresse(f"demande_{verbe}", demande)).status_code == code
    assert scenes.relire(demande).etat == EtatDemande.PROPOSEE


@pytest.mark.exigence("R-438")
def test_le_mentor_et_le_mentore_lisent_la_presentation_lun_de_lautre(distribution, client_de, demande):
    mentor = texte_de(client_de(distribution.mentor).get(adresse("demande_accepter_jumelage", demande)))
    assert "Loïc St-Onge se présente" in mentor
    assert "Je passe de la clinique externe au soutien à domicile." in mentor
    mentore = texte_de(client_de(distribution.mentore).get(adresse("demande_accepter_jumelage", demande)))
    assert "Guylaine Cyr se présente" in mentore
    assert "Quinze ans en réadaptation" in mentore
    assert "Transmettre ce que des collègues" not in mentore


@pytest.mark.exigence("R-439", "R-440")
def test_les_conseils_de_prise_de_contact_menent_aux_ressources(distribution, client_de, demande):
    page = client_de(distribution.mentore).get(adresse("demande", demande)).content.decode()
    assert "Avant de répondre, parlez-vous" in page
    for code in ("premiere-rencontre", "conseils-mentorat"):
        assert reverse("cadre:ressource", args=[code]) in page


@pytest.mark.exigence("R-439")
@pytest.mark.parametrize("nom", ["mentor", "mentore"])
def test_dire_que_le_jumelage_ne_convient_pas_ne_demande_aucune_raison(distribution, client_de, demande, nom):
    d = distribution
    client = client_de(d[nom])
    page = client.get(adresse("demande_decliner_jumelage", demande))
    assert "Personne ne vous demandera pourquoi" in texte_de(page)
    assert "<textarea" not in page.content.decode()
    assert _decliner(client, demande).status_code == 302
    demande = scenes.relire(demande)
    assert (demande.etat, demande.jumelage, Jumelage.objects.get().actif) == (EtatDemande.ACCEPTEE, None, False)
    avises = Courriel.objects.filter(gabarit="mentorat/jumelage_decline").values_list("a__nom", flat=True)
    assert set(avises) == {d.gestionnaire.nom, d.delegue.nom}


@pytest.mark.exigence("R-439")
@pytest.mark.parametrize("nom", ["mentor", "mentore"])
def test_la_page_ne_dit_pas_qui_a_decline(distribution, client_de, demande, nom):
    _decliner(client_de(distribution[nom]), demande)
    reponse = client_de(distribution.gestionnaire).get(adresse("demande", demande))
    page = texte_de(reponse)
    assert "Ce jumelage ne convenait pas" in page
    assert "Guylaine Cyr" not in page
    decline = reponse.context["passages"][0]["passage"]
    assert (decline.titre, decline.au_nom_de) == ("", None)
    a_jumeler = next(etape for etape in dessin.etapes(scenes.relire(demande)) if etape["code"] == "acceptee")
    assert a_jumeler["qui"] == str(distribution.gestionnaire)


def test_qui_a_deja_accepte_peut_encore_dire_que_cela_ne_convient_pas(distribution, client_de, demande):
    client = client_de(distribution.mentor)
    _accepter(client, demande)
    _decliner(client, demande)
    assert scenes.relire(demande).etat == EtatDemande.ACCEPTEE


def test_le_mentor_qui_decline_ne_voit_plus_la_demande_et_son_second_clic_ne_linquiete_pas(
    distribution, client_de, demande
):
    client = client_de(distribution.mentor)
    accueil = reverse("mentorat:accueil")
    assert _decliner(client, demande).url == accueil
    assert _decliner(client, demande).url == accueil
    assert demande.passages.filter(transition="decliner_jumelage").count() == 1
    assert client.get(adresse("demande", demande)).status_code == 404
    assert not DROITS_DEMANDE.peut(distribution.mentor, "voir", scenes.relire(demande))


@pytest.mark.exigence("R-439")
def test_le_meme_mentor_ne_se_repropose_pas(distribution, client_de, demande):
    _decliner(client_de(distribution.mentore), demande)
    client = client_de(distribution.gestionnaire)
    page = client.get(adresse("demande_proposer", demande))
    assert "Ce jumelage a déjà été proposé et ne convenait pas" in texte_de(page)
    fiche = distribution.mentor.fiche_mentor
    reponse = client.post(adresse("demande_proposer", demande), {"mentor": fiche.uuid})
    assert reponse.status_code == 409
    assert scenes.relire(demande).etat == EtatDemande.ACCEPTEE


def test_une_annonce_qui_echoue_ne_laisse_ni_accord_ni_entente(distribution, monkeypatch, demande):
    def panne(*_, **__):
        raise RuntimeError("panne")

    demandes.accepter_jumelage(demande, par=distribution.mentor)
    monkeypatch.setattr("mentorat.actions.demandes.annoncer", panne)
    with pytest.raises(RuntimeError):
        demandes.accepter_jumelage(demande, par=distribution.mentore)
    assert scenes.relire(demande).etat == EtatDemande.PROPOSEE
    assert Jumelage.objects.get().accepte_mentore_le is None
    assert not Entente.objects.exists()
