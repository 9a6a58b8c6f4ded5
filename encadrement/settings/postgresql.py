"""La base PostgreSQL, décrite par les réglages, avec des délais qui transforment un blocage en refus net."""

import os

from .lecture import lire

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": lire("PGDATABASE"),
        "USER": lire("PGUSER"),
        "PASSWORD": lire("PGPASSWORD"),
        "HOST": lire("DATABASE_HOST", os.environ.get("PGHOST", "127.0.0.1")),
        "PORT": str(lire("PGPORT")),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # Sans compilation à la volée : elle coûte, à chaque requête un peu longue du tableau de bord, plus que la requête.
            "options": "-c lock_timeout=3000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000"
            # Un disque sans tête lit au hasard presque aussi vite qu’en suivant ; sinon, chercher une année lirait tout.
            " -c jit=off -c random_page_cost=1.1"
            # En lancer un second pour une page coûte plus que sa plus longue requête, et le prend à une autre page.
            " -c max_parallel_workers_per_gather=0"
            # Une requête préparée ne se replanifie pas à chaque appel : ses constantes y sont écrites, et le plan tient.
            " -c plan_cache_mode=force_generic_plan",
        },
    }
}
