"""Les balayages qui ouvrent les campagnes annuelles et ferment celles dont le dernier jour est passé."""

from celery import shared_task

from encadrement.sondages.actions import fermer_les_echues
from encadrement.sondages.annuelles import ouvrir_les_annuelles


@shared_task(name="sondages.fermer")
def fermer():
    fermer_les_echues()


@shared_task(name="sondages.ouvrir_annuelles")
def ouvrir_annuelles():
    ouvrir_les_annuelles()
