"""Le plan et le rapport, à plusieurs au même instant, sur PostgreSQL : un seul effet, une phrase pour les autres."""

import pytest

from cdp.actions import annees
from cdp.models import PassagePlan, PassageRapport, PlanAnnuel, RapportAnnuel
from encadrement.documents.models import Document
from encadrement.personnes.models import Delegation, Personne
from encadrement.signatures.models import Signature
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.cdp.annuel import adresse, case, lire, relire, saisie_de_signature
from tests.cdp.traces import courriels
from tests.distribution import monter
from tests.ensemble import ensemble
from tests.mentorat.formulaire import texte_de

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
PASSAGES = {"plan": PassagePlan, "rapport": PassageRapport}


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


@pytest.mark.exigence("R-158", "R-159")
@pytest.mark.parametrize("nature", ["plan", "rapport"])
def test_approuver_a_deux_clics_et_par_delegation_au_meme_instant_ne_fait_qu_une_approbation(d, client_de, nature):
    document = getattr(scenes, f"{nature}_soumis")(d)
    Delegation.objects.create(de=d.parrain, a=d.delegue, debut=jour_local(), fin=jour_local(), motif="Congé")
    page, decision = f"{nature}_approuver", {"renouveler": "True"} if nature == "rapport" else {}
    clients = [client_de(d[nom]) for nom in ("parrain", "parrain", "delegue")]
    envois = [(client, saisie_de_signature(client, page, document, **decision)) for client in clients]
    reponses = ensemble(*(lambda c=c, s=s: c.post(adresse(page, document), s) for c, s in envois))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409, 409]
    assert all("est maintenant à l’état « approuvé »" in texte_de(r) for r in reponses if r.status_code == 409)
    assert list(relire(document).instantane.signatures.values_list("titre", flat=True)) == ["representant", "parrain"]
    assert PASSAGES[nature].objects.filter(transition="approuver").count() == 1
    assert Document.objects.filter(instantane=relire(document).instantane).count() == 1
    assert courriels(f"{nature}_approuve") == sorted([d.animatrice.prenom, d.secretaire.prenom])
    if nature == "rapport":
        assert PlanAnnuel.objects.filter(annee=document.annee + 1).count() == 1


@pytest.mark.parametrize(("nature", "modele"), [("plan", PlanAnnuel), ("rapport", RapportAnnuel)])
def test_quatre_clics_sur_ouvrir_n_en_ouvrent_qu_un(d, client_de, nature, modele):
    communaute = scenes.communaute_active(d)
    page = adresse(f"{nature}_ouvrir", communaute, communaute.annee.debut_annee)
    clients = [client_de(d[nom]) for nom in ("animatrice", "animatrice", "secretaire", "secretaire")]
    reponses = ensemble(*(lambda c=client: c.post(page) for client in clients))
    assert [reponse.status_code for reponse in reponses] == [302] * 4
    assert modele.objects.count() == 1
    assert modele.objects.get().lignes.count() == (4 if nature == "plan" else 1)


def test_un_double_clic_sur_ajouter_n_ajoute_qu_une_ligne(d, client_de):
    plan = scenes.plan_en_redaction(d)
    clients = [client_de(d.animatrice) for _ in range(4)]
    lus = {**lire(clients[0], "plan_modifier", plan), "geste": "ajouter_ligne"}
    page = adresse("plan_modifier", plan)
    assert {r.status_code for r in ensemble(*(lambda c=c: c.post(page, lus) for c in clients))} == {302}
    assert plan.lignes.count() == 5


def test_deux_responsables_soumettent_au_meme_instant_une_seule_signature(d, client_de):
    plan = scenes.plan_en_redaction(d)
    clients = [client_de(d.animatrice), client_de(d.secretaire)]
    envois = [(client, saisie_de_signature(client, "plan_soumettre", plan)) for client in clients]
    reponses = ensemble(*(lambda c=c, s=s: c.post(adresse("plan_soumettre", plan), s) for c, s in envois))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409]
    assert Signature.objects.count() == 1
    assert courriels("plan_a_approuver") == [d.parrain.prenom]


def test_ecrire_pendant_qu_on_soumet_est_signe_ou_refuse_jamais_perdu(d):
    plan = scenes.plan_en_redaction(d)
    champ = case(plan, 1, "objectif")
    ecrit, _ = ensemble(
        lambda: annees.ecrire(relire(plan), par=d.secretaire, saisi={champ: "Neuf"}, temoins={}),
        lambda: annees.soumettre(relire(plan), par=d.animatrice, confirmation=scenes.CONFIRMATION),
    )
    relu = relire(plan)
    assert relu.etat == "soumis"
    assert relu.instantane.donnees["lignes"][0]["objectif"] == relu.lignes.first().objectif
    assert (relu.lignes.first().objectif == "Neuf") == (ecrit == [])


def test_approuver_pendant_que_la_cdp_reprend_ne_fait_que_l_un_des_deux(d):
    plan = scenes.plan_soumis(d)
    rendus = ensemble(
        lambda: annees.approuver_plan(relire(plan), par=d.parrain, confirmation=scenes.CONFIRMATION).vers,
        lambda: annees.rouvrir(relire(plan), par=d.animatrice).vers,
    )
    assert [rendu for rendu in rendus if isinstance(rendu, str)] == [relire(plan).etat]
    assert Signature.objects.filter(titre="parrain").count() == (relire(plan).etat == "approuve")
