"""Prendre en charge, renvoyer, clore, retirer : ce que la DSM fait d’une demande, et ce que le demandeur en voit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from encadrement.demandes import actions, dossiers
from encadrement.demandes.models import DemandeService, Volet
from encadrement.demandes.taches import taches
from encadrement.personnes.models import Personne
from tests.consultation import scenes
from tests.consultation.traces import courriels, rien_decrit
from tests.encadrement.demandes.pages import adresse, relire
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


def gestes(personne):
    return [(tache.geste, tache.url) for tache in taches(Personne.objects.get(pk=personne.pk))]


# --- L’histoire entière -----------------------------------------------------------------------------------------


@pytest.mark.exigence("R-065", "R-136")
def test_lappr_prend_en_charge_puis_clot_et_le_demandeur_suit(distribution, client_de):
    demande = scenes.soutien_transmis(distribution)
    appr, demandeur = client_de(distribution.appr), client_de(distribution.mentore)
    assert gestes(distribution.appr) == [("Prendre en charge", adresse("demande_prendre_en_charge", demande))]
    assert demande.numero in texte_de(appr.get(reverse("demandes:liste")))
    assert appr.post(adresse("demande_prendre_en_charge", demande)).url == demande.get_absolute_url()
    assert courriels("demande_prise_en_charge", "demandes") == [distribution.mentore.prenom]
    assert f"{distribution.appr}</strong> s’occupe de cette demande" in texte_de(
        demandeur.get(adresse("demande", demande))
    )
    assert gestes(distribution.appr) == [("Clore la demande", adresse("demande_clore", demande))]
    assert gestes(distribution.appr_liaison) == []
    saisi = {"suite": "Rencontre tenue; aide-mémoire remis.", "minutes": "1 h 15"}
    assert appr.post(adresse("demande_clore", demande), saisi).status_code == 302
    relue = relire(demande)
    assert (relue.etat, relue.suite, relue.minutes) == ("close", "Rencontre tenue; aide-mémoire remis.", 75)
    page = texte_de(demandeur.get(adresse("demande", demande)))
    assert "aide-mémoire remis" in page
    assert "1 h 15" in page
    assert gestes(distribution.appr) == []


def test_un_cas_du_comite_ne_demande_que_detre_poursuivi(distribution):
    cas = scenes.cas_en_redaction(distribution)
    assert gestes(distribution.mentore) == [("Poursuivre au comité", adresse("demande", cas))]
    assert gestes(distribution.coordonnatrice) == gestes(distribution.appr) == []


@pytest.mark.parametrize(("champ", "valeur"), [("suite", " "), ("minutes", "bientôt")])
def test_clore_exige_ce_qui_a_ete_fait_et_une_duree_lisible(distribution, client_de, champ, valeur):
    demande = scenes.soutien_pris_en_charge(distribution)
    saisi = {"suite": "Rencontre tenue.", "minutes": "1 h", champ: valeur}
    with rien_decrit():
        reponse = client_de(distribution.appr).post(adresse("demande_clore", demande), saisi)
    assert reponse.status_code == 200
    assert reponse.context["form"].errors[champ]


def test_ce_qui_a_ete_fait_ne_nomme_personne_sans_relecture(distribution, client_de):
    demande = scenes.soutien_pris_en_charge(distribution)
    saisi = {"suite": "Parlé de Mme Tremblay, 418-555-0199.", "minutes": "1 h"}
    with rien_decrit():
        reponse = client_de(distribution.appr).post(adresse("demande_clore", demande), saisi)
    assert "semble contenir" in texte_de(reponse)


# --- Renvoyer, retirer ------------------------------------------------------------------------------------------


def test_renvoyee_elle_revient_au_demandeur_avec_le_commentaire_et_tout_ce_quil_a_ecrit(distribution, client_de):
    demande = scenes.soutien_transmis(distribution)
    appr, demandeur = client_de(distribution.appr), client_de(distribution.mentore)
    reponse = appr.post(adresse("demande_renvoyer", demande), {"motif": "Dites-nous à quelle étape vous en êtes."})
    assert reponse.url == reverse("demandes:liste")
    assert appr.get(adresse("demande", demande)).status_code == 404
    assert courriels("demande_renvoyee", "demandes") == [distribution.mentore.prenom]
    for page in ("demande", "demande_modifier"):
        texte = texte_de(demandeur.get(adresse(page, demande)))
        assert "à quelle étape vous en êtes" in texte
        assert demande.question in texte
    assert gestes(distribution.mentore) == [("Remplir ma demande à la DSM", adresse("demande_modifier", demande))]


def test_renvoyer_sans_dire_pourquoi_est_refuse(distribution, client_de):
    demande = scenes.soutien_transmis(distribution)
    with rien_decrit():
        client_de(distribution.appr).post(adresse("demande_renvoyer", demande), {"motif": " "})
    assert relire(demande).etat == "transmise"


@pytest.mark.parametrize("scene", ["soutien_en_redaction", "soutien_transmis"])
def test_le_demandeur_retire_sa_demande(distribution, client_de, scene):
    demande = getattr(scenes, scene)(distribution)
    assert client_de(distribution.mentore).post(adresse("demande_retirer", demande)).status_code == 302
    assert relire(demande).etat == "retiree"
    assert gestes(distribution.mentore) == gestes(distribution.appr) == []


@pytest.mark.parametrize("verbe", ["prendre_en_charge", "renvoyer", "clore"])
def test_un_appr_ne_traite_pas_sa_propre_demande(distribution, client_de, verbe):
    demande = actions.ouvrir_soutien(par=distribution.appr, mesure="mentorat")
    actions.ecrire_demande_service(demande, par=distribution.appr, question="Quoi?", attentes="Un avis.")
    actions.transmettre_demande_service(demande, par=distribution.appr, confirmation=scenes.CONFIRMATION)
    saisi = {"motif": "Non.", "suite": "Fait."}
    assert client_de(distribution.appr).post(adresse(f"demande_{verbe}", demande), saisi).status_code == 403


# --- Lire -------------------------------------------------------------------------------------------------------


def test_la_liste_se_filtre_par_etat_et_par_volet(distribution, client_de):
    soutien, cas = scenes.soutien_transmis(distribution), scenes.cas_en_redaction(distribution)
    client = client_de(distribution.mentore)
    for filtre, presents in (("", [soutien, cas]), ("?etat=brouillon", [cas]), ("?volet=soutien", [soutien])):
        page = client.get(reverse("demandes:liste") + filtre).context["page"]
        assert {demande.numero for demande in page} == {demande.numero for demande in presents}
    assert client.get(reverse("demandes:liste") + "?etat=nimporte&page=zzz").status_code == 200


def test_la_liste_coute_autant_pour_vingt_demandes_que_pour_une(distribution, client_de):
    client = client_de(distribution.appr)
    scenes.soutien_transmis(distribution)
    cout = _cout(client)
    for rang in range(19):
        qui = PersonneFactory(superieur=distribution.gestionnaire, service=distribution.mentore.service)
        demande = actions.ouvrir_demande_service(
            Volet.SOUTIEN, demandeur=qui, par=qui, reponses={"question": f"Question {rang}?", "attentes": "Un avis."}
        )
        actions.transmettre_demande_service(demande, par=qui, confirmation=scenes.CONFIRMATION)
    assert _cout(client) == cout
    assert len(client.get(reverse("demandes:liste")).context["page"]) == 20


def _cout(client):
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        client.get(reverse("demandes:liste"))
    return len(requetes)


def test_laccueil_ses_dossiers_et_la_recherche_les_connaissent(distribution):
    demande = scenes.soutien_pris_en_charge(distribution)
    assert [dossier.titre for dossier in dossiers.dossiers(distribution.mentore)] == ["le demandeur"]
    assert [dossier.titre for dossier in dossiers.dossiers(distribution.appr)] == ["la personne qui s’en charge"]
    for texte in (demande.numero, "st-onge", "Loïc"):
        assert [dossier.nom for dossier in dossiers.chercher(distribution.appr, texte)] == [str(demande)]
    assert list(dossiers.chercher(distribution.appr, "mi-temps")) == []
    assert list(dossiers.chercher(distribution.collegue, demande.numero)) == []


def test_mes_donnees_rendent_ce_que_jai_ecrit(distribution):
    demande = scenes.soutien_transmis(distribution)
    ((rubrique, lignes),) = dossiers.donnees(distribution.mentore)
    assert (rubrique, lignes[0]["numero"], lignes[0]["question"]) == (
        "demandes_a_la_dsm", demande.numero, demande.question
    )  # fmt: skip
    ((_, aucune),) = dossiers.donnees(distribution.appr)
    assert aucune == []


def test_les_taches_se_lisent_en_une_requete(distribution):
    scenes.soutien_transmis(distribution)
    scenes.cas_en_redaction(distribution)
    appr = Personne.objects.get(pk=distribution.appr.pk)
    list(taches(appr))
    with CaptureQueriesContext(connection) as requetes:
        list(taches(appr))
    assert len(requetes) == 1
    assert DemandeService.objects.count() == 2


@pytest.mark.parametrize(
    ("scene", "attendu"),
    [
        ("soutien_en_redaction", "Loïc St-Onge"),
        ("soutien_transmis", "un APPR de la DSM"),
        ("soutien_pris_en_charge", "Chloé Langlois"),
        ("cas_en_redaction", "Loïc St-Onge"),
    ],
)
def test_le_demandeur_voit_qui_doit_agir(distribution, client_de, scene, attendu):
    demande = getattr(scenes, scene)(distribution)
    assert f"On attend : {attendu}" in texte_de(client_de(distribution.mentore).get(adresse("demande", demande)))
