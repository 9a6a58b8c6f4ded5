"""L’attestation d’heures : à son nom, des heures du journal, lue d’elle seule."""

import pytest

from encadrement.documents.models import Document
from tests.distribution import Distribution
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    dossier = scenes.entente(distribution)
    scenes.rencontrer(dossier, 2)
    return dossier


@pytest.mark.exigence("R-074", "R-434")
@pytest.mark.parametrize(("qui", "titre"), [("mentor", "mentor"), ("mentore", "mentoré")])
def test_chacun_obtient_lattestation_de_ses_heures(distribution, client_de, entente, qui, titre):
    client = client_de(distribution[qui])
    reponse = client.post(adresse("entente_attester_heures", entente))
    document = Document.objects.get(instantane__nature=f"heures_{qui}")
    assert reponse.url == f"/documents/{document.uuid}/"
    contenu = document.instantane.donnees
    assert contenu["personne"]["nom"] == distribution[qui].nom_complet
    assert contenu["titre"] == titre
    assert contenu["total"].replace("\xa0", " ") == "2 h 15"
    assert len(contenu["rencontres"]) == 2


@pytest.mark.exigence("R-063", "R-434")
@pytest.mark.parametrize("qui", ["mentor", "mentore"])
def test_elle_nest_lue_que_de_la_personne_attestee(distribution, client_de, entente, qui):
    client_de(distribution[qui]).post(adresse("entente_attester_heures", entente))
    document = Document.objects.get(instantane__nature=f"heures_{qui}")
    for nom in Distribution.noms():
        if nom in {qui, "inactif"}:
            continue
        assert client_de(distribution[nom]).get(f"/documents/{document.uuid}/").status_code == 404, nom
    reponse = client_de(distribution[qui]).get(f"/documents/{document.uuid}/")
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/pdf"


def test_les_memes_heures_donnent_le_meme_document(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    adresses = {client.post(adresse("entente_attester_heures", entente)).url for _ in range(2)}
    assert len(adresses) == 1
    scenes.suivi.consigner_rencontre(entente, par=distribution.mentor, jour=entente.debut, minutes=30, mode="telephone")
    assert client.post(adresse("entente_attester_heures", entente)).url not in adresses


def test_sans_rencontre_il_ny_a_pas_dheures_a_attester(distribution, client_de):
    entente = scenes.entente(distribution)
    reponse = client_de(distribution.mentor).post(adresse("entente_attester_heures", entente))
    assert reponse.status_code == 409
    assert "il n’y a pas d’heures à attester" in texte_de(reponse)
    assert not Document.objects.filter(instantane__nature__startswith="heures").exists()


@pytest.mark.exigence("R-067")
def test_lorientation_nest_pas_attestee(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    client.post(
        adresse("entente_journal", entente),
        {"jour": entente.debut.isoformat(), "duree": "3 h", "orientation": "2 h", "mode": "presence"},
    )
    client.post(adresse("entente_attester_heures", entente))
    contenu = Document.objects.get(instantane__nature="heures_mentor").instantane.donnees
    assert contenu["total"].replace("\xa0", " ") == "3 h 15"


@pytest.mark.parametrize(
    ("qui", "code"), [("gestionnaire", 403), ("dsm", 403), ("appr", 403), ("gestionnaire_mentor", 404)]
)
def test_personne_dautre_ne_demande_lattestation(distribution, client_de, entente, qui, code):
    assert client_de(distribution[qui]).post(adresse("entente_attester_heures", entente)).status_code == code
    assert not Document.objects.filter(instantane__nature__startswith="heures").exists()


def test_lattestation_se_demande_par_un_envoi_seulement(distribution, client_de, entente):
    assert client_de(distribution.mentor).get(adresse("entente_attester_heures", entente)).status_code == 405
