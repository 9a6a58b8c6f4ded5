"""Des importations amenées à l’état voulu par les vraies actions."""

from django.core.files.uploadedfile import SimpleUploadedFile

from encadrement.importations import depots
from tests.encadrement.importations.extraits import extrait, rangee, rangee_de


def televerse(*rangees, nom="extrait.csv"):
    return SimpleUploadedFile(nom, extrait(*rangees).getvalue(), "text/csv")


def en_attente(d, *rangees, **options):
    """Une arrivée, un changement de service; rien n’est écrit."""
    rangees = rangees or (
        rangee(MATRICULE_SUPERIEUR=d.gestionnaire.matricule),
        rangee_de(d.collegue, SERVICE="Service neuf"),
    )
    return depots.deposer_importation(televerse(*rangees), par=d.pilote, **options)


def appliquee(d, *rangees, **options):
    return depots.appliquer_importation(en_attente(d, *rangees, **options), par=d.pilote)


def annulee(d):
    return depots.annuler_importation(appliquee(d), par=d.pilote, motif="Mauvais extrait.")
