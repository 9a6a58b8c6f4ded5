"""Déléguer ses approbations : datée, visible, révocable, et rien de plus (N-11)."""

import datetime

import pytest
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.accueil.actions import donner_delegation, revoquer_delegation
from encadrement.accueil.droits import DROITS_DELEGATION
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Delegation, Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.factories import PersonneFactory

JOUR = datetime.timedelta(days=1)


@pytest.fixture
def semaine():
    return {"debut": jour_local(), "fin": jour_local() + 7 * JOUR}


def relire(personne):
    return Personne.objects.get(pk=personne.pk)


def test_le_gestionnaire_delegue_a_un_autre(client_de, distribution, semaine):
    d = distribution
    reponse = client_de(d.autre_gestionnaire).post(
        reverse("accueil:delegations"),
        {"personne": d.gestionnaire.matricule, **semaine, "motif": "Vacances"},
        follow=True,
    )
    assert "approuve au nom de Carole Desbois, du " in reponse.content.decode()
    assert relire(d.gestionnaire).represente_ids == {d.gestionnaire.pk, d.autre_gestionnaire.pk}
    entree = Entree.objects.get(acte="accueil.delegation.donner")
    assert (entree.par_id, entree.details["a"]) == (d.autre_gestionnaire.pk, d.gestionnaire.matricule)
    assert Courriel.objects.get(a=d.gestionnaire).objet == "Carole Desbois vous confie ses approbations"


def test_une_delegation_a_venir_ne_vaut_pas_encore(distribution):
    d = distribution
    donner_delegation(
        de=d.autre_gestionnaire,
        a=d.appr,
        debut=jour_local() + JOUR,
        fin=jour_local() + 2 * JOUR,
        par=d.autre_gestionnaire,
    )
    assert d.autre_gestionnaire.pk not in relire(d.appr).represente_ids


def test_une_delegation_ne_se_transmet_pas(distribution, semaine):
    d = distribution
    donner_delegation(de=d.gestionnaire, a=d.directrice, par=d.gestionnaire, **semaine)
    donner_delegation(de=d.directrice, a=d.autre_gestionnaire, par=d.directrice, **semaine)
    assert d.gestionnaire.pk not in relire(d.autre_gestionnaire).represente_ids


def test_une_delegation_ne_donne_aucun_role_attribue(distribution, semaine):
    d = distribution
    donner_delegation(de=d.dsm, a=d.collegue, par=d.dsm, **semaine)
    assert relire(d.collegue).roles_attribues == frozenset()


def test_le_pilote_delegue_a_la_demande_de_la_direction_mais_jamais_a_lui_meme(distribution, semaine):
    d = distribution
    donner_delegation(de=d.gestionnaire, a=d.directrice, par=d.pilote, **semaine)
    with pytest.raises(AccesRefuse):
        donner_delegation(de=d.gestionnaire, a=d.pilote, par=d.pilote, **semaine)


def test_le_pilote_nomme_l_absent_par_son_matricule_les_autres_n_y_pensent_pas(client_de, distribution, semaine):
    d = distribution
    saisie = {"de": d.gestionnaire.matricule, "personne": d.directrice.matricule, **semaine}
    client_de(d.pilote).post(reverse("accueil:delegations"), saisie)
    assert Delegation.objects.filter(de=d.gestionnaire, a=d.directrice).exists()
    page = client_de(d.pilote).post(reverse("accueil:delegations"), {**saisie, "de": "404"})
    assert "Aucune personne en poste n’a ce matricule." in page.content.decode()
    client_de(d.autre_gestionnaire).post(reverse("accueil:delegations"), {**saisie, "personne": d.delegue.matricule})
    assert Delegation.objects.filter(de=d.autre_gestionnaire, a=d.delegue).exists()


@pytest.mark.parametrize("qui", ["delegue", "dsm", "superutilisateur", "ancien_gestionnaire", "collegue"])
def test_personne_d_autre_ne_delegue_pour_un_absent(distribution, semaine, qui):
    d = distribution
    with pytest.raises(AccesRefuse):
        donner_delegation(de=d.gestionnaire, a=d.directrice, par=d[qui], **semaine)


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"a": "gestionnaire"}, "une autre personne que vous-même"),
        ({"a": "inactif"}, "est fermé"),
        ({"fin": -1}, "doit suivre son début"),
        ({"debut": -9, "fin": -2}, "déjà passée"),
        ({"fin": 400}, "au plus un an"),
        ({"de": "collegue", "par": "collegue"}, "ne supervise personne"),
        ({"a": "delegue"}, "couvre déjà une partie de cette période"),
    ],
)
def test_une_delegation_sans_sens_est_refusee_avec_une_phrase(distribution, change, phrase):
    qui = {"de": "gestionnaire", "a": "directrice", "par": "gestionnaire", **change}
    personnes = {champ: distribution[qui[champ]] for champ in ("de", "a", "par")}
    bornes = {champ: jour_local() + change.get(champ, defaut) * JOUR for champ, defaut in (("debut", 0), ("fin", 7))}
    avant = Delegation.objects.count()
    with pytest.raises(ErreurMetier, match=phrase):
        donner_delegation(**personnes, **bornes)
    assert Delegation.objects.count() == avant


def test_un_refus_garde_ce_qui_etait_saisi(client_de, distribution, semaine):
    d = distribution
    saisie = {"personne": d.delegue.matricule, **semaine, "motif": "Formation à Québec"}
    reponse = client_de(d.gestionnaire).post(reverse("accueil:delegations"), saisie)
    assert reponse.status_code == 409
    assert "Formation à Québec" in reponse.content.decode()


def test_deux_homonymes_se_distinguent_avant_d_agir(client_de, distribution, semaine):
    d = distribution
    premiere, seconde = (PersonneFactory(prenom="Anne", nom="Poirier", service=d.mentor.service) for _ in range(2))
    client, saisie = client_de(d.gestionnaire), {"personne": "anne poirier", **semaine, "motif": ""}
    page = client.post(reverse("accueil:delegations"), saisie)
    assert "Plusieurs personnes portent ce nom" in page.content.decode()
    assert "Réadaptation – URFI Maria" in page.content.decode()
    client.post(reverse("accueil:delegations"), {**saisie, "laquelle": str(seconde.uuid)})
    assert Delegation.objects.filter(a=seconde).exists()
    assert not Delegation.objects.filter(a=premiere).exists()


@pytest.mark.parametrize(
    ("nom", "phrase"),
    [("", "Écrivez le nom"), ("zzz", "Aucune personne en poste"), ("Keays", "Aucune personne en poste")],
)
def test_un_nom_introuvable_se_dit(client_de, distribution, semaine, nom, phrase):
    page = client_de(distribution.gestionnaire).post(reverse("accueil:delegations"), {"personne": nom, **semaine})
    assert phrase in page.content.decode()
    assert page.status_code == 200


@pytest.mark.parametrize("qui", ["gestionnaire", "delegue"])
def test_le_delegant_revoque_et_le_delegue_renonce(client_de, distribution, qui):
    d = distribution
    delegation = Delegation.objects.get(a=d.delegue)
    adresse = reverse("accueil:delegation_revoquer", args=[delegation.uuid])
    client = client_de(d[qui])
    assert "cela cesse aussitôt" in client.get(adresse).content.decode()
    assert client.post(adresse).status_code == 302
    assert relire(d.delegue).represente_ids == {d.delegue.pk}
    assert Entree.objects.filter(acte="accueil.delegation.revoquer", par=d[qui]).exists()
    with pytest.raises(ErreurMetier, match="déjà révoquée"):
        revoquer_delegation(delegation, par=d[qui])


def test_une_delegation_qui_ne_me_regarde_pas_n_existe_pas(client_de, distribution):
    adresse = reverse("accueil:delegation_revoquer", args=[Delegation.objects.get(a=distribution.delegue).uuid])
    assert client_de(distribution.collegue).post(adresse).status_code == 404
    assert client_de(distribution.dsm).post(adresse).status_code == 403


def test_les_delegations_se_lisent_des_deux_cotes(client_de, distribution):
    donnee = client_de(distribution.gestionnaire).get(reverse("accueil:delegations")).content.decode()
    recue = client_de(distribution.delegue).get(reverse("accueil:delegations")).content.decode()
    assert "Édith Landry" in donnee
    assert "Révoquer" in donnee
    assert "terminée" in donnee
    assert "Hélène Arsenault" in recue
    assert "Y renoncer" in recue


def test_le_pilote_et_la_dsm_voient_les_delegations_ouvertes_des_autres(client_de, distribution):
    pages = {
        nom: client_de(distribution[nom]).get(reverse("accueil:delegations")).content.decode()
        for nom in ("pilote", "dsm", "mentore")
    }
    assert "Révoquer<" in pages["pilote"]
    assert "Édith Landry" in pages["dsm"]
    assert "Révoquer<" not in pages["dsm"]
    assert "Édith Landry" not in pages["mentore"]


def test_la_delegation_d_une_personne_partie_ne_vaut_plus(distribution):
    d = distribution
    Personne.objects.filter(pk=d.gestionnaire.pk).update(is_active=False)
    assert relire(d.delegue).represente_ids == {d.delegue.pk}
    assert not DROITS_DELEGATION.peut(relire(d.gestionnaire), "voir", Delegation.objects.get(a=d.delegue))
