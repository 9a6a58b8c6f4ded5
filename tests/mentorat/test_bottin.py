"""Le bottin des mentors : ouvert à tous, filtré par l’adresse, d’un coût constant."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorat.actions import bottin
from tests.distribution import Distribution
from tests.factories import PersonneFactory
from tests.mentorat import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
BOTTIN = reverse("mentorat:bottin")


def _mentor(d, prenom, nom, *, comme=None, competences=(), **champs):
    comme = comme or d.mentor
    personne = PersonneFactory(
        prenom=prenom,
        nom=nom,
        superieur=d.gestionnaire_mentor,
        service=comme.service,
        installation=comme.installation,
        titre_emploi=comme.titre_emploi,
    )
    fiche = scenes.fiche_inscrite(d, personne)
    return bottin.ecrire_fiche(fiche, par=personne, competences=[], nouvelles=competences, **champs)


@pytest.fixture
def equipe(distribution):
    """Trois mentors qui diffèrent en tout, et deux fiches qui n’ont pas à paraître."""
    d = distribution
    mentors = {
        "Guylaine Cyr": _mentor(d, "Guylaine", "Cyr", competences=["Gériatrie"], capacite=1, a_distance=False),
        "Noémie Huet": _mentor(d, "Noémie", "Huet", comme=d.executif_cm, competences=["Dysphagie"]),
        "Omer Blais": _mentor(d, "Omer", "Blais", comme=d.collegue, competences=["Positionnement"]),
    }
    bottin.mettre_en_pause(mentors["Omer Blais"], par=mentors["Omer Blais"].personne)
    scenes.fiche_en_redaction(d, d.mentore)
    scenes.fiche_soumise(d, d.collegue)
    return mentors


def _noms(client, **filtres):
    page = client.get(BOTTIN, filtres).context["page"]
    return sorted(str(fiche.personne) for fiche in page)


@pytest.mark.exigence("R-080")
@pytest.mark.parametrize("nom", [nom for nom in Distribution.noms() if nom != "inactif"])
def test_le_bottin_est_ouvert_a_tous(distribution, client_de, equipe, nom):
    page = texte_de(client_de(distribution[nom]).get(BOTTIN))
    for attendu in ("Guylaine Cyr", "Ergothérapie", "Gériatrie", "Baie-des-Chaleurs", "1 place libre", "3 mentors"):
        assert attendu in page
    assert "formation de mentor suivie" in page
    assert "En pause" in page


def test_sans_etre_connecte_on_est_mene_a_la_connexion(client, equipe):
    assert client.get(BOTTIN).status_code == 302


@pytest.mark.exigence("R-080", "R-086")
def test_ny_paraissent_ni_les_candidatures_ni_les_retirees_ni_les_departs(distribution, client_de, equipe):
    bottin.retirer_du_bottin(equipe["Noémie Huet"], par=distribution.dsm)
    parti = equipe["Guylaine Cyr"].personne
    parti.is_active = False
    parti.save(update_fields=["is_active"])
    assert _noms(client_de(distribution.mentore)) == ["Omer Blais"]


@pytest.mark.parametrize(
    ("filtres", "attendus"),
    [
        ({"discipline": "Ergothérapie"}, ["Guylaine Cyr"]),
        ({"discipline": "Orthophonie"}, ["Noémie Huet"]),
        ({"rls": "rocher-perce"}, ["Noémie Huet"]),
        ({"disponibilite": "libre"}, ["Guylaine Cyr", "Noémie Huet"]),
        ({"disponibilite": "en_pause"}, ["Omer Blais"]),
        ({"a_distance": "on"}, ["Noémie Huet", "Omer Blais"]),
        ({"q": "GERIATRIE"}, ["Guylaine Cyr"]),
        ({"q": "noemie"}, ["Noémie Huet"]),
        ({"q": "ergotherapie cyr"}, ["Guylaine Cyr"]),
        ({"q": "cyr dysphagie"}, []),
        ({"rls": "baie-des-chaleurs", "disponibilite": "libre"}, ["Guylaine Cyr"]),
    ],
)
def test_chaque_filtre_garde_ceux_qui_conviennent(distribution, client_de, equipe, filtres, attendus):
    assert _noms(client_de(distribution.mentore), **filtres) == attendus


def test_le_filtre_par_competence_garde_les_mentors_qui_loffrent(distribution, client_de, equipe):
    dysphagie = equipe["Noémie Huet"].competences.get()
    assert _noms(client_de(distribution.mentore), competence=dysphagie.pk) == ["Noémie Huet"]


def test_un_mentor_comble_na_plus_de_place_libre(distribution, client_de):
    entente = scenes.entente_naissante(distribution)
    bottin.ecrire_fiche(entente.mentor.fiche_mentor, par=distribution.mentor, capacite=1)
    client = client_de(distribution.mentore)
    assert "Aucune place libre" in texte_de(client.get(BOTTIN))
    assert _noms(client, disponibilite="libre") == []


@pytest.mark.parametrize(
    "filtres",
    [
        {"q": "\x00"},
        {"q": "cyr\u202e"},
        {"q": "%_'\""},
        {"q": "z" * 500},
        {"discipline": "Astrologie"},
        {"competence": "abc"},
        {"competence": "999999"},
        {"rls": "\x00"},
        {"page": "-3"},
        {"page": "abc"},
        {"page": "9" * 30},
    ],
)
def test_une_adresse_trafiquee_rend_une_page(distribution, client_de, equipe, filtres):
    assert client_de(distribution.mentore).get(BOTTIN, filtres).status_code == 200


def test_une_recherche_collee_avec_des_marques_invisibles_trouve_quand_meme(distribution, client_de, equipe):
    assert _noms(client_de(distribution.mentore), q="\u202ecyr\x00") == ["Guylaine Cyr"]


def test_aucun_resultat_dit_quoi_essayer(distribution, client_de, equipe):
    assert "Élargissez la recherche" in texte_de(client_de(distribution.mentore).get(BOTTIN, {"q": "zzz"}))


def test_les_pages_suivantes_gardent_les_filtres_et_lordre_des_noms(distribution, client_de):
    for rang in range(21):
        _mentor(distribution, "Rose", f"Arseneau {rang:02d}")
    _mentor(distribution, "Zéphir", "Allard")
    client = client_de(distribution.mentore)
    premiere = client.get(BOTTIN, {"discipline": "Ergothérapie"})
    assert "discipline=Ergoth" in premiere.content.decode()
    assert str(premiere.context["page"][0].personne) == "Zéphir Allard"
    assert len(client.get(BOTTIN, {"discipline": "Ergothérapie", "page": 2}).context["page"]) == 2


def test_le_bottin_coute_autant_de_requetes_a_quinze_mentors_qua_trois(distribution, client_de, equipe):
    client = client_de(distribution.mentore)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(BOTTIN, {"q": "e"}).status_code == 200
        return len(requetes)

    compter()
    a_trois = compter()
    for rang in range(12):
        _mentor(distribution, "Rose", f"Arseneau {rang}", competences=[f"Compétence {rang}", "Gériatrie"])
    assert compter() == a_trois
