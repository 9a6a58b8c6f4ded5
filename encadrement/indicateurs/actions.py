"""Relancer d’un geste tous ceux qu’une alerte attend ; rejouer le geste le même jour n’écrit rien de plus."""

from dataclasses import dataclass

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.notifications.actions import composer, deposer
from encadrement.notifications.models import Courriel
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local


@dataclass(frozen=True)
class Relance:
    """Ce qu’une relance a donné : les dossiers en cause, les courriels écrits, ceux qui l’étaient déjà aujourd’hui."""

    dossiers: int
    ecrits: int
    deja: int


@transaction.atomic
def relancer(alerte, objets, *, par, nombre, filtre=None):
    """Écrit une relance par dossier, personne et jour, et rend la Relance ; consignée avec son filtre.

    `nombre` est celui que la personne a lu : s’il a changé depuis, lève ErreurMetier et rien ne part.
    """
    objets = list(objets)
    if len(objets) != nombre:
        raise ErreurMetier(
            f"La liste a changé depuis que vous l’avez lue\xa0: {len(objets)} dossiers au lieu de {nombre}. "
            "Relisez-la, puis confirmez de nouveau."
        )
    lignes = [
        ligne
        for objet in objets
        for ligne in composer(
            alerte.gabarit,
            objet,
            a=alerte.destinataires(objet),
            cle=f"alerte:{alerte.code}:{jour_local().isoformat()}",
            contexte=alerte.contexte(objet),
        )
    ]
    cles = {ligne.cle for ligne in lignes}
    deja = Courriel.objects.filter(cle__in=cles).count()
    deposer(lignes)
    relance = Relance(len(objets), len(cles) - deja, deja)
    consigner(
        "indicateurs.relancer",
        par=par,
        chaine=f"alerte:{alerte.code}"[:80],
        details={
            "alerte": alerte.code,
            "dossiers": relance.dossiers,
            "courriels": relance.ecrits,
            "filtre": filtre or {},
        },
    )
    return relance
