"""La demande de mentorat : l’ouvrir, l’écrire, la lire, la retrouver (R-044 à R-046, R-068, R-436)."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentorat.actions import demandes
from mentorat.models import Competence, DemandeMentorat, EtatDemande
from tests.factories import PersonneFactory
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db
OUVRIR, LISTE = reverse("mentorat:demande_ouvrir"), reverse("mentorat:demandes")


def _saisie(**champs):
    return {"identifie_par": "intervenant", "description": "Le soutien à domicile.", "attentes": "", **champs}


@pytest.mark.exigence("R-009", "R-068", "R-406")
def test_un_intervenant_ouvre_sa_demande_et_un_second_clic_ramene_a_la_meme(distribution, client_de):
    client = client_de(distribution.mentore)
    premiere, seconde = client.post(OUVRIR), client.post(OUVRIR)
    demande = DemandeMentorat.objects.get()
    assert demande.mentore == distribution.mentore
    assert premiere.url == seconde.url == adresse("demande_modifier", demande)


def test_ouvrir_ne_se_fait_pas_par_une_simple_visite(distribution, client_de):
    assert client_de(distribution.mentore).get(OUVRIR).status_code == 405
    assert not DemandeMentorat.objects.exists()


@pytest.mark.exigence("R-048")
def test_qui_a_deja_une_demande_en_cours_y_est_mene(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    assert client_de(distribution.mentore).post(OUVRIR).url == adresse("demande", demande)
    assert DemandeMentorat.objects.count() == 1


@pytest.mark.exigence("R-328", "R-436")
def test_le_mentore_dit_son_besoin_et_les_competences_visees(distribution, client_de):
    connue = Competence.objects.create(libelle="Gériatrie")
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    client = client_de(distribution.mentore)
    saisie = _saisie(besoin_nouveau_programme="on", identifie_par="les_deux", nouvelles="GERIATRIE, OEMC")
    assert client.post(adresse("demande_modifier", demande), saisie).url == adresse("demande", demande)
    demande.refresh_from_db()
    assert demande.besoins == ["Intégration d’un nouveau programme ou service"]
    assert demande.identifie_par == "les_deux"
    assert connue in demande.competences.all()
    assert Competence.objects.count() == 2
    assert "Le soutien à domicile." in texte_de(client.get(adresse("demande", demande)))


def test_ce_qui_est_coche_se_decoche(distribution, client_de):
    demande = scenes.demande_en_redaction(distribution)
    client_de(distribution.mentore).post(adresse("demande_modifier", demande), _saisie(besoin_competences="on"))
    assert scenes.relire(demande).besoins == ["Développement de compétences spécifiques"]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"identifie_par": ""}, "Dites qui a vu ce besoin."),
        ({"identifie_par": "gestionnaire"}, "Dites qui a vu ce besoin."),
        ({"identifie_par": "\x00"}, "Dites qui a vu ce besoin."),
        ({"attentes": "é" * 4001}, "Ce texte dépasse 4 000 caractères"),
        ({"competences": ["-1"]}, "n’est plus dans la liste"),
    ],
)
def test_une_saisie_fautive_est_expliquee_sans_rien_perdre(distribution, client_de, champs, phrase):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    reponse = client_de(distribution.mentore).post(adresse("demande_modifier", demande), _saisie(**champs))
    assert phrase in texte_de(reponse)
    assert "Le soutien à domicile." in texte_de(reponse)
    assert scenes.relire(demande).description == ""


def test_les_caracteres_invisibles_sont_retires(distribution, client_de):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    client_de(distribution.mentore).post(
        adresse("demande_modifier", demande), _saisie(description="Consen\u202etement\x00")
    )
    assert scenes.relire(demande).description == "Consentement"


def test_une_demande_soumise_ne_se_modifie_plus(distribution, client_de):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution.mentore)
    assert client.get(adresse("demande_modifier", demande)).url == adresse("demande", demande)
    reponse = client.post(adresse("demande_modifier", demande), _saisie(description="Autre chose"))
    assert reponse.status_code == 409
    assert "Autre chose" in texte_de(reponse)
    assert scenes.relire(demande).description != "Autre chose"


@pytest.mark.parametrize("nom", ["gestionnaire", "delegue", "dsm", "appr", "mentor", "collegue", "superutilisateur"])
def test_une_demande_en_redaction_nest_qua_son_auteur(distribution, client_de, nom):
    demande = scenes.demande_en_redaction(distribution)
    client = client_de(distribution[nom])
    assert client.get(adresse("demande", demande)).status_code == 404
    assert client.post(adresse("demande_modifier", demande), _saisie()).status_code == 404
    assert "St-Onge" not in texte_de(client.get(LISTE))


@pytest.mark.parametrize("nom", ["gestionnaire", "delegue", "dsm", "appr"])
def test_une_fois_soumise_qui_decide_la_lit_sans_pouvoir_lecrire(distribution, client_de, nom):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution[nom])
    assert "Je passe de la clinique externe" in texte_de(client.get(adresse("demande", demande)))
    assert client.post(adresse("demande_modifier", demande), _saisie()).status_code == 403
    assert "St-Onge" in texte_de(client.get(LISTE))


@pytest.mark.parametrize(
    "nom",
    ["mentor", "gestionnaire_mentor", "directrice", "autre_gestionnaire", "ancien_gestionnaire", "drhcaj", "pilote"],
)
def test_les_autres_nen_savent_rien(distribution, client_de, nom):
    demande = scenes.demande_soumise(distribution)
    client = client_de(distribution[nom])
    assert client.get(adresse("demande", demande)).status_code == 404
    assert "Loïc St-Onge" not in texte_de(client.get(LISTE))


def test_une_demande_inconnue_est_introuvable(distribution, client_de):
    client = client_de(distribution.dsm)
    for nom in ("demande", "demande_modifier", "demande_proposer", "demande_decliner_jumelage"):
        assert client.get(reverse(f"mentorat:{nom}", args=[uuid.uuid4()])).status_code == 404


def test_la_liste_se_filtre_par_etat_et_par_nom_sans_accents(distribution, client_de):
    d = distribution
    demandes.soumettre_demande(_demande_de(d, d.collegue), par=d.collegue)
    scenes.demande_acceptee(d)

    def lus(personne, **filtres):
        page = client_de(personne).get(LISTE, filtres).context["page"]
        return sorted(str(demande.mentore) for demande in page)

    assert lus(d.gestionnaire) == lus(d.dsm) == ["Loïc St-Onge", "Zoé Bujold"]
    assert lus(d.mentore) == ["Loïc St-Onge"]
    assert lus(d.gestionnaire, etat=EtatDemande.SOUMISE) == ["Zoé Bujold"]
    assert lus(d.gestionnaire, q="ZOE bujold") == ["Zoé Bujold"]
    assert lus(d.gestionnaire, q="\x00loic") == ["Loïc St-Onge"]
    assert lus(d.gestionnaire, etat="inventé", page="zz") == ["Loïc St-Onge", "Zoé Bujold"]


def _demande_de(d, personne):
    demande = demandes.ouvrir_demande(par=personne)
    return demandes.ecrire_demande(demande, par=personne, besoin_nouvel_intervenant=True)


def test_la_liste_coute_autant_de_requetes_a_douze_demandes_qua_une(distribution, client_de):
    d = distribution
    scenes.demande_proposee(d)
    client = client_de(d.appr)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).status_code == 200
        return len(requetes)

    compter()
    a_une = compter()
    for _ in range(11):
        personne = PersonneFactory(superieur=d.gestionnaire)
        demandes.soumettre_demande(_demande_de(d, personne), par=personne)
    assert compter() == a_une


@pytest.mark.exigence("R-049", "R-056", "R-063")
def test_la_demande_dit_ce_quil_faut_savoir_avec_le_renvoi_au_cadre(distribution, client_de):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    page = client_de(distribution.mentore).get(adresse("demande_modifier", demande)).content.decode()
    assert "Ce que vous devez savoir" in page
    for numero in ("R-049", "R-056", "R-061", "R-063", "R-067", "R-328", "R-362"):
        assert reverse("cadre:exigence", args=[numero]) in page
