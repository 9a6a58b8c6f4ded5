"""Ce qu’un mois de lectures a d’inhabituel : six règles simples, écrites pour être relues (O-10).

Aucune n’accuse. L’identité de l’usager n’est pas connue ici : « son propre cas » est une lecture par qui a déclaré un lien
ou à qui la situation est cachée ; « même nom », celui de l’intervenant responsable ou de son gestionnaire.
"""

import datetime
import statistics
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from concertation.droits import EXCEPTIONNEL, EXCLU
from concertation.models import DeclarationInteret, SituationComplexe, SorteConstat
from encadrement.journal.models import Entree
from encadrement.notifications.calendrier import est_ouvrable
from encadrement.personnes.models import Personne, sans_accents

# Les heures ouvrables, heure locale, les jours ouvrables.
OUVERTURE, FERMETURE = datetime.time(7), datetime.time(19)
# Plus de trois fois la médiane des pairs (même titre, sinon tous les lecteurs), et vingt lectures au moins.
FACTEUR, PLANCHER, PAIRS = 3, 20, 2
# Un lien périmé se clique une fois ou deux.
REFUS = 3
_PARTICULES = {"st", "ste", "saint", "sainte", "de", "la", "le", "du", "des", "d", "l"}

REGLES = {
    SorteConstat.EXCEPTION: "Toute lecture par un accès exceptionnel, obtenu à deux, sans autre titre.",
    SorteConstat.LIEN: "Toute lecture par qui a déclaré un lien avec la personne, ou à qui la situation est cachée.",
    SorteConstat.MEME_NOM: "Le nom du lecteur, ou l’une de ses parties, est celui de l’intervenant ou de son gestionnaire.",
    SorteConstat.HORS_HEURES: "Avant 7 h, après 19 h, la fin de semaine ou un jour chômé, heure locale.",
    SorteConstat.VOLUME: "Vingt lectures ou plus, et plus de trois fois la médiane des autres lecteurs du même titre.",
    SorteConstat.REFUS: "Trois essais refusés ou plus, dans le mois, sur des situations qui existent.",
}


@dataclass(frozen=True)
class Trouvaille:
    """Un constat à écrire : sa sorte, de qui, sur quelle situation, quelles entrées du journal."""

    sorte: str
    lecteur: Personne
    situation: SituationComplexe | None
    entrees: tuple
    mediane: float | None = None


def trouvailles(lectures, refus):
    """Rend les constats de ces lectures, des (entrée, situation), et de ces essais refusés."""
    groupes = _grouper(lectures, lambda entree, situation: (entree.par, situation))
    for (lecteur, situation), siennes in groupes.items():
        for sorte, retenir in _PAR_SITUATION.items():
            if retenues := retenir(lecteur, situation, siennes):
                yield Trouvaille(sorte, lecteur, situation, _numeros(retenues))
    yield from _volumes(lectures)
    for lecteur, essais in _grouper(refus, lambda entree, _: entree.par).items():
        if len(essais) >= REFUS:
            yield Trouvaille(SorteConstat.REFUS, lecteur, None, _numeros(essais))


def _grouper(paires, cle):
    groupes = defaultdict(list)
    for entree, situation in paires:
        if entree.par is not None:
            groupes[cle(entree, situation)].append(entree)
    return groupes


def _numeros(entrees):
    return tuple(sorted(entree.pk for entree in entrees))


def _par_exception(_lecteur, _situation, lectures):
    return [entree for entree in lectures if entree.details.get("role") == EXCEPTIONNEL.code]


def _malgre_un_lien(lecteur, situation, lectures):
    declare = DeclarationInteret.objects.filter(situation=situation, personne=lecteur, en_conflit=True)
    return lectures if EXCLU.tenu_par(lecteur, situation) or declare.exists() else []


def _du_meme_nom(lecteur, situation, lectures):
    concernes = [personne for personne in (situation.demandeur, situation.demandeur.superieur) if personne is not None]
    if lecteur in concernes:
        return []
    return lectures if any(_parties(lecteur) & _parties(personne) for personne in concernes) else []


def _parties(personne):
    """Rend les mots d’un nom de famille, sans accents ni particule : « D’Amours-St-Onge » en a deux."""
    return set(sans_accents(personne.nom).split()) - _PARTICULES


def _hors_des_heures(_lecteur, _situation, lectures):
    return [entree for entree in lectures if not _est_ouvrable(timezone.localtime(entree.quand))]


def _est_ouvrable(instant):
    return est_ouvrable(instant.date()) and OUVERTURE <= instant.time() < FERMETURE


_PAR_SITUATION = {
    SorteConstat.EXCEPTION: _par_exception,
    SorteConstat.LIEN: _malgre_un_lien,
    SorteConstat.MEME_NOM: _du_meme_nom,
    SorteConstat.HORS_HEURES: _hors_des_heures,
}


def _volumes(lectures):
    """Compare chacun à la médiane des autres lecteurs du même titre ; s’ils sont moins de deux, à celle de tous les autres."""
    nombres = {lecteur: len(siennes) for lecteur, siennes in _grouper(lectures, lambda e, _: e.par).items()}
    titres = {entree.par: entree.details.get("role") for entree, _ in lectures}
    for lecteur, siennes in _grouper(lectures, lambda e, _: e.par).items():
        autres = [nombre for autre, nombre in nombres.items() if autre != lecteur]
        pairs = [
            nombres[a] for a, titre in titres.items() if a in nombres and a != lecteur and titre == titres[lecteur]
        ]
        mediane = statistics.median((pairs if len(pairs) >= PAIRS else autres) or [0])
        if len(siennes) >= PLANCHER and len(siennes) > FACTEUR * mediane:
            yield Trouvaille(SorteConstat.VOLUME, lecteur, None, _numeros(siennes), mediane)


def entrees_de(constat):
    """Rend les entrées du journal qui fondent un constat, dans l’ordre."""
    return Entree.objects.filter(pk__in=constat.entrees).select_related("par").order_by("quand", "pk")
