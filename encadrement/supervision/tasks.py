"""La veille que commande le métronome ; la même, hors de lui, est `manage.py veiller`."""

from celery import shared_task

from encadrement.supervision.veille import veiller


@shared_task(name="supervision.veiller")
def veiller_a_l_horaire():
    veiller()
