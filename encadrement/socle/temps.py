"""Le jour qu’il est en Gaspésie, les mois civils et les durées comme les gens les écrivent."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from dateutil.relativedelta import relativedelta
from django.utils import timezone


def jour_local(instant=None):
    """Rend la date locale (America/Toronto) de `instant`, ou d’aujourd’hui."""
    return timezone.localdate(instant)


def debut_du_jour(jour):
    """Rend l’instant où ce jour commence, à l’heure locale."""
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min))


@dataclass(frozen=True)
class AnneeFinanciere:
    """L’année financière, du 1er avril au 31 mars (Q-08)."""

    debut_annee: int

    @classmethod
    def du(cls, jour):
        return cls(jour.year if jour.month >= 4 else jour.year - 1)

    @property
    def debut(self):
        return datetime.date(self.debut_annee, 4, 1)

    @property
    def fin(self):
        return datetime.date(self.debut_annee + 1, 3, 31)

    @property
    def bornes(self):
        return (self.debut, self.fin)

    @property
    def suivante(self):
        return AnneeFinanciere(self.debut_annee + 1)

    @property
    def precedente(self):
        return AnneeFinanciere(self.debut_annee - 1)

    def __str__(self):
        return f"{self.debut_annee}-{self.debut_annee + 1}"


def ajouter_mois(jour, mois):
    """Rend `jour` plus `mois` mois civils ; le 31 août plus 6 mois donne le dernier jour de février."""
    return jour + relativedelta(months=mois)


_HEURES = re.compile(r"^(?P<h>\d{1,3})\s*(?:h|heures?|:)\s*(?P<m>\d{1,2})?\s*(?:m|min|minutes?)?$")
_MINUTES = re.compile(r"^(?P<m>\d{1,4})\s*(?:m|min|minutes?)$")
_DECIMALE = re.compile(r"^(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|heures?)?$")


def lire_duree(texte):
    """Rend le nombre de minutes de « 1 h 15 », « 90 min », « 1,5 h » ou « 1:15 » ; lève ValueError sinon."""
    propre = " ".join(texte.replace("\xa0", " ").replace("\u202f", " ").strip().lower().split())
    if not propre.isascii():
        raise ValueError(texte)
    if trouve := _HEURES.match(propre):
        minutes = int(trouve["m"] or 0)
        if minutes > 59:
            raise ValueError(texte)
        return int(trouve["h"]) * 60 + minutes
    if trouve := _MINUTES.match(propre):
        return int(trouve["m"])
    if trouve := _DECIMALE.match(propre):
        try:
            return int((Decimal(trouve["n"].replace(",", ".")) * 60).to_integral_value())
        except InvalidOperation as erreur:
            raise ValueError(texte) from erreur
    raise ValueError(texte)


def ecrire_duree(minutes):
    """Écrit une durée en minutes comme on la dit : « 1 h 15 », « 45 min », « 2 h »."""
    if minutes is None:
        return ""
    heures, reste = divmod(int(minutes), 60)
    if not heures:
        return f"{reste}\xa0min"
    return f"{heures}\xa0h\xa0{reste:02d}" if reste else f"{heures}\xa0h"
