"""La base PostgreSQL, décrite par l’environnement, avec des délais qui transforment un blocage en refus net."""

import os

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "encadrement"),
        "USER": os.environ.get("PGUSER", "encadrement"),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("DATABASE_HOST", os.environ.get("PGHOST", "127.0.0.1")),
        "PORT": os.environ.get("PGPORT", "5432"),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": "-c lock_timeout=3000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000",
        },
    }
}
