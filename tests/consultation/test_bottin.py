"""Le bottin des experts : ouvert à tous, cherché en tapant malgré les fautes, filtré par l’adresse, d’un coût constant."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import bottin, plages, sujets
from consultation.models import SorteExpert, SujetConsultation
from encadrement.rencontres.serie import creneau
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.distribution import Distribution
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
BOTTIN = reverse("consultation:bottin")


def _expert(d, prenom, nom, expertise, *, comme=None, nouveaux=(), **champs):
    comme = comme or d.mentor
    personne = PersonneFactory(
        prenom=prenom,
        nom=nom,
        superieur=d.gestionnaire_mentor,
        service=comme.service,
        installation=comme.installation,
        titre_emploi=comme.titre_emploi,
    )
    fiche = scenes.fiche_inscrite(d, personne, expertise)
    return bottin.ecrire_fiche(fiche, par=personne, sujets=[], nouveaux=nouveaux, presentation="", **champs)


@pytest.fixture
def equipe(distribution):
    """Trois experts qui diffèrent en tout, et deux fiches qui n’ont pas à paraître."""
    d = distribution
    experts = {
        "Guylaine Cyr": _expert(
            d, "Guylaine", "Cyr", "Positionnement et aides à la mobilité", nouveaux=["Héminégligence"], a_distance=False
        ),
        "Noémie Huet": _expert(
            d,
            "Noémie",
            "Huet",
            "Langage",
            comme=d.executif_cm,
            nouveaux=["Dysphagie"],
            sorte=SorteExpert.SPECIALISTE,
            accepte_groupes=False,
        ),
        "Omer Blais": _expert(d, "Omer", "Blais", "Deuil", comme=d.collegue, nouveaux=["Consentement"]),
    }
    bottin.mettre_en_pause(experts["Omer Blais"], par=experts["Omer Blais"].personne)
    scenes.fiche_en_redaction(d, d.mentore)
    scenes.fiche_soumise(d, d.collegue)
    return experts


def _noms(client, **filtres):
    return [str(fiche.personne) for fiche in client.get(BOTTIN, filtres).context["page"]]


@pytest.mark.exigence("R-170", "R-172", "R-195")
@pytest.mark.parametrize("nom", [nom for nom in Distribution.noms() if nom != "inactif"])
def test_le_bottin_est_ouvert_a_tous(distribution, client_de, equipe, nom):
    page = texte_de(client_de(distribution[nom]).get(BOTTIN))
    for attendu in ("Guylaine Cyr", "Positionnement et aides à la mobilité", "Héminégligence", "Baie-des-Chaleurs"):
        assert attendu in page
    assert "3 experts" in page
    assert "En pause" in page


def test_sans_etre_connecte_on_est_mene_a_la_connexion(client, equipe):
    assert client.get(BOTTIN).status_code == 302


@pytest.mark.exigence("R-172", "R-195")
def test_ny_paraissent_ni_les_candidatures_ni_les_retirees_ni_les_departs(distribution, client_de, equipe):
    bottin.retirer_du_bottin(equipe["Noémie Huet"], par=distribution.dsm)
    parti = equipe["Guylaine Cyr"].personne
    parti.is_active = False
    parti.save(update_fields=["is_active"])
    assert _noms(client_de(distribution.mentore)) == ["Omer Blais"]


@pytest.mark.exigence("R-170", "R-172")
@pytest.mark.parametrize(
    ("filtres", "attendus"),
    [
        ({"sorte": "specialiste"}, ["Noémie Huet"]),
        ({"rls": "rocher-perce"}, ["Noémie Huet"]),
        ({"disponibilite": "disponible"}, ["Guylaine Cyr", "Noémie Huet"]),
        ({"disponibilite": "en_pause"}, ["Omer Blais"]),
        ({"a_distance": "on"}, ["Omer Blais", "Noémie Huet"]),
        ({"groupes": "on"}, ["Omer Blais", "Guylaine Cyr"]),
        ({"q": "HÉMINÉGLIGENCE"}, ["Guylaine Cyr"]),
        ({"q": "hemineglijence"}, ["Guylaine Cyr"]),
        ({"q": "positionement"}, ["Guylaine Cyr"]),
        ({"q": "aides positionement"}, ["Guylaine Cyr"]),
        ({"q": "disfagie"}, ["Noémie Huet"]),
        ({"q": "noemie"}, ["Noémie Huet"]),
        ({"q": "orthophonie"}, ["Noémie Huet"]),
        ({"q": "cyr dysphagie"}, []),
        ({"rls": "baie-des-chaleurs", "disponibilite": "disponible"}, ["Guylaine Cyr"]),
    ],
)
def test_chaque_filtre_garde_ceux_qui_conviennent(distribution, client_de, equipe, filtres, attendus):
    assert _noms(client_de(distribution.mentore), **filtres) == attendus


def test_le_filtre_par_sujet_et_par_direction(distribution, client_de, equipe):
    client = client_de(distribution.mentore)
    sujet = SujetConsultation.objects.get(libelle="Dysphagie")
    assert _noms(client, sujet=sujet.pk) == ["Noémie Huet"]
    direction = distribution.mentor.service.direction
    assert _noms(client, direction=direction.pk) == ["Omer Blais", "Guylaine Cyr"]


@pytest.mark.exigence("R-176")
def test_le_filtre_des_plages_garde_ceux_qui_en_montrent_une_libre(distribution, client_de, equipe):
    d = distribution
    client = client_de(d.mentore)
    assert _noms(client, disponibilite="plage") == []
    plage = scenes.plage_libre(d)
    assert _noms(client, disponibilite="plage") == ["Guylaine Cyr"]
    assert "Plage libre" in texte_de(client.get(BOTTIN))
    scenes.demande_chez_expert(d, plage=plage)
    assert _noms(client, disponibilite="plage") == []


@pytest.mark.exigence("R-176")
def test_un_expert_en_pause_ne_montre_pas_de_plage(distribution, client_de, equipe):
    scenes.plage_libre(distribution)
    bottin.mettre_en_pause(distribution.mentor.fiche_expert, par=distribution.mentor)
    assert _noms(client_de(distribution.mentore), disponibilite="plage") == []


def test_les_mots_justes_passent_avant_les_mots_approchants(distribution, client_de, equipe):
    _expert(distribution, "Aline", "Aubut", "Positionement au lit")
    client = client_de(distribution.mentore)
    assert _noms(client, q="positionnement") == ["Guylaine Cyr", "Aline Aubut"]
    page = texte_de(client.get(BOTTIN, {"q": "positionnement"}))
    assert page.count("mots approchants") == 1
    assert "voici ce qui s’en approche" not in page


def test_sans_mot_juste_la_page_dit_que_ce_sont_des_approchants(distribution, client_de, equipe):
    page = texte_de(client_de(distribution.mentore).get(BOTTIN, {"q": "hemineglijence"}))
    assert "1 expert. Aucun ne dit exactement ces mots : voici ce qui s’en approche." in page


def test_le_libelle_dun_sujet_fusionne_trouve_encore(distribution, client_de, equipe):
    ancien = sujets.ajouter_sujet("Négligence spatiale unilatérale", par=distribution.dsm)
    sujets.fusionner_sujets(ancien, SujetConsultation.objects.get(libelle="Héminégligence"), par=distribution.dsm)
    assert _noms(client_de(distribution.mentore), q="spatiale") == ["Guylaine Cyr"]


def test_en_tapant_seule_la_liste_revient(distribution, client_de, equipe):
    reponse = client_de(distribution.mentore).get(BOTTIN, {"q": "cyr"}, headers={"HX-Request": "true"})
    assert "Guylaine Cyr" in reponse.text
    assert "<html" not in reponse.text
    assert "HX-Request" in reponse["Vary"]


@pytest.mark.parametrize(
    "filtres",
    [
        {"q": "\x00"},
        {"q": "cyr\u202e"},
        {"q": "%_'\""},
        {"q": "z" * 500},
        {"q": "é" * 80},
        {"q": "a b c d e f g h i j k l"},
        {"sorte": "devin"},
        {"sujet": "abc"},
        {"sujet": "999999"},
        {"direction": "-1"},
        {"rls": "\x00"},
        {"disponibilite": "toujours"},
        {"page": "-3"},
        {"page": "9" * 30},
    ],
)
def test_une_adresse_trafiquee_rend_une_page(distribution, client_de, equipe, filtres):
    assert client_de(distribution.mentore).get(BOTTIN, filtres).status_code == 200


def test_aucun_resultat_dit_quoi_essayer(distribution, client_de, equipe):
    page = texte_de(client_de(distribution.mentore).get(BOTTIN, {"q": "zzzz"}))
    assert "essayez un autre mot" in page
    assert "votre demande pourra aller à la DSM" in page


def test_les_pages_suivantes_gardent_les_filtres_et_lordre_des_noms(distribution, client_de):
    for rang in range(21):
        _expert(distribution, "Rose", f"Arseneau {rang:02d}", "Deuil")
    _expert(distribution, "Zéphir", "Allard", "Deuil")
    client = client_de(distribution.mentore)
    premiere = client.get(BOTTIN, {"rls": "baie-des-chaleurs", "q": "deuil"})
    assert "rls=baie-des-chaleurs" in premiere.text
    assert str(premiere.context["page"][0].personne) == "Zéphir Allard"
    assert len(client.get(BOTTIN, {"q": "deuil", "page": 2}).context["page"]) == 2


def test_le_bottin_coute_autant_de_requetes_a_quinze_experts_qua_trois(distribution, client_de, equipe):
    client = client_de(distribution.mentore)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(BOTTIN, {"q": "e"}).status_code == 200
        return len(requetes)

    compter()
    a_trois = compter()
    for rang in range(12):
        fiche = _expert(distribution, "Rose", f"Arseneau {rang}", "Deuil", nouveaux=[f"Sujet {rang}", "Dysphagie"])
        moment = creneau(jour_local() + datetime.timedelta(days=20), datetime.time(9), 30)
        plages.offrir_plages(fiche, [moment], par=fiche.personne)
    assert compter() == a_trois
