"""La tâche de fond : ouvrir la revue des rôles une fois son jour venu."""

from celery import shared_task

from encadrement.protection.actions.revues import ouvrir_la_revue


@shared_task(name="protection.ouvrir_la_revue")
def ouvrir_la_revue_des_roles():
    ouvrir_la_revue()
