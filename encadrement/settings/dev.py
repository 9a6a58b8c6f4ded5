"""Mode essai : SQLite, courtier en fichiers, courriels gardés sur le disque ; rien à installer à côté."""

import os

from .base import *
from .base import CELERY_BROKER_TRANSPORT_OPTIONS, CLES_CHAMPS, STORAGES, VAR
from encadrement.socle.secrets_essai import cle_de_champ, secret

MODE_ESSAI = True
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", os.environ.get("HOTE", "localhost")]
ADRESSE_PUBLIQUE = os.environ.get("ADRESSE_PUBLIQUE", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")

VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = secret(VAR / "cles" / "secret")
CLES_CHAMPS = CLES_CHAMPS or [cle_de_champ(VAR / "cles" / "champs")]

if os.environ.get("DATABASE_HOST") or os.environ.get("PGDATABASE"):
    from .postgresql import DATABASES
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "essai.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
            },
        }
    }

if not os.environ.get("REDIS_URL"):
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_WORKER_DISABLE_PREFETCH = False
    file_, controle = VAR / "courtier" / "file", VAR / "courtier" / "controle"
    for dossier in (file_, controle):
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(file_),
        "data_folder_out": str(file_),
        "control_folder": str(controle),
        "store_processed": False,
        "polling_interval": 0.25,
    }

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "courriels"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = VAR / "statiques"
STATIC_ROOT.mkdir(exist_ok=True)
