"""Les journaux techniques ne nomment personne et ne répètent aucune saisie."""

import io
import json
import logging
import logging.config

import pytest

from encadrement.socle.journaux import configuration


@pytest.fixture
def sortie():
    flux = io.StringIO()
    reglage = configuration()
    reglage["handlers"]["sortie"]["stream"] = flux
    logging.config.dictConfig(reglage)
    yield flux
    logging.config.dictConfig(configuration("CRITICAL"))


def test_une_erreur_se_journalise_sans_variable_locale_ni_recherche(sortie):
    def echouer(secret):
        raise ValueError("panne")

    try:
        echouer("Inaptitude et protection")
    except ValueError:
        logging.getLogger("django.request").error(
            "Internal Server Error: /recherche/?q=Cyr", exc_info=True, extra={"request": "POST nom=Cyr"}
        )
    ligne = json.loads(sortie.getvalue())
    assert ligne["event"] == "Internal Server Error: /recherche/"
    assert ligne["exception"][0]["exc_type"] == "ValueError"
    assert "Inaptitude" not in sortie.getvalue()
    assert "Cyr" not in sortie.getvalue()
