"""Ce qu’un travailleur fait pour les documents ; la base est la file, les tâches ne portent aucune donnée."""

from celery import shared_task

from encadrement.documents.actions import produire_documents


@shared_task(ignore_result=True)
def balayer_documents():
    """Produit les documents en attente ; sans danger à rejouer."""
    produire_documents()
