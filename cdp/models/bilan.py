"""Le bilan annuel d’une communauté, tiré de ses comptes rendus (R-142, R-144, R-369 à R-375)."""

from dataclasses import dataclass

from cdp.models.annee import RapportAnnuel
from cdp.models.rencontre import Contribution, SorteContribution

# Ce que le rapport annuel compte, par rubrique de l’annexe 7.
RUBRIQUES = {
    "experiences": SorteContribution.EXPERIENCE,
    "donnees_probantes": SorteContribution.DONNEE,
    "coconstructions": SorteContribution.COCONSTRUCTION,
    "productions": SorteContribution.PRODUCTION,
    "autres": SorteContribution.AUTRE,
}


@dataclass(frozen=True)
class Bilan:
    """Les nombres d’une année et, par rubrique, les précisions que donnent les comptes rendus."""

    nombres: dict
    precisions: dict

    def __getitem__(self, nombre):
        return self.nombres[nombre]


def bilan(communaute, annee):
    """Rend le Bilan de l’année financière : rencontres tenues, durée moyenne en minutes, contributions par sorte."""
    tenues = list(communaute.rencontres.de_l_annee(annee).tenues())
    minutes = [rencontre.minutes for rencontre in tenues]
    nombres = {
        "rencontres": len(minutes),
        "duree_moyenne": round(sum(minutes) / len(minutes)) if minutes else 0,
    }
    precisions = {rubrique: [] for rubrique in RUBRIQUES}
    par_sorte: dict[str, str] = {sorte: rubrique for rubrique, sorte in RUBRIQUES.items()}
    for sorte, precision in Contribution.objects.filter(rencontre__in=tenues).values_list("sorte", "precision"):
        precisions[par_sorte[sorte]].append(precision)
    nombres |= {rubrique: len(textes) for rubrique, textes in precisions.items()}
    return Bilan(nombres, precisions)


def nombres(rapport, compte=None):
    """Rend {nombre: (compté aux comptes rendus, valeur retenue)} ; un nombre laissé vide est celui des comptes rendus."""
    compte = compte or bilan(rapport.communaute, rapport.annee_financiere)
    ecrits = {nombre: getattr(rapport, nombre) for nombre in RapportAnnuel.NOMBRES}
    return {nombre: (compte[nombre], compte[nombre] if ecrit is None else ecrit) for nombre, ecrit in ecrits.items()}
