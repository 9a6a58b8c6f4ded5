"""La portée d’un chiffre : une période d’une même année financière, un territoire, et qui le regarde."""

import calendar
import datetime
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q

from encadrement.socle.temps import AnneeFinanciere, jour_local

MOIS = ("avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.", "janv.", "févr.", "mars")


@dataclass(frozen=True)
class Periode:
    """Des mois entiers d’une année financière, du 1er au 12e (avril à mars) ; l’année entière par défaut (Q-08)."""

    annee: AnneeFinanciere
    premier_mois: int = 1
    dernier_mois: int = 12

    @classmethod
    def en_cours(cls):
        return cls(AnneeFinanciere.du(jour_local()))

    @property
    def est_une_annee(self):
        return (self.premier_mois, self.dernier_mois) == (1, 12)

    @property
    def a_ce_jour(self):
        """La même période jusqu’au dernier mois fini, si elle n’est pas finie ; None si elle l’est, ou ne fait que commencer."""
        aujourdhui = jour_local()
        finis = [rang for rang in range(self.premier_mois, self.dernier_mois + 1) if self.mois(rang)[1] < aujourdhui]
        if self.fin < aujourdhui or not finis:
            return None
        return replace(self, dernier_mois=finis[-1])

    @property
    def debut(self):
        return self.mois(self.premier_mois)[0]

    @property
    def fin(self):
        return self.mois(self.dernier_mois)[1]

    @property
    def bornes(self):
        return (self.debut, self.fin)

    @property
    def precedente(self):
        """Les mêmes mois, un an plus tôt."""
        return replace(self, annee=self.annee.precedente)

    def mois(self, rang):
        """Rend le premier et le dernier jour du mois de ce rang dans l’année financière."""
        annee, mois = (self.annee.debut_annee, rang + 3) if rang <= 9 else (self.annee.debut_annee + 1, rang - 9)
        return datetime.date(annee, mois, 1), datetime.date(annee, mois, calendar.monthrange(annee, mois)[1])

    def __str__(self):
        if self.est_une_annee:
            return str(self.annee)
        premier, dernier = MOIS[self.premier_mois - 1], MOIS[self.dernier_mois - 1]
        mois = premier if premier == dernier else f"{premier} à {dernier}"
        return f"{mois} {self.annee}"


@dataclass(frozen=True)
class Territoire:
    """Des directions, des services, un RLS ; un champ vide ne restreint rien. Les trois se combinent."""

    directions: frozenset = frozenset()
    services: frozenset = frozenset()
    rls: str = ""

    @property
    def est_partout(self):
        return not (self.directions or self.services or self.rls)

    def contient(self, cellule):
        """Dit si une cellule (direction, service, RLS) est dans le territoire."""
        direction, service, rls = cellule
        return (
            (not self.directions or direction in self.directions)
            and (not self.services or service in self.services)
            and (not self.rls or rls == self.rls)
        )

    def condition(self, faits):
        """Rend le filtre `Q` des lignes de ces faits dans le territoire."""
        condition = Q()
        for chemin, valeurs in ((faits.direction, self.directions), (faits.service, self.services)):
            if valeurs:
                condition &= Q(**{f"{chemin}__in": sorted(valeurs)})
        return condition & Q(**{faits.rls: self.rls}) if self.rls else condition


@dataclass(frozen=True)
class Portee:
    """Ce sur quoi un indicateur répond. `personne` : qui regarde ; qui est exclu d’une situation ne la compte pas (N-02)."""

    periode: Periode
    territoire: Territoire = Territoire()
    personne: object = None

    @property
    def precedente(self):
        """La même portée, un an plus tôt."""
        return replace(self, periode=self.periode.precedente)

    @property
    def est_entiere(self):
        """Vrai pour une année et un établissement entiers : rien n’y est croisé."""
        return self.periode.est_une_annee and self.territoire.est_partout

    @property
    def choix(self):
        """Ce qu’une liste filtrée peut en redire : l’année et, s’il n’y en a qu’un, la direction, le service, le RLS."""
        territoire = self.territoire
        uniques = (("direction", territoire.directions), ("service", territoire.services))
        choix = {"annee": self.periode.annee.debut_annee}
        choix |= {nom: min(valeurs) for nom, valeurs in uniques if len(valeurs) == 1}
        return choix | ({"rls": territoire.rls} if territoire.rls else {})

    @cached_property
    def cle(self):
        return (self.periode, self.territoire)
