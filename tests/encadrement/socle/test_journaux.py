"""Les journaux techniques ne nomment personne et ne répètent aucune saisie."""

import io
import json
import logging
import logging.config
import os
import re
import subprocess
import sys

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


def test_une_tache_en_panne_ne_repete_pas_la_phrase_de_lerreur(sortie):
    """Ce que Celery écrit de lui-même : le nom, le sort, puis la phrase."""
    try:
        raise IntegrityError("Failing row contains (90001, Cyr).")
    except IntegrityError as erreur:
        contexte = {
            "name": "notifications.rappels",
            "id": "a1",
            "description": "raised unexpected",
            "exc": repr(erreur),
        }
        logging.getLogger("celery.app.trace").error(
            "Task %(name)s[%(id)s] %(description)s: %(exc)s", contexte, exc_info=True, extra={"data": contexte}
        )
    ligne = json.loads(sortie.getvalue())
    assert ligne["event"] == "Task notifications.rappels[a1] raised unexpected"
    assert ligne["exception"][0]["exc_type"] == "IntegrityError"
    assert "Cyr" not in sortie.getvalue()


def test_le_travailleur_le_metronome_et_le_web_ecrivent_en_json():
    """Celery et gunicorn poseraient sinon leur propre format."""
    programme = (
        "import logging; from encadrement.celery import app; app.log.setup(loglevel='INFO', redirect_stdouts=False)\n"
        "logging.getLogger('celery.worker.strategy').info('Task recue')\n"
        "from gunicorn.config import Config; from gunicorn.glogging import Logger; from encadrement import serveur\n"
        "cfg = Config(); cfg.set('logconfig_dict', serveur.logconfig_dict); Logger(cfg).info('Ecoute')\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", programme],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "encadrement.settings.test", "NIVEAU_DES_JOURNAUX": "INFO"},
    )
    assert [json.loads(ligne)["event"] for ligne in fait.stderr.splitlines()] == ["Task recue", "Ecoute"]
