"""Réglages communs à tous les modes ; chacun des autres fichiers n’en dit que la différence."""

from pathlib import Path

from csp.constants import NONE, SELF

from .oidc import *
from .oidc import OIDC_ORIGINES
from encadrement.socle.journaux import configuration

from .lecture import lire

RACINE = Path(__file__).resolve().parent.parent.parent
VAR = Path(lire("ENCADREMENT_VAR", RACINE / "var"))

DEBUG = False
MODE_ESSAI = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "encadrement.socle",
    "encadrement.cadre",
    "encadrement.personnes",
    "encadrement.journal",
    "encadrement.fichiers",
    "encadrement.acces",
    "encadrement.parametres",
    "encadrement.signatures",
    "encadrement.notifications",
    "encadrement.documents",
    "encadrement.trajectoire",
    "encadrement.accueil",
    "encadrement.mouvements",
    "encadrement.importations",
    "encadrement.supervision",
    "encadrement.sondages",
    "encadrement.demandes",
    "encadrement.incidents",
    "encadrement.protection",
    "encadrement.bilan_annuel",
    "encadrement.indicateurs",
    "encadrement.outils",
    "mentorat",
    "cdp",
    "consultation",
    "concertation",
]

# Les mesures du cadre, dans l’ordre du menu; une mesure pas encore installée s’y lit « à venir ».
MESURES_DU_CADRE = (
    ("mentorat", "Mentorat"),
    ("cdp", "Communautés de pratique"),
    ("consultation", "Consultation d’experts"),
    ("concertation", "Comité de concertation"),
)

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "encadrement.socle.middleware.EntetesDeSurete",
    "encadrement.parametres.middleware.ParametresLusUneFois",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "encadrement.personnes.middleware.SessionsFermees",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "encadrement.socle.middleware.RefusExpliques",
    "encadrement.acces.middleware.RefusConsignes",
]

ROOT_URLCONF = "encadrement.urls"
WSGI_APPLICATION = "encadrement.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "encadrement.accueil.contexte.commun",
            ],
            "builtins": ["django.templatetags.static", "encadrement.socle.templatetags.dates"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

AUTH_USER_MODEL = "personnes.Personne"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("matricule", "prenom", "nom", "courriel")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "encadrement.personnes.comptes.AdaptateurDeCompte"
ACCOUNT_FORMS = {"login": "encadrement.personnes.forms.ConnexionForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "matricule"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PRESERVE_USERNAME_CASING = False
SOCIALACCOUNT_ADAPTER = "encadrement.personnes.comptes.AdaptateurOIDC"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "encadrement.personnes.comptes.AdaptateurMFA"
MFA_TOTP_ISSUER = "Encadrement clinique"
# Un téléphone dont l’horloge dérive de trente secondes entre quand même.
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "encadrement.socle.views.jeton_perime"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Fichiers déposés : passé la limite, l’envoi est coupé en route ; rien n’en reste en mémoire ni sur le disque.
FICHIER_TAILLE_MAXIMALE = lire("FICHIER_TAILLE_MAXIMALE_MO") * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "encadrement.fichiers.televersement.CoupeLesTropGros",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Vide : aucun antivirus, les fichiers sont gardés « pas encore examiné ». Sinon une fonction, nommée par son chemin :
# « encadrement.fichiers.clamd.examiner » parle à ClamAV.
ANTIVIRUS = lire("ANTIVIRUS")
CLAMD_ADRESSE = lire("CLAMD_ADRESSE")
CLAMD_DELAI = lire("CLAMD_DELAI")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *OIDC_ORIGINES],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Les colonnes d’accompagnement d’un index ne servent qu’à PostgreSQL ; sur SQLite, l’essai, elles s’ignorent sans dommage.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

LANGUAGE_CODE = "fr-ca"
TIME_ZONE = "America/Toronto"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["encadrement.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(lire("ENCADREMENT_STATIC", RACINE / "staticfiles"))
STATICFILES_DIRS = [RACINE / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "fichiers", "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGGING = configuration(lire("NIVEAU_DES_JOURNAUX"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# L’établissement : chaque valeur est un paramètre, jamais un texte dans le code.
ETABLISSEMENT_NOM = lire("ETABLISSEMENT_NOM")
ETABLISSEMENT_DIRECTION = "Direction des services multidisciplinaires"
COURRIEL_DSM = lire("COURRIEL_DSM", "dsm@cisss.exemple")
COURRIEL_DRHCAJ = lire("COURRIEL_DRHCAJ", "drhcaj@cisss.exemple")
ADRESSE_PUBLIQUE = "http://127.0.0.1:8000"
DEFAULT_FROM_EMAIL = lire("COURRIEL_EXPEDITEUR", "encadrement-clinique@cisss.exemple")

# Clés du chiffrement des champs, la plus récente d’abord (une par ligne ou séparées par des virgules).
CLES_CHAMPS = lire("CLES_CHAMPS", [])

# Une clé par situation complexe, hors de la base : ce dossier se sauvegarde à part (vide : VAR/cles/dossiers).
COFFRE = lire("COFFRE", "")
# Le comité : conservation d’une situation fermée (années).
CONSERVATION_SITUATIONS_ANNEES = lire("CONSERVATION_SITUATIONS_ANNEES")
# Le numéro de série du calendrier de conservation de l’établissement (O-15) ; vide, il reste à préciser.
CONSERVATION_SITUATIONS_SERIE = lire("CONSERVATION_SITUATIONS_SERIE")

# Sceau des PDF : PKCS#12 de l’établissement ; en essai, un certificat auto-signé naît au premier démarrage.
SCEAU_PKCS12 = lire("SCEAU_PKCS12", "")
SCEAU_PHRASE = lire("SCEAU_PHRASE", "")
SCEAU_HORODATAGE_URL = lire("SCEAU_HORODATAGE_URL")

# La supervision : qui lit le détail de /sante/pret/ d’ailleurs que de la machine, et quel certificat TLS surveiller.
SANTE_JETON = lire("SANTE_JETON")
METRIQUES = lire("METRIQUES")
CERTIFICAT_TLS = lire("CERTIFICAT_TLS")

# Jours chômés en plus des fériés légaux : « 2026-12-24 » une année, « 12-24 » chaque année.
CHOME_LE_VENDREDI_SAINT = lire("CHOME_LE_VENDREDI_SAINT")
CHOME_LE_LUNDI_DE_PAQUES = lire("CHOME_LE_LUNDI_DE_PAQUES")
JOURS_CHOMES = lire("JOURS_CHOMES")
# Ni relance ni résumé avant cette heure locale : personne n’est réveillé à minuit.
HEURE_DES_RELANCES = lire("HEURE_DES_RELANCES")

# Les données RH : dossier surveillé (vide : aucun), part des personnes au-delà de laquelle le pilote confirme (%).
IMPORTATIONS_DOSSIER = lire("IMPORTATIONS_DOSSIER")
IMPORTATIONS_COMPLETES = lire("IMPORTATIONS_COMPLETES")
IMPORTATIONS_SEUIL = lire("IMPORTATIONS_SEUIL")

# Celery : la base est la file, le courtier n’est qu’un coup de pouce (surete.md, réglages de fiabilité).
CELERY_BROKER_URL = lire("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    # Sans ceci, publier insiste six secondes : courtier arrêté, chaque acte les ferait attendre à qui le pose.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = CELERY_BROKER_URL.startswith(("redis://", "rediss://", "unix://"))
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
