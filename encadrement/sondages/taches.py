"""Ce que les sondages attendent d’une personne, et ce qu’ils savent d’elle."""

from django.db.models import Q
from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.socle.temps import jour_local
from encadrement.sondages.models import Invitation


def taches(personne):
    """Rend une tâche par sondage auquel la personne n’a pas encore répondu."""
    jour = jour_local()
    return [
        Tache(
            geste=f"Répondre\xa0: {libelle}",
            dossier=dossier,
            url=reverse("sondages:repondre", args=[uuid]),
            echeance=attendue_le,
            retard=attendue_le < jour,
        )
        for uuid, libelle, dossier, attendue_le in _ATTENDUES.lignes(personne, jour)
    ]


def _attendues(personne, jour):
    ouvertes = Q(campagne__fin=None) | Q(campagne__fin__gte=jour)
    return (
        Invitation.objects.filter(ouvertes, personne=personne, remplie=False, campagne__fermee_le=None)
        .order_by()
        .values_list("uuid", "campagne__libelle", "dossier", "attendue_le")
    )


_ATTENDUES = RequeteParPersonne(_attendues)


def donnees(personne):
    """Rend, pour « Mes données », les invitations ; les réponses ne se retrouvent pas, même pour leur auteur."""
    invitations = Invitation.objects.filter(personne=personne).select_related("campagne")
    yield (
        "invitations",
        [{"campagne": str(i.campagne), "demandee_le": i.demandee_le, "remplie": i.remplie} for i in invitations],
    )
