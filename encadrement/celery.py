"""L’application Celery et tout l’horaire. La base est la file : une tâche perdue ne coûte qu’une minute.

Aucune tâche ne porte de données, n’attend une heure précise (ni `eta` ni `countdown`) ni ne suit un `crontab` : le
balayage est à intervalle fixe, en UTC, et c’est notre code qui calcule le jour local. Deux métronomes à la fois, ou
aucun pendant deux jours, ne doublent et ne perdent rien.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "encadrement.settings.dev")

app = Celery("encadrement")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Le courriel part dans la seconde grâce au coup de pouce ; ceci reprend ce que le coup de pouce a perdu.
    "expedier les courriels": {"task": "notifications.expedier", "schedule": 60, "options": {"expires": 55}},
    # Même principe pour les PDF demandés par une signature.
    "produire les documents": {
        "task": "encadrement.documents.tasks.balayer_documents",
        "schedule": 60,
        "options": {"expires": 55},
    },
    # Le travailleur dit qu’il vit ; trois minutes de silence et la page de santé le montre.
    "battre": {"task": "notifications.battement", "schedule": 60, "options": {"expires": 55}},
    # Les relances du jour local ; rien ne part avant l’heure des relances.
    "relancer": {"task": "notifications.rappels", "schedule": 300, "options": {"expires": 290}},
    # La tête de chaque chaîne du journal, écrite hors de la base.
    "ancrer le journal": {"task": "journal.ancrer", "schedule": 900, "options": {"expires": 890}},
    # Un résumé par personne et par période ; les passages suivants de la journée ne trouvent rien à faire.
    "regrouper les résumés": {"task": "notifications.resumes", "schedule": 3600, "options": {"expires": 3500}},
}
