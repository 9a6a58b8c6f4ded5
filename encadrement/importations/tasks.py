"""La tâche qui prend les extraits RH du dossier surveillé."""

from celery import shared_task

from encadrement.importations.dossier import importer_le_dossier


@shared_task(name="importations.dossier")
def dossier():
    importer_le_dossier()
