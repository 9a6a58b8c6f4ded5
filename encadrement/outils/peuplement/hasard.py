"""Le hasard du peuplement : la même graine redonne la même histoire, dossier par dossier."""

import datetime
import random
import uuid


def tirage(*cle):
    """Rend un générateur propre à cette clé (la graine, la mesure, l’année, le rang) : rien ne dépend de l’ordre."""
    return random.Random("/".join(map(str, cle)))  # noqa: S311  (des données d’essai, pas un secret)


def identifiant(hasard):
    """Rend un UUID tiré de ce générateur."""
    return uuid.UUID(int=hasard.getrandbits(128), version=4)


def moment(jour, heure=11):
    """Rend un instant de ce jour, le même jour en Gaspésie : `heure` y est celle de l’hiver."""
    return datetime.datetime(jour.year, jour.month, jour.day, heure + 5, tzinfo=datetime.UTC)


def apres(jour, jours):
    return jour + datetime.timedelta(days=jours)


def entre(hasard, debut, fin):
    """Rend un jour entre ces deux jours compris."""
    return apres(debut, hasard.randrange(max((fin - debut).days, 0) + 1))


def choisir(hasard, poids):
    """Rend une clé de `poids` ({valeur: poids})."""
    return hasard.choices(list(poids), list(poids.values()))[0]
