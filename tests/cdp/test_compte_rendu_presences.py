"""Noter les présences et les heures réelles, d’une page courte : ce que l’autre note au même moment ne s’efface pas."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cdp.actions import adhesions, comptes_rendus
from cdp.models import ParticipationCdp
from cdp.models.decompte import decompte_de
from encadrement.socle.temps import AnneeFinanciere, jour_local
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def rencontre(distribution):
    return scenes.rencontre_tenue(distribution)


@pytest.fixture
def url(rencontre):
    return reverse("cdp:rencontre_presences", args=[rencontre.uuid])


@pytest.fixture
def secretaire(distribution, client_de):
    return client_de(distribution.secretaire)


def presence_de(rencontre, personne):
    return rencontre.participations.get(personne=personne)


def envoyer(client, url, geste="enregistrer", **saisi):
    return client.post(url, {**champs_de(client.get(url)), **saisi, "geste": geste})


@pytest.mark.exigence("R-397", "R-485")
def test_chacun_se_note_present_ou_absent(secretaire, distribution, rencontre, url):
    dits = {distribution.animatrice: "oui", distribution.secretaire: "oui", distribution.membre: "non"}
    saisi = {f"presence-{presence_de(rencontre, qui).pk}": dit for qui, dit in dits.items()}
    assert envoyer(secretaire, url, **saisi).status_code == 302
    notees = {ligne.personne: ligne.presente for ligne in rencontre.participations.all()}
    assert notees == {qui: dit == "oui" for qui, dit in dits.items()}
    annee = AnneeFinanciere.du(jour_local())
    comptees = {qui: decompte_de(rencontre.communaute, qui, annee).rencontres for qui in dits}
    assert comptees == {qui: 180 if dit == "oui" else 0 for qui, dit in dits.items()}


@pytest.mark.exigence("R-397")
def test_un_seul_geste_note_presents_ceux_qui_restent(secretaire, distribution, rencontre, url):
    absente = presence_de(rencontre, distribution.membre)
    assert envoyer(secretaire, url, "tous_presents", **{f"presence-{absente.pk}": "non"}).status_code == 302
    assert rencontre.participations.filter(presente=True).count() == 2
    absente.refresh_from_db()
    assert absente.presente is False


def test_ce_que_lautre_vient_de_noter_ne_sefface_pas(secretaire, distribution, rencontre, url):
    ligne = presence_de(rencontre, distribution.membre)
    comptes_rendus.noter_presences(rencontre, {ligne.pk: True}, par=distribution.animatrice)
    vus = champs_de(secretaire.get(url))
    comptes_rendus.noter_presences(rencontre, {ligne.pk: False}, par=distribution.animatrice)
    autre = presence_de(rencontre, distribution.secretaire)
    secretaire.post(url, {**vus, f"presence-{autre.pk}": "oui", "geste": "enregistrer"})
    ligne.refresh_from_db()
    autre.refresh_from_db()
    assert (ligne.presente, autre.presente) == (False, True)


@pytest.mark.exigence("R-396")
def test_les_heures_reelles_sont_celles_que_les_heures_comptent(secretaire, distribution, rencontre, url):
    presence = presence_de(rencontre, distribution.membre)
    saisi = {"debut": "13:15", "fin": "15 h 45", f"presence-{presence.pk}": "oui"}
    assert envoyer(secretaire, url, **saisi).status_code == 302
    rencontre.refresh_from_db()
    assert rencontre.minutes == 150
    compte = decompte_de(rencontre.communaute, distribution.membre, AnneeFinanciere.du(jour_local()))
    assert compte.rencontres == 150


@pytest.mark.exigence("R-396")
@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"fin": "12:00"}, "La fin de la rencontre doit suivre son début."),
        ({"fin": "13:30"}, "La fin de la rencontre doit suivre son début."),
        ({"debut": ""}, "Écrivez l’heure du début."),
        ({"debut": "tantôt"}, "Écrivez une heure comme 13:30"),
        ({"debut": "24:25"}, "Écrivez une heure comme 13:30"),
        ({"jour": "2026-02-31"}, "Cette date n’existe pas"),
        ({"jour": ""}, "Écrivez la date de la rencontre."),
    ],
)
def test_une_heure_impossible_se_dit_et_reste_a_lecran(secretaire, url, saisi, phrase):
    with rien_decrit():
        reponse = envoyer(secretaire, url, **saisi)
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    (champ, valeur), *_ = saisi.items()
    assert champs_de(reponse)[champ] == valeur


def test_une_rencontre_ne_se_tient_pas_demain(secretaire, url):
    demain = jour_local() + datetime.timedelta(days=1)
    with rien_decrit():
        reponse = envoyer(secretaire, url, jour=demain.isoformat())
    assert reponse.status_code == 409
    assert "a commencé avant maintenant" in texte_de(reponse)


def test_deux_rencontres_ne_peuvent_pas_commencer_au_meme_moment(secretaire, distribution, rencontre, url):
    autre = scenes.rencontre_tenue(distribution, rencontre.communaute, il_y_a=9)
    debut = timezone.localtime(autre.debut)
    with rien_decrit():
        reponse = envoyer(secretaire, url, jour=debut.date().isoformat())
    assert reponse.status_code == 409
    assert "Une autre rencontre de cette communauté commence à ce moment" in texte_de(reponse)


@pytest.mark.exigence("R-397")
def test_un_invite_venu_sans_etre_convoque_sajoute_present_et_se_retire(secretaire, rencontre, url):
    saisi = {"ajout-nom_externe": "Line Metallic", "ajout-organisme": "Gesgapegiag"}
    assert envoyer(secretaire, url, "ajouter", **saisi).status_code == 302
    invite = rencontre.participations.get(nom_externe="Line Metallic")
    assert (invite.est_invite, invite.presente, invite.organisme) == (True, True, "Gesgapegiag")
    assert envoyer(secretaire, url, f"retirer:{invite.pk}").status_code == 302
    assert not rencontre.participations.filter(pk=invite.pk).exists()


@pytest.mark.parametrize("cible", ["", "²", "-1", "abc", "99999999999"])
def test_retirer_une_ligne_qui_nexiste_pas_ne_casse_rien(secretaire, url, cible):
    with rien_decrit():
        assert envoyer(secretaire, url, f"retirer:{cible}").status_code == 302


def test_un_membre_convoque_ne_se_retire_pas_de_la_liste(secretaire, distribution, rencontre, url):
    ligne = presence_de(rencontre, distribution.membre)
    envoyer(secretaire, url, f"retirer:{ligne.pk}")
    assert ParticipationCdp.objects.filter(pk=ligne.pk).exists(), "son absence se note, elle ne s’efface pas"


@pytest.mark.exigence("R-397")
def test_qui_a_quitte_depuis_garde_sa_presence(secretaire, distribution, rencontre, url):
    adhesions.quitter(scenes.adhesion_de(distribution, "membre"), par=distribution.membre)
    ligne = presence_de(rencontre, distribution.membre)
    assert envoyer(secretaire, url, **{f"presence-{ligne.pk}": "oui"}).status_code == 302
    ligne.refresh_from_db()
    assert ligne.presente is True
    assert not ligne.est_invite


@pytest.mark.exigence("R-397")
def test_une_personne_partie_avant_la_rencontre_ne_sajoute_pas_comme_membre(secretaire, distribution, url):
    parti = distribution.ancien_membre
    scenes.communaute_active(distribution).adhesions.filter(personne=parti).update(
        debut=datetime.date(2026, 1, 5), fin=datetime.date(2026, 2, 5)
    )
    with rien_decrit():
        reponse = envoyer(secretaire, url, "ajouter", **{"ajout-personne": parti.pk})
    assert reponse.status_code == 200
    assert "Sélectionnez un choix valide" in texte_de(reponse)


def test_nommer_personne_se_dit(secretaire, url):
    with rien_decrit():
        reponse = envoyer(secretaire, url, "ajouter")
    assert "Nommez la personne, ou choisissez un membre." in texte_de(reponse)
