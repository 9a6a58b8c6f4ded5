"""La suite : PostgreSQL si l’environnement en donne une (PGDATABASE), sinon SQLite ; aucun réseau."""

import atexit
import os
import shutil
import sys
import tempfile

if "ENCADREMENT_VAR" not in os.environ:
    os.environ["ENCADREMENT_VAR"] = tempfile.mkdtemp(prefix="encadrement-essais-")
    atexit.register(shutil.rmtree, os.environ["ENCADREMENT_VAR"], ignore_errors=True)

from .base import *
from .base import RACINE, STORAGES, TEMPLATES, VAR

MODE_ESSAI = True
SECRET_KEY = "suite-d-essais"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CLES_CHAMPS = ["c3VpdGUtZC1lc3NhaXMtY2xlLWRlLTMyLW9jdGV0cyE="]
COURRIEL_DRHCAJ = "drhcaj@cisss.exemple"
COURRIEL_DSM = "dsm@cisss.exemple"

if os.environ.get("PGDATABASE") or os.environ.get("DATABASE_HOST"):
    from .postgresql import DATABASES

    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # Défaire une base d’essais peut prendre, sur une machine chargée, plus de temps qu’aucune page ; et chaque essai tient
    # une transaction ouverte du début à la fin : un rendu lent n’y est pas un blocage.
    # Une base jetable n’a pas à survivre à une panne de courant.
    DATABASES["default"]["OPTIONS"]["options"] += (
        " -c statement_timeout=60000 -c idle_in_transaction_session_timeout=0 -c synchronous_commit=off"
    )
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "essais.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    }

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Le navigateur des essais ne redemande pas la même feuille à chaque page.
WHITENOISE_MAX_AGE = 3600


class VariableAbsente(str):
    """Une variable absente d’un gabarit de la maison fait échouer l’essai ; ceux des bibliothèques restent libres."""

    def __contains__(self, motif):
        return motif == "%s" or super().__contains__(motif)

    def __mod__(self, variable):
        cadre = sys._getframe(1)
        while cadre is not None:
            origine = getattr(cadre.f_locals.get("self"), "origin", None)
            if origine is not None:
                if str(getattr(origine, "name", "")).startswith(str(RACINE / "templates")):
                    raise NameError(f"variable de gabarit absente : {variable} ({origine.name})")
                return ""
            cadre = cadre.f_back
        return ""


for moteur in TEMPLATES:
    moteur["OPTIONS"]["string_if_invalid"] = VariableAbsente("absente")
