"""La tâche de fond des fichiers."""

from celery import shared_task

from encadrement.fichiers.actions import effacer_les_orphelins


@shared_task(name="fichiers.effacer_les_orphelins")
def balayer_les_orphelins():
    effacer_les_orphelins()
