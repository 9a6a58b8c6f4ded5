"""Les dates d’une série de rencontres : 13 h 30 reste 13 h 30 quand l’heure change, et un jour férié se signale.

La règle se déroule sur l’heure que l’horloge montre, sans fuseau ; le fuseau vient après. L’inverse décalerait d’une
heure la moitié de l’année.
"""

import datetime
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from encadrement.notifications.calendrier import jour_ouvrable_suivant, jours_chomes
from encadrement.socle.erreurs import ErreurMetier

HORIZON = relativedelta(years=2)
MAXIMUM = 60


class Rythme(models.TextChoices):
    SEMAINES = "semaines", "le même jour, chaque semaine ou toutes les N semaines"
    RANG_DU_MOIS = "rang_du_mois", "le même rang dans le mois (3e mercredi)"
    DERNIER_DU_MOIS = "dernier_du_mois", "le dernier du mois (dernier mercredi)"


@dataclass(frozen=True)
class Creneau:
    """Le début et la fin d’une rencontre : deux instants (UTC), comme la base les rend."""

    debut: datetime.datetime
    fin: datetime.datetime


@dataclass(frozen=True)
class Saute:
    """Une date tombée un jour férié : rien n’y est prévu, `report` est le jour ouvrable qui suit."""

    jour: datetime.date
    report: datetime.date

    def __str__(self):
        return (
            f"Le {dire_jour(self.jour)} est férié\xa0: aucune rencontre ce jour-là. "
            f"Pour la tenir quand même, ajoutez-en une, par exemple le {dire_jour(self.report)}."
        )


@dataclass(frozen=True)
class Dates:
    """Ce qu’une série donne : les créneaux retenus et les jours fériés sautés, dans l’ordre."""

    creneaux: tuple[Creneau, ...]
    sautes: tuple[Saute, ...]


@dataclass(frozen=True)
class Serie:
    """Une répétition à partir de `premier`, dont le jour de la semaine (et le rang) fait la règle.

    Elle finit au plus tard le `dernier_jour`, ou après `nombre` rencontres tenues : l’un des deux se dit. `intervalle`
    compte des semaines ou des mois, selon le rythme.
    """

    premier: datetime.date
    heure: datetime.time
    minutes: int
    rythme: Rythme
    intervalle: int = 1
    dernier_jour: datetime.date | None = None
    nombre: int | None = None

    def dates(self):
        """Rend les Dates de la série ; lève ErreurMetier si elle ne finit pas, déborde ou ne donne rien."""
        self._verifier()
        horizon = self.premier + HORIZON
        creneaux, sautes = [], []
        for jour in self._jours(min(self.dernier_jour or horizon, horizon)):
            if jour in jours_chomes(jour.year):
                sautes.append(Saute(jour, jour_ouvrable_suivant(jour)))
                continue
            creneaux.append(creneau(jour, self.heure, self.minutes))
            if len(creneaux) == self.nombre:
                break
        if not creneaux:
            raise ErreurMetier("Cette série ne donne aucune rencontre\xa0: voyez ses dates.")
        if len(creneaux) > MAXIMUM or (self.nombre and not self.dernier_jour and len(creneaux) < self.nombre):
            raise ErreurMetier(_TROP_LONGUE)
        return Dates(tuple(creneaux), tuple(sautes))

    @property
    def libelle(self):
        """La règle en mots : « toutes les 2 semaines, le mercredi », « le 3e mercredi de chaque mois »."""
        jour = date_format(self.premier, "l")
        if self.rythme == Rythme.SEMAINES:
            pas = "chaque semaine" if self.intervalle == 1 else f"toutes les {self.intervalle}\xa0semaines"
            return f"{pas}, le {jour}"
        rang = {-1: "dernier", 1: "1er"}.get(self._rang, f"{self._rang}e")
        pas = "de chaque mois" if self.intervalle == 1 else f"du mois, tous les {self.intervalle}\xa0mois"
        return f"le {rang} {jour} {pas}"

    @property
    def _rang(self):
        """Le rang du jour dans son mois ; un cinquième mercredi, que tous les mois n’ont pas, vaut pour le dernier."""
        rang = (self.premier.day - 1) // 7 + 1
        return -1 if self.rythme == Rythme.DERNIER_DU_MOIS or rang == 5 else rang

    def _jours(self, jusqu_au):
        frequence, jour = WEEKLY, weekday(self.premier.weekday())
        if self.rythme != Rythme.SEMAINES:
            frequence, jour = MONTHLY, jour(self._rang)
        debut, fin = (datetime.datetime.combine(bout, datetime.time.min) for bout in (self.premier, jusqu_au))
        regle = rrule(frequence, debut, interval=self.intervalle, byweekday=jour, until=fin)
        return (instant.date() for instant in regle)

    def _verifier(self):
        if not (self.dernier_jour or self.nombre):
            raise ErreurMetier("Dites jusqu’à quand dure la série, ou combien de rencontres elle compte.")
        if self.intervalle < 1 or self.minutes < 1 or (self.nombre or 1) < 1:
            raise ErreurMetier("L’intervalle, la durée et le nombre de rencontres sont d’au moins un.")
        if self.dernier_jour and self.dernier_jour > self.premier + HORIZON:
            raise ErreurMetier(_TROP_LONGUE)


_TROP_LONGUE = f"Une série tient en deux ans et en {MAXIMUM} rencontres au plus\xa0: créez-en une autre ensuite."


def creneau(jour, heure, minutes):
    """Rend le créneau de `minutes` réelles qui commence ce jour à cette heure ; voir `moment_local`."""
    # En UTC : sur l’horloge d’ici, une nuit de changement d’heure allongerait ou raccourcirait la rencontre.
    debut = moment_local(jour, heure).astimezone(datetime.UTC)
    return Creneau(debut, debut + datetime.timedelta(minutes=minutes))


def moment_local(jour, heure):
    """Rend l’instant où l’horloge d’ici montre `heure` ce jour-là.

    Lève ErreurMetier si elle ne la montre jamais (on avance l’heure) ou la montre deux fois (on la recule).
    """
    instant = datetime.datetime.combine(jour, heure, tzinfo=timezone.get_default_timezone())
    if instant.utcoffset() == instant.replace(fold=1).utcoffset():
        return instant
    existe = instant.astimezone(datetime.UTC).astimezone(instant.tzinfo).replace(tzinfo=None)
    dit = f"{heure.hour}\xa0h\xa0{heure.minute:02d}"
    if existe == instant.replace(tzinfo=None):
        raise ErreurMetier(f"Le {dire_jour(jour)}, on recule l’heure\xa0: {dit} arrive deux fois. Prenez-en une autre.")
    raise ErreurMetier(f"Le {dire_jour(jour)}, on avance l’heure\xa0: {dit} n’existe pas. Prenez-en une autre.")


def dire_jour(jour):
    """Écrit un jour comme on le dit : « dimanche 1er novembre 2026 »."""
    quantieme = "1er" if jour.day == 1 else jour.day
    return f"{date_format(jour, 'l')} {quantieme}\xa0{date_format(jour, 'F')}\xa0{jour.year}"
