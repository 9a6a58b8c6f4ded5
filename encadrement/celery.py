"""L’application Celery et tout l’horaire. La base est la file : une tâche perdue ne coûte qu’une minute.

Aucune tâche ne porte de données, n’attend une heure précise (ni `eta` ni `countdown`) ni ne suit un `crontab` : le
balayage est à intervalle fixe, en UTC, et c’est notre code qui calcule le jour local. Deux métronomes à la fois, ou
aucun pendant deux jours, ne doublent et ne perdent rien.
"""

import os

import django
from celery import Celery, signals

from encadrement.socle.demarrage import exiger_les_controles

# Sans mode nommé, la production : ses réglages manquent, elle le dit. L’essai, lui, démarrerait sans bruit, à côté.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "encadrement.settings.prod")

app = Celery("encadrement")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.celeryd_init.connect
@signals.beat_init.connect
def controler(**_):
    """Le travailleur et le métronome refusent de démarrer pour les mêmes raisons que le web."""
    django.setup()
    exiger_les_controles()


@signals.setup_logging.connect
def tenir_nos_journaux(**_):
    """Une ligne JSON par fait, comme le web : Celery n’impose pas son format, qui répéterait la phrase d’une erreur."""
    django.setup()


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
    # Les sondages dont le dernier jour est passé : leurs résultats paraissent.
    "fermer les sondages": {"task": "sondages.fermer", "schedule": 3600, "options": {"expires": 3500}},
    # Les campagnes que l’année ramène, et les gens arrivés depuis qu’elles sont ouvertes.
    "ouvrir les sondages annuels": {
        "task": "sondages.ouvrir_annuelles",
        "schedule": 21600,
        "options": {"expires": 21000},
    },
    # L’analyse des accès du mois qui vient de finir ; les autres passages ne trouvent rien à faire.
    "analyser les accès": {
        "task": "concertation.batir_les_analyses",
        "schedule": 21600,
        "options": {"expires": 21000},
    },
    # La revue des rôles, une fois son jour venu ; les autres passages ne trouvent rien à faire.
    "ouvrir la revue des rôles": {
        "task": "protection.ouvrir_la_revue",
        "schedule": 21600,
        "options": {"expires": 21000},
    },
    # Un résumé par personne et par période ; les passages suivants de la journée ne trouvent rien à faire.
    "regrouper les résumés": {"task": "notifications.resumes", "schedule": 3600, "options": {"expires": 3500}},
    # Le chien de garde, pour ce que le métronome peut voir ; son silence à lui, c’est « manage.py veiller » qui le voit.
    "veiller": {"task": "supervision.veiller", "schedule": 300, "options": {"expires": 290}},
    # Les extraits RH du dossier surveillé, s’il y en a un ; chaque fichier n’est pris qu’une fois.
    "importer les extraits RH": {"task": "importations.dossier", "schedule": 600, "options": {"expires": 590}},
    # L’extrait RH et ce qu’il faut pour l’annuler, douze mois après; les autres passages ne trouvent rien à faire.
    "détruire les extraits RH échus": {"task": "importations.purger", "schedule": 21600, "options": {"expires": 21000}},
    # Le contenu qu’une transaction annulée, ou une destruction, a laissé dans le stockage, un jour après.
    "effacer les fichiers orphelins": {
        "task": "fichiers.effacer_les_orphelins",
        "schedule": 3600,
        "options": {"expires": 3500},
    },
}
