"""Les représentants : nommés par leur direction, avec pouvoir décisionnel, acceptés par une autre personne (R-217, R-239)."""

import datetime

import pytest

from concertation.actions import comite
from concertation.models import Nomination
from encadrement.personnes.models import Direction
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes import COMITE, NOMMER, adresse, courriels, rien_decrit, texte_de

pytestmark = pytest.mark.django_db


def envoi(d, direction=None, **champs):
    direction = direction or d.gestionnaire.direction
    return {
        "direction": direction.pk,
        "personne": d.delegue.matricule,
        "sorte": "titulaire",
        "pouvoir": "on",
        "debut": jour_local().isoformat(),
        **champs,
    }


@pytest.fixture
def directrice(distribution, client_de):
    return client_de(distribution.directrice)


@pytest.mark.exigence("R-217", "R-239")
def test_la_directrice_nomme_et_la_dsm_accepte(distribution, client_de, directrice):
    d = distribution
    assert "Nommer un représentant" in texte_de(directrice.get(COMITE))
    assert directrice.post(NOMMER, envoi(d)).url == COMITE
    nomination = Nomination.objects.get()
    assert (nomination.direction, nomination.personne, nomination.proposee_par) == (
        d.gestionnaire.direction, d.delegue, d.directrice
    )  # fmt: skip
    assert not Nomination.objects.en_vigueur().exists()
    assert courriels("nomination_a_accepter") == [d.dsm.prenom]
    dsm = client_de(d.dsm)
    assert "à accepter par la DSM" in texte_de(dsm.get(COMITE))
    assert dsm.post(adresse("nomination_accepter", nomination)).url == COMITE
    assert Nomination.objects.en_vigueur().get().personne == d.delegue
    assert courriels("nomination_acceptee") == [d.delegue.prenom]


@pytest.mark.exigence("R-217")
def test_sans_pouvoir_decisionnel_atteste_personne_nest_nomme(distribution, directrice):
    with rien_decrit():
        reponse = directrice.post(NOMMER, envoi(distribution, pouvoir=""))
    assert reponse.status_code == 409
    assert "a un pouvoir décisionnel sur les services requis" in texte_de(reponse)
    assert "/cadre/R-217/" in texte_de(reponse)


@pytest.mark.exigence("R-217")
def test_la_directrice_peut_sieger_elle_meme(distribution, client_de, directrice):
    directrice.post(NOMMER, envoi(distribution, personne=distribution.directrice.matricule))
    nomination = Nomination.objects.get()
    client_de(distribution.dsm).post(adresse("nomination_accepter", nomination))
    assert Nomination.objects.en_vigueur().get().personne == distribution.directrice


@pytest.mark.parametrize("nom", ["mentore", "gestionnaire", "delegue", "appr", "superutilisateur"])
def test_qui_ne_dirige_rien_ne_nomme_personne(distribution, client_de, nom):
    client = client_de(distribution[nom])
    assert client.get(NOMMER).status_code == 403
    with rien_decrit():
        assert client.post(NOMMER, envoi(distribution)).status_code == 403


def test_on_ne_nomme_que_pour_sa_direction(distribution, directrice):
    ailleurs = distribution.autre_gestionnaire.direction
    with rien_decrit():
        reponse = directrice.post(NOMMER, envoi(distribution, direction=ailleurs))
    assert "Choisissez la direction" in texte_de(reponse)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"direction": "x"}, "Choisissez la direction"),
        ({"personne": ""}, "Écrivez le nom de la personne."),
        ({"personne": "Zzyzx"}, "Aucune personne en poste"),
        ({"sorte": "roi"}, "Dites si c’est le représentant ou son substitut."),
        ({"debut": "31/02/2026"}, "n’existe pas"),
        ({"debut": ""}, "Donnez le premier jour."),
        ({"fin": "2020-01-01"}, "La fin doit suivre le début."),
    ],
)
def test_une_saisie_fautive_est_expliquee(distribution, directrice, champs, phrase):
    with rien_decrit():
        reponse = directrice.post(NOMMER, {**envoi(distribution), **champs})
    assert phrase in texte_de(reponse)


def test_ni_qui_nomme_ni_qui_est_nomme_naccepte(distribution, client_de):
    d = distribution
    Direction.objects.filter(pk=d.gestionnaire.direction.pk).update(directeur=d.dsm)
    client = client_de(d.dsm)
    client.post(NOMMER, envoi(d))
    proposee = Nomination.objects.get()
    with rien_decrit():
        reponse = client.post(adresse("nomination_accepter", proposee))
    assert reponse.status_code == 409
    assert "Une autre personne que celle qui nomme" in texte_de(reponse)
    elle_meme = comite.nommer_representant(d.dsm.direction, d.dsm, par=d.pilote, pouvoir=True)
    with rien_decrit():
        assert client.post(adresse("nomination_accepter", elle_meme)).status_code == 403


def test_accepter_deux_fois_ne_compte_quune(distribution, client_de):
    nomination = scenes.nomination_proposee(distribution)
    client = client_de(distribution.dsm)
    client.post(adresse("nomination_accepter", nomination))
    with rien_decrit():
        assert client.post(adresse("nomination_accepter", nomination)).status_code == 409


def test_terminee_la_nomination_ne_vaut_plus_a_la_requete_suivante(distribution, client_de):
    d = distribution
    scenes.representants(d)
    rencontre = scenes.situation_inscrite(d).inscription.rencontre
    client = client_de(d.delegue)
    ordre = "L’ordre du jour"
    assert ordre in texte_de(client.get(rencontre.get_absolute_url()))
    nomination = Nomination.objects.get(personne=d.delegue)
    assert client_de(d.directrice).post(adresse("nomination_terminer", nomination)).status_code == 302
    # Le délégué voit encore la situation de son déléguant, et elle seule.
    assert not Nomination.objects.en_vigueur().filter(personne=d.delegue).exists()
    autre = Nomination.objects.get(personne=d.collegue)
    client = client_de(d.collegue)
    assert ordre in texte_de(client.get(rencontre.get_absolute_url()))
    comite.terminer_nomination(autre, par=d.dsm)
    assert ordre not in texte_de(client.get(rencontre.get_absolute_url()))


def test_une_nomination_a_venir_ou_finie_ne_vaut_pas_aujourdhui(distribution):
    d = distribution
    demain, hier = (jour_local() + datetime.timedelta(days=pas) for pas in (1, -1))
    for debut, fin in ((demain, None), (hier - datetime.timedelta(days=9), hier)):
        n = comite.nommer_representant(
            d.gestionnaire.direction, d.delegue, par=d.pilote, pouvoir=True, debut=debut, fin=fin
        )
        comite.accepter_nomination(n, par=d.dsm)
    assert not Nomination.objects.en_vigueur().exists()
    assert Nomination.objects.en_vigueur(demain).exists()


def test_tout_ou_rien_si_lavis_ne_peut_partir(distribution, monkeypatch):
    def en_panne(*_, **__):
        raise RuntimeError("panne")

    monkeypatch.setattr(comite, "annoncer_du_comite", en_panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        scenes.nomination_proposee(distribution)


def test_la_regle_ne_depend_pas_de_la_page(distribution):
    d = distribution
    with rien_decrit(), pytest.raises(ErreurMetier, match="pouvoir décisionnel"):
        comite.nommer_representant(d.gestionnaire.direction, d.delegue, par=d.directrice, pouvoir=False)
