"""La tâche de fond : bâtir l’analyse des accès de chaque mois écoulé."""

from celery import shared_task

from concertation.actions.analyses import batir_les_analyses


@shared_task(name="concertation.batir_les_analyses")
def analyser_les_acces():
    batir_les_analyses()
