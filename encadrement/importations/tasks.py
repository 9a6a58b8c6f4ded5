"""Les tâches des importations RH : prendre le dossier surveillé, détruire ce dont la conservation est échue."""

from celery import shared_task

from encadrement.importations.conservation import purger as purger_les_echues
from encadrement.importations.dossier import importer_le_dossier


@shared_task(name="importations.dossier")
def dossier():
    importer_le_dossier()


@shared_task(name="importations.purger")
def purger():
    purger_les_echues()
