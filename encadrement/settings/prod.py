"""Production : aucun secret n’a de valeur par défaut, une valeur manquante arrête le démarrage."""

import os

from .base import *
from .postgresql import DATABASES as DATABASES

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = [hote for hote in os.environ["ALLOWED_HOSTS"].split(",") if hote]
ADRESSE_PUBLIQUE = os.environ["ADRESSE_PUBLIQUE"]
CSRF_TRUSTED_ORIGINS = [ADRESSE_PUBLIQUE]
CELERY_BROKER_URL = os.environ["REDIS_URL"]
CLES_CHAMPS = [cle for cle in os.environ["CLES_CHAMPS"].replace("\n", ",").split(",") if cle]
SCEAU_PKCS12 = os.environ["SCEAU_PKCS12"]
SCEAU_PHRASE = os.environ["SCEAU_PHRASE"]
COURRIEL_DRHCAJ = os.environ["COURRIEL_DRHCAJ"]

EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
EMAIL_HOST = os.environ["EMAIL_HOST"]
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
