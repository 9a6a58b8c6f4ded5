"""Des attestations et une revue des rôles amenées à l’état voulu par les vraies actions."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from encadrement.protection.actions.attestations import annuler_attestation, attester_formation
from encadrement.protection.models import RevueRoles
from encadrement.socle.temps import jour_local

TITRE = "Formation annuelle, protection des renseignements"


def sans_attestation(*personnes):
    """Ôte aux personnes les attestations que la troupe a reçues en bloc : rien dans l’application ne l’efface."""
    for personne in personnes:
        personne.attestations.all().delete()


def attestation(d, personne=None, par=None):
    """Une attestation versée par le mentoré, avec son fichier, suivie il y a dix jours."""
    personne = personne or d.mentore
    return attester_formation(
        personne,
        par=par or personne,
        titre=TITRE,
        suivie_le=jour_local() - datetime.timedelta(days=10),
        fichier=SimpleUploadedFile("attestation.txt", b"Formation suivie."),
    )


def attestation_annulee(d):
    return annuler_attestation(attestation(d), par=d.prp, motif="Mauvaise formation.")


def revue(d):
    """La revue de l’année, ouverte aujourd’hui."""
    return RevueRoles.objects.create(annee=jour_local().year)


def role_a_revoir(d):
    """Le rôle de la coordonnatrice, que la revue montre."""
    revue(d)
    return d.coordonnatrice.attributions.get()
