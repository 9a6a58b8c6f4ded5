"""Les campagnes que chaque année ramène : une mesure dit qui interroger et quand, l’application l’ouvre (Q-18)."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.sondages.actions import inviter, ouvrir_campagne


@dataclass(frozen=True)
class CampagneAnnuelle:
    """Un questionnaire posé chaque année ; `repondants(annee)` nomme qui y répond, au jour où on l’ouvre.

    `ouvre` et `ferme` sont un mois et un jour. Fermer après le 31 mars laisse l’évaluation suivre le rapport annuel :
    c’est le jour d’ouverture qui dit l’année financière évaluée.
    """

    code: str
    mesure: str
    libelle: str
    repondants: Callable[[AnneeFinanciere], Iterable[Any]]
    ouvre: tuple[int, int] = (3, 1)
    ferme: tuple[int, int] = (4, 30)

    def en_cours(self, jour):
        """Rend (année financière évaluée, dernier jour) si la campagne se tient ce jour-là, sinon None."""
        ouvre = datetime.date(jour.year, *self.ouvre)
        ferme = datetime.date(jour.year, *self.ferme)
        return (AnneeFinanciere.du(ouvre), ferme) if ouvre <= jour <= ferme else None


_inscrites = {}


def inscrire(campagne):
    """Inscrit une campagne annuelle ; la réinscrire la remplace."""
    _inscrites[campagne.code] = campagne


def ouvrir_les_annuelles(jour=None):
    """Ouvre les campagnes dont c’est la saison et invite qui manque ; la rejouer ne double rien.

    Rejouée chaque jour, elle invite aussi qui arrive pendant la campagne.
    """
    jour = jour or jour_local()
    for annuelle in _inscrites.values():
        if tenue := annuelle.en_cours(jour):
            annee, fin = tenue
            campagne = ouvrir_campagne(
                annuelle.code,
                cle=f"annuelle:{annuelle.code}:{annee.debut_annee}",
                mesure=annuelle.mesure,
                annee=annee,
                libelle=f"{annuelle.libelle}, {annee}",
                fin=fin,
            )
            if campagne.ouverte:
                inviter(campagne, annuelle.repondants(annee), dossier=annuelle.libelle)
