"""Le projet ; l’application Celery se charge avec lui pour que les tâches la trouvent."""

from encadrement.celery import app as celery_app

__all__ = ["celery_app"]
