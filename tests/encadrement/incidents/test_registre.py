"""Le registre : huit éléments, deux régimes, une fiche qui ne se récrit plus une fois close (O-11, O-12)."""

import datetime

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.incidents import actions, regles
from encadrement.incidents.droits import DROITS_INCIDENT
from encadrement.incidents.models import Incident, ZoneIncident
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.transition import TransitionImpossible
from tests.encadrement.acces.trois_faces import desaccords
from tests.encadrement.incidents import scenes
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def adresse(nom, incident):
    return reverse(f"incidents:{nom}", args=[incident.uuid])


def relire(incident):
    return Incident.objects.get(pk=incident.pk)


def test_o_11_du_signalement_a_la_cloture_par_les_pages(distribution, client_de):
    d = distribution
    incident = scenes.signale(d)
    client = client_de(d.prp)
    client.post(adresse("incident_analyser", incident))
    page = client.get(adresse("incident_modifier", incident))
    saisie = {**champs_de(page), **scenes.elements(), "risque_serieux": "oui", "conseils": "Changez de mot de passe."}
    assert client.post(adresse("incident_modifier", incident), saisie).status_code == 302
    assert client.post(adresse("incident_clore", incident)).status_code == 302
    lu = relire(incident)
    assert (lu.etat, lu.nombre, lu.risque_serieux, lu.mesures) == (
        "clos",
        3,
        True,
        "Courriel rappelé, destinataire joint.",
    )
    fiche = texte_de(client.get(lu.get_absolute_url()))
    for rang in range(1, 9):
        assert f"{rang}. " in fiche


ELEMENTS = {
    "renseignements": "Décrivez les renseignements visés",
    "survenu_du": "Donnez la date de l’incident",
    "nombre": "Donnez le nombre de personnes",
    "risque_serieux": "risque de préjudice sérieux",
    "prejudice": "ce qui mène à le conclure",
    "ministre_le": "au ministre",
    "cai_le": "à la Commission d’accès",
    "personnes_le": "aux personnes concernées",
    "mesures": "Écrivez les mesures prises",
}


@pytest.mark.parametrize("element", ELEMENTS)
def test_o_12_sans_l_un_des_elements_l_incident_ne_se_clot_pas(distribution, client_de, element):
    d = distribution
    vide = "" if isinstance(scenes.elements().get(element, ""), str) else None
    incident = scenes.complet(d, **{element: vide})
    with pytest.raises(TransitionImpossible):
        actions.clore_incident(incident, par=d.prp)
    reponse = client_de(d.prp).post(adresse("incident_clore", incident))
    assert reponse.status_code == 409
    assert ELEMENTS[element] in texte_de(reponse)
    assert relire(incident).etat == "en_analyse"


def test_o_12_les_destinataires_des_avis_dependent_de_la_zone(distribution):
    def champs(zone):
        return [avis.champ for avis in regles.avis_a_transmettre(zone)]

    assert champs(ZoneIncident.USAGERS) == ["ministre_le", "cai_le", "personnes_le"]
    assert champs(ZoneIncident.PERSONNEL) == ["cai_le", "personnes_le"]
    incident = scenes.complet(distribution, zone=ZoneIncident.PERSONNEL, ministre_le=None)
    actions.clore_incident(incident, par=distribution.prp)


def test_sans_risque_serieux_aucun_avis_n_est_exige(distribution):
    incident = scenes.complet(distribution, risque_serieux=False, ministre_le=None, cai_le=None, personnes_le=None)
    actions.clore_incident(incident, par=distribution.prp)
    assert relire(incident).etat == "clos"


def test_clos_le_registre_ne_se_recrit_plus(distribution, client_de):
    incident = scenes.clos(distribution)
    client = client_de(distribution.prp)
    saisie = {**champs_de(client.get(adresse("incident_modifier", incident))), "zone": "usagers", "mesures": "Autre."}
    reponse = client.post(adresse("incident_modifier", incident), saisie)
    assert reponse.status_code == 409
    assert "ne se récrit pas" in texte_de(reponse)
    with pytest.raises(ErreurMetier):
        actions.ecrire_incident(incident, par=distribution.prp, mesures="Autre.")
    assert relire(incident).mesures == scenes.elements()["mesures"]


def test_d20_le_pilote_ecrit_sans_clore_la_dsm_lit_sans_ecrire(distribution):
    d = distribution
    incident = scenes.complet(d)
    actions.ecrire_incident(incident, par=d.pilote, nombre=4)
    for personne, acte in ((d.pilote, actions.clore_incident), (d.dsm, actions.clore_incident)):
        with pytest.raises(AccesRefuse):
            acte(incident, par=personne)
    with pytest.raises(AccesRefuse):
        actions.ecrire_incident(incident, par=d.dsm, nombre=5)
    assert relire(incident).nombre == 4


def test_chaque_lecture_d_une_fiche_est_consignee_et_le_registre_n_en_montre_rien(distribution, client_de):
    d = distribution
    incident = scenes.signale(d, circonstances="Zibeline.", renseignements="Zibeline.")
    client = client_de(d.dsm)
    assert "Zibeline" not in client.get(reverse("incidents:registre")).text
    assert "Zibeline" in client.get(incident.get_absolute_url()).text
    lecture = Entree.objects.get(acte="incidents.lire")
    assert (lecture.par, lecture.objet_uuid, lecture.titre) == (d.dsm, incident.uuid, "la DSM")


def test_o_11_l_avis_prerempli_dit_a_qui_et_quoi(distribution, client_de):
    incident = scenes.complet(distribution, conseils="Surveillez vos comptes.")
    avis = texte_de(client_de(distribution.prp).get(adresse("incident_avis", incident)))
    for attendu in (
        "au ministre de la Santé",
        "à la Commission d’accès à l’information",
        incident.circonstances,
        incident.renseignements,
        "Louise Minville",
        "Courriel rappelé",
        "Surveillez vos comptes.",
        "3",
    ):
        assert attendu in avis


def test_n_09_l_export_porte_les_huit_elements_et_laisse_une_trace(distribution, client_de):
    scenes.complet(distribution)
    reponse = client_de(distribution.dsm).get(
        reverse("incidents:registre_exporter"), {"format": "csv", "zone": "usagers"}
    )
    texte = reponse.content.decode("utf-8-sig")
    for rang in range(1, 9):
        assert f"{rang}. " in texte
    assert "Un rapport envoyé au mauvais destinataire." in texte
    trace = Entree.objects.get(acte="export.telecharger")
    assert trace.details["lignes"] == 1
    assert trace.details["filtre"] == {"zone": "usagers"}


def test_le_registre_se_filtre_et_son_cout_ne_suit_pas_sa_longueur(distribution, client_de):
    d = distribution
    client = client_de(d.prp)
    scenes.signale(d)
    client.get(reverse("incidents:registre"))
    with CaptureQueriesContext(
        connection,
    ) as un:
        client.get(reverse("incidents:registre"))
    for _ in range(20):
        scenes.signale(d, zone=ZoneIncident.PERSONNEL)
    with CaptureQueriesContext(connection) as vingt:
        page = texte_de(client.get(reverse("incidents:registre"), {"zone": "usagers"}))
    assert len(vingt) == len(un)
    assert page.count("INC-") == 1


def test_un_incident_oublie_se_relance(distribution, time_machine):
    time_machine.move_to(datetime.datetime(2030, 6, 3, 16, tzinfo=datetime.UTC), tick=False)
    scenes.signale(distribution)
    time_machine.move_to(datetime.datetime(2030, 6, 6, 16, tzinfo=datetime.UTC), tick=False)
    balayer_rappels()
    assert {courriel.a for courriel in Courriel.objects.filter(rappels__isnull=False)} == {distribution.prp}


def test_les_trois_faces_du_droit_s_accordent(distribution):
    for scene in (scenes.signale, scenes.complet, scenes.clos):
        scene(distribution)
    assert desaccords(DROITS_INCIDENT, Incident.objects.all(), distribution) == []


@pytest.mark.postgresql
def test_le_passage_d_un_incident_ne_se_corrige_pas(distribution):
    scenes.clos(distribution)
    with connection.cursor() as curseur, pytest.raises(DatabaseError):
        curseur.execute("DELETE FROM incidents_passageincident")
