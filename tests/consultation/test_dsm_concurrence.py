"""Plusieurs gestes au même instant aux échelons de la DSM, sur PostgreSQL : un seul effet, une phrase pour les autres."""

import pytest
from django.urls import reverse

from consultation.models import Acheminement, PassageConsultation
from encadrement.demandes.models import DemandeService, PassageDemandeService
from encadrement.documents.models import Document
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Signature
from encadrement.socle.erreurs import ErreurMetier
from tests.consultation import scenes
from tests.consultation.pages_dsm import ANALYSE, adresse, signature
from tests.consultation.traces import courriels
from tests.distribution import monter
from tests.encadrement.demandes import pages
from tests.ensemble import ensemble
from tests.mentorat.formulaire import texte_de

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


def codes(reponses):
    return sorted(reponse.status_code for reponse in reponses)


def passages(demande, verbe):
    return PassageConsultation.objects.filter(demande=demande, transition=verbe).count()


@pytest.mark.exigence("R-181", "R-208")
def test_deux_envois_du_meme_formulaire_nen_signent_quun(d, client_de):
    demande = scenes.formulaire_ouvert(d)
    client = client_de(d.mentore)
    lue = signature(client, demande)
    reponses = ensemble(*[lambda: client_de(d.mentore).post(adresse("transmettre", demande), lue)] * 2)
    assert codes(reponses) == [302, 409]
    assert (Signature.objects.count(), Document.objects.count(), passages(demande, "transmettre")) == (1, 1, 1)
    perdant = next(reponse for reponse in reponses if reponse.status_code == 409)
    assert "Ce dossier est maintenant à l’état" in texte_de(perdant)


@pytest.mark.exigence("R-210")
def test_deux_appr_analysent_au_meme_instant_une_seule_analyse(d, client_de):
    demande = scenes.demande_transmise(d)
    reponses = ensemble(
        *(
            lambda qui=qui: client_de(d[qui]).post(adresse("analyser", demande), {"motif": f"{ANALYSE} {qui}"})
            for qui in ("appr", "appr_liaison")
        )
    )
    assert codes(reponses) == [302, 409]
    assert passages(demande, "analyser") == 1
    assert courriels("demande_analysee") == [d.mentore.prenom]


def test_analyser_et_renvoyer_au_meme_instant_un_seul_lemporte(d, client_de):
    demande = scenes.demande_transmise(d)
    reponses = ensemble(
        lambda: client_de(d.appr).post(adresse("analyser", demande), {"motif": ANALYSE}),
        lambda: client_de(d.appr_liaison).post(adresse("renvoyer", demande), {"motif": "Précisez."}),
    )
    assert codes(reponses) == [302, 409]
    assert passages(demande, "analyser") + passages(demande, "renvoyer") == 1


def test_acheminer_et_confier_au_comite_au_meme_instant_un_seul_lemporte(d, client_de):
    demande = scenes.demande_analysee(d)
    reponses = ensemble(
        lambda: client_de(d.appr_liaison).post(adresse("acheminer", demande), scenes.RUISSS),
        lambda: client_de(d.appr).post(adresse("reorienter_comite", demande), {"motif": "Plusieurs directions."}),
    )
    assert codes(reponses) == [302, 409]
    assert Acheminement.objects.count() + DemandeService.objects.count() == 1


def test_deux_ouvertures_du_meme_soutien_nen_font_quun(d, client_de):
    adresse_ouvrir = f"{reverse('demandes:soutien_ouvrir')}?mesure=mentorat"
    reponses = ensemble(*[lambda: client_de(d.mentore).post(adresse_ouvrir)] * 4)
    assert len({reponse.url for reponse in reponses}) == 1
    assert DemandeService.objects.count() == 1


@pytest.mark.exigence("R-065", "R-136")
def test_deux_appr_prennent_en_charge_au_meme_instant_un_seul_lobtient(d, client_de):
    demande = scenes.soutien_transmis(d)
    page = pages.adresse("demande_prendre_en_charge", demande)
    reponses = ensemble(*(lambda qui=qui: client_de(d[qui]).post(page) for qui in ("appr", "appr_liaison")))
    assert codes(reponses) == [302, 409]
    assert PassageDemandeService.objects.filter(transition="prendre_en_charge").count() == 1
    assert not any(isinstance(reponse, ErreurMetier) for reponse in reponses)
