"""Voir un document, c’est voir son objet pour cette nature ; chaque remise laisse une trace."""

import uuid

import pytest
from django.urls import reverse

from encadrement.documents import acces_documents, actions
from encadrement.documents.models import Document, Etat
from encadrement.journal.models import Entree
from tests.factories import PersonneFactory

pytestmark = pytest.mark.usefixtures("nature_inscrite")


def adresse(document):
    return reverse("documents:telecharger", args=[document.uuid])


def test_la_partie_recoit_le_pdf_scelle_sous_un_nom_sans_personne(client, partie, produit, octets):
    client.force_login(partie)

    reponse = client.get(adresse(produit))

    assert reponse.content == octets
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == 'attachment; filename="entente-M-2026-0001.pdf"'
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse["Content-Security-Policy"]
    assert "no-store" in reponse["Cache-Control"]


def test_chaque_remise_laisse_une_trace(client, partie, produit):
    client.force_login(partie)

    client.get(adresse(produit))

    entree = Entree.objects.get(acte="document.telecharger")
    assert entree.par == partie
    assert entree.details == {"numero": produit.numero, "nature": "essai"}


def test_le_document_pas_encore_produit_l_est_a_la_premiere_demande(client, partie, document):
    client.force_login(partie)

    assert client.get(adresse(document))["Content-Type"] == "application/pdf"
    document.refresh_from_db()
    assert document.etat == Etat.PRODUIT


def test_une_personne_etrangere_recoit_404_et_son_essai_est_consigne(client, produit):
    client.force_login(PersonneFactory())

    assert client.get(adresse(produit)).status_code == 404
    assert Entree.objects.filter(acte="acces.refus").count() == 1


def test_un_document_qui_n_existe_pas_repond_comme_un_document_invisible(client, partie):
    client.force_login(partie)

    assert client.get(reverse("documents:telecharger", args=[uuid.uuid4()])).status_code == 404


def test_une_nature_que_personne_n_a_inscrite_n_est_visible_de_personne(client, partie, produit, monkeypatch):
    monkeypatch.setattr(acces_documents, "_natures", {})
    client.force_login(partie)

    assert client.get(adresse(produit)).status_code == 404


def test_sans_connexion_on_est_renvoye_a_la_page_de_connexion(client, produit):
    reponse = client.get(adresse(produit))

    assert reponse.status_code == 302
    assert reverse("account_login") in reponse["Location"]


def test_pendant_la_preparation_la_page_fait_patienter_meme_sans_javascript(client, partie, document, vieillir):
    Document.objects.filter(pk=document.pk).update(etat=Etat.EN_COURS, essais=1)
    vieillir(document, minutes=1)
    client.force_login(partie)

    page = client.get(adresse(document)).content.decode()

    assert "Le document se prépare" in page
    assert f'hx-get="{adresse(document)}"' in page
    assert f'<a href="{adresse(document)}">' in page


def test_le_fragment_propose_le_fichier_des_qu_il_est_pret(client, partie, produit):
    client.force_login(partie)

    fragment = client.get(adresse(produit), headers={"HX-Request": "true"}).content.decode()

    assert "Télécharger le PDF" in fragment
    assert "<html" not in fragment
    assert not Entree.objects.filter(acte="document.telecharger").exists()


def test_apres_une_panne_la_page_rassure_sans_jargon(client, partie, document, monkeypatch):
    def tomber(_):
        raise RuntimeError("détail technique")

    monkeypatch.setattr(actions, "rendre", tomber)
    client.force_login(partie)

    page = client.get(adresse(document)).content.decode()

    assert "Vos signatures sont enregistrées" in page
    assert "RuntimeError" not in page


@pytest.mark.parametrize("abimer", [lambda octets: octets[:-1], lambda octets: b"", None])
def test_un_fichier_abime_ou_disparu_n_est_pas_remis(client, partie, produit, octets, abimer):
    chemin = produit.fichier.storage.path(produit.fichier.name)
    if abimer is None:
        produit.fichier.storage.delete(produit.fichier.name)
    else:
        with open(chemin, "wb") as fichier:
            fichier.write(abimer(octets))
    client.force_login(partie)

    reponse = client.get(adresse(produit))

    assert reponse.status_code == 409
    assert "n’est plus celui qui a été scellé" in reponse.content.decode()
