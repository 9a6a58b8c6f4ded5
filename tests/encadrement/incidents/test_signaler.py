"""Chacun signale un incident, en quelques lignes ; le responsable de la protection l’apprend aussitôt, sans le contenu."""

import datetime

import pytest
from django.db import connection
from django.urls import reverse

from encadrement.incidents import actions
from encadrement.incidents.models import EtatIncident, Incident
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Attribution
from encadrement.socle.temps import jour_local
from tests.encadrement.incidents import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db

ADRESSE = "/incidents/signaler/"
SAISIE = {"zone": "usagers", "circonstances": "Rapport Zibeline envoyé à la mauvaise équipe."}


def test_le_pied_de_chaque_page_mene_au_signalement_des_quon_est_connecte(distribution, client_de, client):
    assert f'href="{ADRESSE}"' in client_de(distribution.drhcaj).get(reverse("accueil:a_faire")).text
    assert ADRESSE not in client.get(reverse("account_login")).text


def test_o_11_signaler_inscrit_l_incident_et_avise_le_responsable_sans_rien_en_dire(distribution, client_de):
    d = distribution
    reponse = client_de(d.membre).post(ADRESSE, SAISIE, follow=True)
    incident = Incident.objects.get()
    assert f"Le signalement {incident.numero} est transmis" in texte_de(reponse)
    assert (incident.etat, incident.signale_par, incident.connu_le) == (EtatIncident.SIGNALE, d.membre, jour_local())
    courriel = Courriel.objects.get()
    assert courriel.a == d.prp
    assert "Zibeline" not in courriel.objet + courriel.texte + courriel.html
    assert Entree.objects.get(acte="incidents.signaler").details == {"zone": "usagers"}


def test_qui_signale_ne_lit_pas_le_registre(distribution, client_de):
    client = client_de(distribution.membre)
    client.post(ADRESSE, SAISIE)
    assert client.get(reverse("incidents:registre")).status_code == 403
    assert client.get(Incident.objects.get().get_absolute_url()).status_code == 404


def test_sans_responsable_en_poste_l_avis_ne_part_pas_dans_le_vide(distribution):
    d = distribution
    Attribution.objects.filter(personne=d.prp).update(fin=jour_local() - datetime.timedelta(days=1))
    scenes.signale(d)
    assert set(Courriel.objects.values_list("a", flat=True)) == {d.dsm.pk, d.pilote.pk}


def test_ce_qui_est_ecrit_est_illisible_dans_la_base(distribution):
    scenes.signale(distribution, circonstances="Zibeline égarée", renseignements="Zibeline")
    with connection.cursor() as curseur:
        curseur.execute("SELECT * FROM incidents_incident")
        assert "Zibeline" not in repr(curseur.fetchall())
    assert Incident.objects.get().circonstances == "Zibeline égarée"


@pytest.mark.parametrize(
    ("faute", "phrase"),
    [
        ({"circonstances": " "}, "Écrivez ce qui s’est passé"),
        ({"zone": ""}, "Dites s’il s’agit de renseignements sur des usagers"),
        ({"survenu_du": "2026-02-31"}, "Cette date n’existe pas"),
        ({"survenu_du": "2099-01-01"}, "Cette date est à venir"),
        ({"survenu_au": "2026-01-01"}, "Donnez aussi le début"),
        ({"survenu_du": "2026-01-05", "survenu_au": "2026-01-01"}, "La fin de la période doit suivre son début"),
        ({"circonstances": "Joint au 418 555-0123."}, "numéro de téléphone"),
    ],
)
def test_une_saisie_fautive_s_explique_et_ne_perd_rien(distribution, client_de, faute, phrase):
    reponse = client_de(distribution.mentor).post(ADRESSE, {**SAISIE, "renseignements": "Une liste.", **faute})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    assert "Une liste." in reponse.text
    assert not Incident.objects.exists()


def test_deux_signalements_ont_deux_numeros(distribution):
    un, deux = scenes.signale(distribution), scenes.signale(distribution)
    assert [un.numero[-4:], deux.numero[-4:]] == ["0001", "0002"]


def test_un_incident_signale_attend_le_responsable_et_le_pilote(distribution, client_de):
    incident = scenes.signale(distribution)
    for nom, attendu in (("prp", True), ("pilote", True), ("dsm", False), ("mentore", False)):
        page = client_de(distribution[nom]).get(reverse("accueil:a_faire")).text
        assert (incident.numero in page) is attendu, nom
    actions.analyser_incident(incident, par=distribution.pilote)
    assert incident.numero not in client_de(distribution.pilote).get(reverse("accueil:a_faire")).text
    assert incident.numero in client_de(distribution.prp).get(reverse("accueil:a_faire")).text
