"""Le matériel didactique des experts : lu de tous, tenu par la DSM (R-198)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import reglages
from consultation.models import Materiel
from encadrement.fichiers.models import Fichier
from encadrement.journal.models import Entree
from tests.consultation.traces import rien_decrit
from tests.encadrement.fichiers.contenus import EXE, PDF, televerse
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
LISTE = reverse("consultation:materiel")
DEPOSER = reverse("consultation:materiel_deposer")


def adresse(nom, document):
    return reverse(f"consultation:materiel_{nom}", args=[document.uuid])


@pytest.fixture
def document(distribution):
    return reglages.deposer_materiel(
        par=distribution.appr, titre="Guide de l’expert", contenu=televerse("guide.pdf", PDF)
    )


@pytest.mark.exigence("R-198")
@pytest.mark.parametrize("qui", ["dsm", "appr"])
def test_la_dsm_depose_un_document_que_chacun_lit_et_obtient(distribution, client_de, qui):
    saisie = {"titre": "Techniques de recadrage", "description": "Six exemples", "fichier": televerse("r.pdf", PDF)}
    assert client_de(distribution[qui]).post(DEPOSER, saisie).url == LISTE
    document = Materiel.objects.get()
    lecteur = client_de(distribution.mentor)
    page = texte_de(lecteur.get(LISTE))
    assert "Techniques de recadrage" in page
    assert "Six exemples" in page
    remis = lecteur.get(adresse("telecharger", document))
    assert b"".join(remis.streaming_content) == PDF
    remis.close()
    assert remis["Content-Disposition"].startswith("attachment")
    assert remis["X-Content-Type-Options"] == "nosniff"


@pytest.mark.exigence("R-198")
def test_la_page_mene_au_texte_sur_le_recadrage_et_la_pratique_reflexive(distribution, client_de):
    page = client_de(distribution.collegue).get(LISTE)
    assert "Pratique réflexive et techniques de recadrage" in page.text
    assert reverse("cadre:ressource", args=["pratique-reflexive"]) in page.text
    assert "Aucun document déposé" in page.text


def test_un_lien_se_depose_et_dit_ou_il_mene(distribution, client_de):
    client = client_de(distribution.appr)
    assert client.post(DEPOSER, {"titre": "Vidéo", "lien": "https://videos.exemple/recadrer"}).status_code == 302
    page = client.get(LISTE).text
    assert 'href="https://videos.exemple/recadrer"' in page
    assert "(videos.exemple)" in page
    assert client.get(adresse("telecharger", Materiel.objects.get())).status_code == 404


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({}, "Déposez un fichier, ou donnez un lien."),
        ({"titre": "", "lien": "https://a.ca"}, "Donnez un titre au document."),
        ({"titre": "x" * 201, "lien": "https://a.ca"}, "au plus 200 caractères"),
        ({"description": "x" * 501, "lien": "https://a.ca"}, "au plus 500 caractères"),
        ({"lien": "javascript:alert(1)"}, "Écrivez une adresse comme https://exemple.ca."),
        ({"lien": "https://msss.gouv.qc.ca@pirate.exemple/"}, "il cache où mène vraiment le lien"),
        ({"description": "Le cas de Mme Ginette Bourdages", "lien": "https://a.ca"}, "semble contenir"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_rien_ne_se_depose(distribution, client_de, saisi, phrase):
    with rien_decrit():
        page = client_de(distribution.appr).post(DEPOSER, {"titre": "Guide", **saisi})
    assert page.status_code == 200
    assert phrase in texte_de(page)


def test_un_programme_deguise_est_refuse(distribution, client_de):
    with rien_decrit():
        page = client_de(distribution.appr).post(DEPOSER, {"titre": "Guide", "fichier": televerse("guide.pdf", EXE)})
    assert page.status_code == 200
    assert not Fichier.objects.exists()
    assert "Choisissez de nouveau le fichier « guide.pdf »" in texte_de(page)


@pytest.mark.exigence("R-198")
def test_un_document_retire_ne_se_lit_plus_et_laisse_sa_trace(distribution, client_de, document):
    client = client_de(distribution.dsm)
    assert "Sa trace reste au journal" in texte_de(client.get(adresse("retirer", document)))
    assert client.post(adresse("retirer", document)).url == LISTE
    assert "Guide de l’expert" not in texte_de(client_de(distribution.mentor).get(LISTE))
    assert client_de(distribution.mentor).get(adresse("telecharger", document)).status_code == 404
    assert client.get(adresse("retirer", document)).status_code == 404
    assert Fichier.objects.get().retire_par == distribution.dsm
    actes = Entree.objects.filter(objet_uuid=document.uuid).values_list("acte", flat=True)
    assert "consultation.materiel.retirer" in actes


@pytest.mark.parametrize("nom", ["mentor", "gestionnaire", "directrice", "executif_cm", "pilote", "superutilisateur"])
def test_la_dsm_seule_tient_le_materiel(distribution, client_de, document, nom):
    client = client_de(distribution[nom])
    with rien_decrit():
        assert "Déposer un document" not in texte_de(client.get(LISTE))
        assert client.post(DEPOSER, {"titre": "Guide", "lien": "https://a.ca"}).status_code == 403
        assert client.post(adresse("retirer", document)).status_code == 403


def test_un_document_altere_nest_pas_remis(distribution, client_de, document):
    Fichier.objects.filter(pk=document.fichier_id).update(empreinte="0" * 64)
    reponse = client_de(distribution.mentor).get(adresse("telecharger", document), follow=True)
    assert "n’est plus celui qui a été déposé" in texte_de(reponse)


def test_la_liste_coute_autant_de_requetes_a_douze_documents_qua_un(distribution, client_de, document):
    client = client_de(distribution.appr)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).status_code == 200
        return len(requetes)

    compter()
    a_un = compter()
    for rang in range(11):
        reglages.deposer_materiel(par=distribution.dsm, titre=f"Guide {rang}", contenu=televerse("g.pdf", PDF))
    assert compter() == a_un
