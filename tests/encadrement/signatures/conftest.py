"""Un contenu à signer et des titres fictifs ; la pièce ne connaît aucune mesure."""

from dataclasses import dataclass

import pytest

from encadrement.signatures.actions import figer
from tests.factories import PersonneFactory


@dataclass(frozen=True)
class Titre:
    """Le peu d’un rôle que la signature lit."""

    code: str = "mentor"
    libelle: str = "le mentor"
    represente: object = None

    def au_nom_de(self, personne, objet):
        return self.represente


@pytest.fixture
def objet(db):
    return PersonneFactory(prenom="Dossier", nom="Fictif")


@pytest.fixture
def personne(db):
    return PersonneFactory(prenom="Rosalie", nom="Cayouette")


@pytest.fixture
def contenu():
    return {"objectif": "Rédiger seul une évaluation", "rang": 1}


@pytest.fixture
def instantane(objet, contenu):
    return figer(objet, "essai", contenu, gabarit="mentorat/entente_v1")
