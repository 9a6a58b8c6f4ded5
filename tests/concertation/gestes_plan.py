"""Les gestes du plan par les pages : ce que le coordonnateur tape, ce que le responsable clique, ce que le journal en garde."""

import datetime

from django.urls import reverse

from concertation.actions import exclusions, recits
from encadrement.journal.models import Entree
from encadrement.socle.temps import jour_local


def adresse(nom, objet):
    return reverse(f"concertation:{nom}", args=[objet.uuid])


def sans_lien(situation, *personnes):
    """Chacune déclare n’avoir aucun lien avec la personne."""
    for personne in personnes:
        if recits.doit_declarer(personne, situation):
            exclusions.declarer(situation, par=personne, en_conflit=False)


def lectures(situation):
    """Rend [(prénom, champs, pourquoi)] de ce que le journal garde des lectures d’une situation, dans l’ordre."""
    entrees = (
        Entree.objects.filter(acte=recits.LECTURE, objet_uuid=situation.uuid).select_related("par").order_by("rang")
    )
    return [(e.par.prenom, tuple(e.details["champs"]), e.details["pourquoi"]) for e in entrees]


def dans(jours):
    return (jour_local() + datetime.timedelta(days=jours)).isoformat()


def ajout(direction, responsable, texte="Désigner un intervenant pivot.", jours=7):
    """Rend ce qu’on poste pour ajouter une orientation."""
    return {
        "orientation-texte": texte,
        "orientation-direction": direction.pk,
        "orientation-personne": responsable.matricule,
        "orientation-echeance": dans(jours),
    }
