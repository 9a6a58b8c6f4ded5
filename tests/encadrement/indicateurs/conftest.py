"""Un registre qui ne contient que les chiffres d’essai, en juin 2026."""

import pytest

from encadrement.indicateurs import registre
from tests.encadrement.indicateurs.chiffres_essai import CHIFFRES


@pytest.fixture
def chiffres(monkeypatch):
    monkeypatch.setattr(registre, "_inscrits", {"mentorat": CHIFFRES})
    return CHIFFRES
