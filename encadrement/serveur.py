"""Le serveur web de production : gunicorn -c python:encadrement.serveur. L’adresse d’écoute se change par --bind."""

import gc

from encadrement.socle.journaux import configuration

wsgi_app = "encadrement.wsgi:application"
bind = "127.0.0.1:8000"
# Deux processeurs suffisent à l’établissement; les fils attendent la base et le disque.
workers = 3
threads = 4
# Chargée une fois, avant les processus : un réglage fautif se dit une fois, et tout s’arrête.
preload_app = True
# Un processus qui aurait grossi est remplacé, chacun à son tour.
max_requests = 2000
max_requests_jitter = 200
# La base refuse au bout de dix secondes; au-delà, c’est un processus bloqué.
timeout = 60
graceful_timeout = 30
# En mémoire : le signe de vie d’un processus n’attend jamais un disque chargé, et le système reste en lecture seule.
worker_tmp_dir = "/dev/shm"  # noqa: S108
control_socket_disable = True
logconfig_dict = configuration()
# Le mandataire tient le journal des accès, sans les recherches que portent les adresses.
accesslog = None


def when_ready(server):
    """Fige l’application chargée, juste avant que les processus en naissent : ils la partagent sans jamais la relire.

    Sinon, chaque passage complet du ramasse-miettes arrête une page un dixième de seconde, et copie cinquante mégaoctets
    dans chaque processus.
    """
    gc.collect()
    gc.freeze()
