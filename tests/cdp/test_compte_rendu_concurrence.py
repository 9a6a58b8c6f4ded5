"""Le compte rendu à plusieurs au même instant, sur PostgreSQL : un seul effet, et une phrase pour les autres."""

import pytest
from django.urls import reverse

from cdp.actions import heures
from cdp.models import Heures, PassageRencontre
from encadrement.documents.models import Document
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.cdp.traces import courriels
from tests.distribution import monter
from tests.ensemble import ensemble
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


@pytest.mark.exigence("R-398")
def test_publie_par_deux_personnes_au_meme_instant_il_ne_lest_quune_fois(d, client_de):
    rencontre = scenes.rencontre_redigee(d)
    url = reverse("cdp:rencontre_publier", args=[rencontre.uuid])
    clients = [client_de(d.secretaire), client_de(d.animatrice)]
    envois = [(client, champs_de(client.get(url))) for client in clients]
    reponses = ensemble(*(lambda c=client, s=champs: c.post(url, s) for client, champs in envois))
    assert sorted(reponse.status_code for reponse in reponses) == [302, 409]
    refus = next(reponse for reponse in reponses if reponse.status_code == 409)
    assert "à l’état « compte rendu publié »" in texte_de(refus)
    assert PassageRencontre.objects.filter(transition="publier").count() == 1
    assert Document.objects.filter(instantane__nature="cdp_compte_rendu").count() == 1
    assert courriels("compte_rendu_publie").count("Kim") == 1


@pytest.mark.exigence("R-126")
def test_deux_envois_au_meme_instant_ne_passent_pas_le_plafond(d):
    communaute = scenes.communaute_active(d)
    scenes.heures_consignees(d, communaute, minutes=12 * 60)

    def consigner(sorte):
        return lambda: heures.consigner_heures(
            communaute, par=d.membre, jour=jour_local(), sorte=sorte, minutes=10 * 60, precision=sorte
        )

    rendus = ensemble(consigner("preparation"), consigner("recherche"))
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 1
    assert Heures.objects.count() == 2
