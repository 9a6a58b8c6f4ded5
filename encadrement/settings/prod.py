"""Production : chaque réglage vient du registre ; s’il en manque un, ou s’il ne va pas, rien ne démarre."""

from .lecture import exiger, lire

# Avant tout le reste : on les dit tous à la fois, plutôt qu’un par essai de démarrage.
exiger()

from .base import *
from .postgresql import DATABASES as DATABASES

SECRET_KEY = lire("SECRET_KEY")
ALLOWED_HOSTS = lire("ALLOWED_HOSTS")
ADRESSE_PUBLIQUE = lire("ADRESSE_PUBLIQUE")
CSRF_TRUSTED_ORIGINS = [ADRESSE_PUBLIQUE]
# L’adresse de qui se connecte, vue à travers le mandataire : sans elle, tous partagent la même limite d’essais.
ALLAUTH_TRUSTED_PROXY_COUNT = lire("NOMBRE_DE_MANDATAIRES")

EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
EMAIL_HOST = lire("EMAIL_HOST")
EMAIL_PORT = lire("EMAIL_PORT")
EMAIL_HOST_USER = lire("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = lire("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = lire("EMAIL_USE_TLS")
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
