"""Qui est attendu à une rencontre du comité, et ce que son agenda en sait : celui de l’annonce comme celui du rappel."""

from concertation.droits import DROITS_RENCONTRE, EXCLU
from encadrement.rencontres.calendrier import convoquer

GROUPE = "Comité de concertation"


def attendues(rencontre):
    """Rend les personnes attendues : les conviées qu’aucune de leurs situations n’exclut, et le coordonnateur, qui anime."""
    vivantes = rencontre.participations.filter(retiree=False, personne__isnull=False, ouvre_le__isnull=False)
    lignes = vivantes.select_related("personne__service", "situation")
    personnes = {
        ligne.personne_id: ligne.personne for ligne in lignes if not EXCLU.tenu_par(ligne.personne, ligne.situation)
    }
    for personne in DROITS_RENCONTRE.personnes("convoquer", rencontre):
        personnes.setdefault(personne.pk, personne)
    return list(personnes.values())


def convocation(rencontre, personne, *, annulee=False):
    """Rend le texte iCalendar de la rencontre : une heure, un lieu, un lien, jamais le code d’une situation (N-08)."""
    return convoquer(rencontre, personne, groupe=GROUPE, annulee=annulee)
