"""Un objet fictif signé : une installation tient lieu d’entente, que cette pièce ne connaît pas."""

import datetime
from dataclasses import dataclass

import pytest
from django.utils import timezone

from encadrement.documents import acces_documents
from encadrement.documents.actions import demander_document, produire
from encadrement.signatures.actions import Confirmation, figer, signer
from tests.encadrement.documents import contenus
from tests.factories import PersonneFactory


@dataclass(frozen=True)
class Titre:
    """Le peu d’un rôle que la signature lit."""

    code: str
    libelle: str
    represente: object = None

    def au_nom_de(self, personne, objet):
        return self.represente


@pytest.fixture
def objet(db):
    """Le « dossier » des essais : une personne, parce qu’elle a un identifiant public."""
    return PersonneFactory(prenom="Dossier", nom="Fictif")


@pytest.fixture
def partie(db):
    return PersonneFactory(prenom="Rosalie", nom="Cayouette")


@pytest.fixture
def nature_inscrite(monkeypatch, partie):
    """La nature « essai » est visible de la seule partie."""
    monkeypatch.setattr(acces_documents, "_natures", {})
    acces_documents.inscrire(
        "essai",
        lambda personne, _: personne.pk == partie.pk,
        lambda _: "entente-M-2026-0001",
        libelle="entente de mentorat",
    )


@pytest.fixture
def figer_et_signer(objet, partie):
    """Fige un contenu, le fait signer par trois personnes et rend l’instantané."""

    def _figer(contenu=None, gabarit="mentorat/entente_v1"):
        instantane = figer(objet, "essai", contenu or contenus.entente(), gabarit=gabarit)
        chef = PersonneFactory(prenom="Noémie", nom="L’Heureux")
        confirmation = Confirmation(adresse="10.20.30.40", engagement="J’ai lu cette entente et je m’y engage.")
        for personne, titre in (
            (partie, Titre("mentor", "le mentor")),
            (PersonneFactory(prenom="Élie", nom="Sansregret"), Titre("mentore", "le mentoré")),
            (
                PersonneFactory(prenom="Marc-André", nom="Fortier"),
                Titre("gestionnaire", "le supérieur immédiat du mentoré", chef),
            ),
        ):
            signer(instantane, par=personne, role=titre, confirmation=confirmation)
        return instantane

    return _figer


@pytest.fixture
def document(figer_et_signer):
    """Un document demandé, pas encore produit."""
    return demander_document(figer_et_signer())


@pytest.fixture
def produit(document):
    """Un document produit et scellé."""
    return produire(document)


@pytest.fixture
def octets(produit):
    with produit.fichier.open("rb") as fichier:
        return fichier.read()


@pytest.fixture
def vieillir():
    """Recule la réclamation d’un document, comme si son travailleur était mort depuis longtemps."""

    def _vieillir(document, minutes):
        type(document).objects.filter(pk=document.pk).update(
            reclame_le=timezone.now() - datetime.timedelta(minutes=minutes)
        )

    return _vieillir
