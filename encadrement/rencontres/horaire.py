"""L’ordre du jour horodaté (R-488) : l’heure de chaque point, et de combien on déborde la fin prévue."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Ligne:
    """Un point et l’heure locale où il commence et finit ; sans durée prévue, il finit quand il commence."""

    point: Any
    debut: datetime.datetime
    fin: datetime.datetime


@dataclass(frozen=True)
class Horaire:
    """Les lignes dans l’ordre, l’heure où le dernier point finit et l’écart avec la fin prévue, en minutes."""

    lignes: tuple[Ligne, ...]
    fin: datetime.datetime
    depassement: int
    marge: int
    sans_duree: int

    @property
    def est_horodate(self):
        """Au moins un point a une durée : sans cela, toutes les heures seraient celle du début."""
        return self.sans_duree < len(self.lignes)

    @property
    def deborde(self):
        return self.depassement > 0


def horodater(debut, points, *, fin):
    """Rend l’Horaire des `points` (leur attribut `minutes`, vide ou non) à partir de `debut` ; `fin` est celle prévue.

    Le temps s’ajoute en minutes réelles : une rencontre à cheval sur un changement d’heure garde sa durée.
    """
    instant, lignes = debut.astimezone(datetime.UTC), []
    for point in points:
        suite = instant + datetime.timedelta(minutes=point.minutes or 0)
        lignes.append(Ligne(point, timezone.localtime(instant), timezone.localtime(suite)))
        instant = suite
    ecart = round((instant - fin).total_seconds() / 60)
    return Horaire(
        lignes=tuple(lignes),
        fin=timezone.localtime(instant),
        depassement=max(0, ecart),
        marge=max(0, -ecart),
        sans_duree=sum(1 for ligne in lignes if not ligne.point.minutes),
    )
