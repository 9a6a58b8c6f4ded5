"""Les journaux techniques ne nomment personne et ne répètent aucune saisie."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.db.utils import IntegrityError, OperationalError

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


def test_une_trace_dit_la_panne_du_service_jamais_la_ligne_fautive(sortie):
    def journaliser(erreur):
        try:
            raise erreur
        except Exception:
            logging.getLogger("django.request").exception("Internal Server Error: /x/")

    ligne = IntegrityError("viole une contrainte\nDETAIL: Failing row contains (90001, Cyr, Inaptitude).")
    journaliser(ligne)
    journaliser(ExceptionGroup("des pannes", [ligne, ExceptionGroup("de Cyr", [ValueError("Cyr")])]))
    journaliser(OperationalError("connection refused"))
    assert not {"Cyr", "90001", "Inaptitude"} & set(re.findall(r"\w+", sortie.getvalue()))
    assert "IntegrityError" in sortie.getvalue()
    assert "connection refused" in sortie.getvalue()
