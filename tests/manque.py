"""Ce que fait un essai privé du service qu’il demande."""

import os

import pytest

EXIGES = {nom for nom in os.environ.get("ENCADREMENT_EXIGER", "").split(",") if nom}


def manque(service, phrase):
    """Saute l’essai, ou le fait échouer quand ENCADREMENT_EXIGER nomme le service."""
    if service in EXIGES:
        pytest.fail(f"{phrase} (exigé par ENCADREMENT_EXIGER)", pytrace=False)
    pytest.skip(phrase)
