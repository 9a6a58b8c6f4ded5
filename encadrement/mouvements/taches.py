"""« À faire » : les dossiers ouverts de qui part ou change de gestionnaire, une requête quel que soit leur nombre."""

from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.mouvements.droits import DROITS_MOUVEMENT
from encadrement.mouvements.models import Mouvement, Sorte
from encadrement.socle.temps import jour_local

_GESTES = {
    Sorte.DEPART: "Réattribuer ou clore les dossiers",
    Sorte.GESTIONNAIRE: "Reprendre les dossiers",
    Sorte.SERVICE: "Revoir les dossiers",
}


def taches(personne):
    """Rend une tâche par mouvement que la personne a à régler."""
    for uuid, sorte, prenom, nom, resume, releve_le in _A_REGLER.lignes(personne, jour_local()):
        yield Tache(
            geste=_GESTES[sorte],
            dossier=f"{prenom} {nom} {Sorte(sorte).label}\xa0: {resume}",
            url=reverse("mouvements:mouvement", args=[uuid]),
            depuis=releve_le,
            ton="principal",
        )


def _a_regler(personne, jour):
    attendus = Mouvement.objects.filter(DROITS_MOUVEMENT.condition(personne, "acquitter"), acquitte_le__isnull=True)
    return attendus.order_by().values_list("uuid", "sorte", "personne__prenom", "personne__nom", "resume", "releve_le")


_A_REGLER = RequeteParPersonne(_a_regler)
