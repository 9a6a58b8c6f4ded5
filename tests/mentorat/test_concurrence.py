"""Plusieurs personnes au même instant, sur PostgreSQL : un seul effet, et une phrase claire pour les autres."""

import pytest
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.personnes.models import Delegation, Personne
from encadrement.signatures.models import Signature
from encadrement.socle.temps import jour_local
from mentorat.actions import demandes
from mentorat.actions import ententes as actions
from mentorat.models import ConditionsFavorables, DemandeMentorat, Entente, PassageEntente, Transmission
from tests.distribution import monter
from tests.ensemble import ensemble
from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de
from tests.mentorat.traces import courriels

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


def _deleguer(d, *noms):
    for nom in noms:
        Delegation.objects.create(de=d.gestionnaire, a=d[nom], debut=jour_local(), fin=jour_local(), motif="Congé")


def _signature(client, page, entente):
    lus = champs_de(client.get(adresse(page, entente)))
    return {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE}


@pytest.mark.exigence("R-090")
def test_quatre_personnes_approuvent_au_meme_instant_une_seule_fois(d, client_de):
    entente = scenes.entente(d, "a_approuver")
    _deleguer(d, "autre_gestionnaire", "directrice")
    clients = [client_de(d[nom]) for nom in ("gestionnaire", "delegue", "autre_gestionnaire", "directrice")]
    envois = [(client, _signature(client, "entente_approuver", entente)) for client in clients]
    page = adresse("entente_approuver", entente)
    reponses = ensemble(*(lambda c=client, s=saisi: c.post(page, s) for client, saisi in envois))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409, 409]
    for reponse in reponses:
        if reponse.status_code == 409:
            assert "Ce dossier est maintenant à l’état « active »" in texte_de(reponse)
            assert champs_de(reponse)["engagement"] == "on"
    assert Signature.objects.filter(titre="gestionnaire").count() == 1
    assert PassageEntente.objects.filter(transition="approuver").count() == 1
    assert Document.objects.count() == 1
    assert ConditionsFavorables.objects.count() == 1
    assert Transmission.objects.count() == 2
    assert courriels("entente_approuvee") == sorted([d.mentor.nom_complet, d.mentore.nom_complet])


@pytest.mark.exigence("R-069", "R-334")
def test_mentor_et_mentore_signent_au_meme_instant_et_lentente_se_presente_une_fois(d, client_de):
    entente = scenes.entente(d, "a_signer")
    envois = [(client_de(qui), _signature(client_de(qui), "entente_signer", entente)) for qui in (d.mentor, d.mentore)]
    page = adresse("entente_signer", entente)
    reponses = ensemble(*(lambda c=client, s=saisi: c.post(page, s) for client, saisi in envois))
    assert [reponse.status_code for reponse in reponses] == [302, 302]
    assert scenes.relire(entente).etat == "a_approuver"
    assert sorted(Signature.objects.values_list("titre", flat=True)) == ["mentor", "mentore"]
    assert PassageEntente.objects.filter(transition="presenter").count() == 1
    assert courriels("entente_a_approuver").count(d.gestionnaire.nom_complet) == 1


def test_approuver_pendant_quon_renvoie_ne_fait_que_lun_des_deux(d):
    entente = scenes.entente(d, "a_approuver")
    rendus = ensemble(
        lambda: (
            actions.approuver_entente(scenes.relire(entente), par=d.gestionnaire, confirmation=scenes.CONFIRMATION).vers
        ),
        lambda: actions.renvoyer_entente(scenes.relire(entente), par=d.delegue, motif="Revoir.").vers,
    )
    faits = [rendu for rendu in rendus if isinstance(rendu, str)]
    assert faits == [scenes.relire(entente).etat]
    (refus,) = [rendu for rendu in rendus if not isinstance(rendu, str)]
    assert "n’y est plus possible" in str(refus)
    assert Signature.objects.filter(titre="gestionnaire").count() == (faits == ["active"])


def test_ecrire_pendant_quon_soumet_est_signe_ou_refuse_jamais_perdu(d):
    entente = scenes.entente(d, "brouillon")
    ecrit, _ = ensemble(
        lambda: actions.ecrire_entente(scenes.relire(entente), par=d.mentor, saisi={"frequence": "Neuf"}, temoins={}),
        lambda: actions.soumettre_entente(scenes.relire(entente), par=d.mentore),
    )
    relue = scenes.relire(entente)
    assert relue.etat == "a_signer"
    assert relue.frequence == relue.instantane.donnees["frequence"]
    assert (relue.frequence == "Neuf") == (ecrit == [])


def test_signer_pendant_quon_rouvre_ne_signe_que_ce_qui_etait_lu(d):
    entente = scenes.entente(d, "a_signer")
    ensemble(
        lambda: actions.signer_entente(scenes.relire(entente), par=d.mentor, confirmation=scenes.CONFIRMATION),
        lambda: actions.rouvrir_entente(scenes.relire(entente), par=d.mentore),
    )
    relue = scenes.relire(entente)
    assert relue.etat == "brouillon"
    actions.ecrire_entente(relue, par=d.mentore, saisi={"frequence": "Neuf"}, temoins={})
    actions.soumettre_entente(relue, par=d.mentore)
    assert scenes.relire(entente).instantane.signatures.count() == 0


def test_approuver_pendant_quon_revoque_la_delegation_est_tout_ou_rien(d):
    entente = scenes.entente(d, "a_approuver")
    rendu, _ = ensemble(
        lambda: actions.approuver_entente(
            scenes.relire(entente), par=Personne.objects.get(pk=d.delegue.pk), confirmation=scenes.CONFIRMATION
        ),
        lambda: Delegation.objects.filter(a=d.delegue).delete(),
    )
    relue = scenes.relire(entente)
    if isinstance(rendu, AccesRefuse):
        assert (relue.etat, Signature.objects.filter(titre="gestionnaire").count()) == ("a_approuver", 0)
    else:
        signature = Signature.objects.get(titre="gestionnaire")
        assert (relue.etat, signature.au_nom_de) == ("active", d.gestionnaire)
        assert rendu.au_nom_de == d.gestionnaire


ENVOIS = {
    "entente_soumettre": ("brouillon", "mentore", {}),
    "entente_rouvrir": ("a_signer", "mentore", {}),
    "entente_signer": ("a_signer", "mentor", None),
    "entente_approuver": ("a_approuver", "gestionnaire", None),
    "entente_renvoyer": ("a_approuver", "gestionnaire", {"motif": "Revoir."}),
    "entente_refuser": ("a_approuver", "gestionnaire", {"motif": "Non."}),
    "entente_abandonner": ("brouillon", "mentor", {}),
}


@pytest.mark.parametrize("page", ENVOIS)
def test_un_double_clic_na_quun_effet(d, client_de, page):
    etat, nom, saisi = ENVOIS[page]
    entente = scenes.entente(d, etat)
    clients = [client_de(d[nom]) for _ in range(3)]
    donnees = _signature(clients[0], page, entente) if saisi is None else saisi
    avant = PassageEntente.objects.count()
    reponses = ensemble(*(lambda c=client: c.post(adresse(page, entente), donnees) for client in clients))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    assert PassageEntente.objects.count() == avant + 1


def test_un_double_clic_sur_les_conditions_et_laccuse_de_reception_na_quun_effet(d, client_de):
    entente = scenes.entente(d)
    copie = Transmission.objects.get(destinataire="dsm")
    recevoir = reverse("mentorat:entente_accuser_reception", args=[entente.uuid, copie.pk])
    conditions = adresse("entente_confirmer_conditions", entente)
    dsm, chef = [client_de(d.dsm) for _ in range(3)], [client_de(d.gestionnaire) for _ in range(3)]
    assert {reponse.status_code for reponse in ensemble(*(lambda c=c: c.post(recevoir) for c in dsm))} == {302}
    saisi = {"charge_ajustee": "on"}
    assert {r.status_code for r in ensemble(*(lambda c=c: c.post(conditions, saisi) for c in chef))} == {302}
    assert ConditionsFavorables.objects.count() == 1
    assert Entree.objects.filter(acte="mentorat.transmission.recevoir").count() == 1


def test_le_meme_brouillon_envoye_quatre_fois_secrit_une_fois(d, client_de):
    entente = scenes.entente(d, "brouillon")
    clients = [client_de(d.mentor) for _ in range(4)]
    lus = {**champs_de(clients[0].get(adresse("entente_modifier", entente))), "frequence": "Chaque mois"}
    page = adresse("entente_brouillon", entente)
    assert {r.status_code for r in ensemble(*(lambda c=c: c.post(page, lus) for c in clients))} == {200}
    assert scenes.relire(entente).frequence == "Chaque mois"
    assert entente.objectifs.count() == 3


def test_un_double_clic_sur_ajouter_najoute_quune_ligne(d, client_de):
    entente = scenes.entente(d, "brouillon")
    clients = [client_de(d.mentor) for _ in range(4)]
    lus = {**champs_de(clients[0].get(adresse("entente_modifier", entente))), "geste": "ajouter_objectif"}
    page = adresse("entente_modifier", entente)
    assert {r.status_code for r in ensemble(*(lambda c=c: c.post(page, lus) for c in clients))} == {302}
    assert entente.objectifs.count() == 4


def test_deux_personnes_ecrivent_au_meme_instant_deux_champs_sont_gardes(d, client_de):
    entente = scenes.entente(d, "brouillon")
    mentor, mentore = client_de(d.mentor), client_de(d.mentore)
    lus = champs_de(mentor.get(adresse("entente_modifier", entente)))
    page = adresse("entente_modifier", entente)
    reponses = ensemble(
        lambda: mentor.post(page, {**lus, "frequence": "Du mentor"}),
        lambda: mentore.post(page, {**lus, "duree_rencontres": "2 h"}),
    )
    assert [reponse.status_code for reponse in reponses] == [302, 302]
    assert (scenes.relire(entente).frequence, scenes.relire(entente).duree_rencontres) == ("Du mentor", 120)


def test_quatre_ententes_naissent_au_meme_instant_avec_quatre_numeros_qui_se_suivent(d):
    scenes.fiche_inscrite(d)
    noms = ("mentore", "collegue", "appr", "pilote")
    nees = [DemandeMentorat.objects.create(mentore=d[nom]) for nom in noms]
    rendus = ensemble(*(lambda x=x: actions.naitre_entente(x, d.mentor, par=d.mentor).numero for x in nees))
    annee = jour_local().year
    assert sorted(rendus) == [f"M-{annee}-{rang:04d}" for rang in range(1, 5)]


def test_accepter_a_deux_le_meme_jumelage_au_meme_instant_fait_naitre_une_entente(d):
    demande = scenes.demande_proposee(d)
    rendus = ensemble(
        lambda: demandes.accepter_jumelage(DemandeMentorat.objects.get(pk=demande.pk), par=d.mentor),
        lambda: demandes.accepter_jumelage(DemandeMentorat.objects.get(pk=demande.pk), par=d.mentore),
    )
    assert Entente.objects.count() == 1
    assert sorted(rendu is None for rendu in rendus) == [False, True]
    assert scenes.relire(demande).etat == "jumelee"
