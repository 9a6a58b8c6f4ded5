"""Le registre : un indicateur se déclare une fois, le cœur l’agrège, le masque, le dessine et l’exporte.

Une mesure y inscrit ses indicateurs et ses alertes dans `AppConfig.ready()` ; le cœur n’en connaît aucune.
"""

import datetime
import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, Sum

from encadrement.socle.temps import debut_du_jour


class Unite(StrEnum):
    """Ce que le chiffre compte ; les heures se gardent en minutes, les délais en jours civils."""

    NOMBRE = "nombre"
    HEURES = "heures"
    PART = "part"
    NOTE = "note"
    JOURS = "jours"
    REPARTITION = "répartition"


# Les lignes, non leurs clés : un index qui ne porte pas la clé suffit alors.
LIGNES = Count("*")


@dataclass(frozen=True)
class Faits:
    """Les lignes qu’un indicateur compte, et où y lire le jour, le territoire et la personne.

    `lignes(personne)` rend le queryset que cette personne peut voir compter. `jour` est le chemin d’une date, ou (début, fin)
    pour ce qui dure : la ligne compte si elle touche la période ; ou une fonction de la période qui rend un filtre, ou
    plusieurs sans personne commune. Seule une date se découpe en mois. `personnes` est le chemin de ce qu’on ne doit pas
    reconnaître : un groupe de moins de cinq ne se montre pas ; vide, rien à cacher. Un territoire sans chemin ne se filtre
    pas. `nombre` et `sur` sont les agrégats lus, `par` la catégorie d’une répartition ou le nombre de jours d’un délai.

    La requête se garde et sert à tous : `lignes` ne lit de la personne que sa clé, et ni elle ni `jour` ne lisent l’heure.
    """

    lignes: Callable[[Any], Any]
    jour: Any
    personnes: str = ""
    direction: str = ""
    service: str = ""
    rls: str = ""
    nombre: Any = LIGNES
    sur: Any = None
    par: Any = ""
    # Faux si une même personne peut se compter dans deux territoires.
    une_cellule: bool = True
    # Vrai si la DSM peut retenir un autre nombre, par direction et par année.
    retenu: bool = False

    @property
    def termes(self):
        """Les deux agrégats lus ; le second est None s’il n’y en a pas."""
        return (self.nombre, self.sur)

    @property
    def s_additionne(self):
        """Vrai si le nombre de deux ensembles de lignes sans ligne commune est la somme de leurs nombres."""
        return all(isinstance(terme, Count | Sum) and not terme.distinct for terme in self.termes if terme is not None)

    def pendant(self, periode):
        """Rend le filtre `Q` des lignes de la période."""
        return functools.reduce(operator.or_, self.filtres(periode))

    def filtres(self, periode):
        """Rend les filtres `Q` dont la réunion est la période, sans personne commune : chacun a son propre index."""
        if callable(self.jour):
            filtres = self.jour(periode)
            return filtres if isinstance(filtres, tuple) else (filtres,)
        if isinstance(self.jour, tuple):
            debut, fin = self.jour
            return (Q(**{f"{debut}__lte": periode.fin, f"{fin}__gte": periode.debut}),)
        return (entre_les_jours(self.jour, *periode.bornes),)

    def repond_a(self, portee):
        """Dit si ces faits savent répondre à cette portée, ou la phrase qui dit pourquoi non."""
        territoire, periode = portee.territoire, portee.periode
        for chemin, valeur in (
            (self.direction, territoire.directions),
            (self.service, territoire.services),
            (self.rls, territoire.rls),
        ):
            if valeur and not chemin:
                return "Ce chiffre n’existe que pour l’établissement."
        se_decoupe = isinstance(self.jour, str)
        if periode.est_une_annee or (se_decoupe and not self.personnes):
            return ""
        if not se_decoupe:
            return "Ce chiffre se lit par année financière entière."
        return "" if territoire.est_partout else "Un territoire se lit par année financière entière."


def entre_les_jours(chemin, debut, fin):
    """Rend le filtre `Q` d’une date entre deux jours compris ; `chemin` d’un instant : « quand__date ».

    Un instant se compare à des instants : son jour local, calculé ligne à ligne, ne se cherche dans aucun index, et toute
    l’histoire se lirait.
    """
    if not chemin.endswith("__date"):
        return Q(**{f"{chemin}__range": (debut, fin)})
    instant, lendemain = chemin.removesuffix("__date"), fin + datetime.timedelta(days=1)
    return Q(**{f"{instant}__gte": debut_du_jour(debut), f"{instant}__lt": debut_du_jour(lendemain)})


def du_lieu_de(chemin):
    """Rend les chemins du territoire d’une personne : son service et son installation d’aujourd’hui."""
    prefixe = f"{chemin}__" if chemin else ""
    return {
        "direction": f"{prefixe}service__direction",
        "service": f"{prefixe}service",
        "rls": f"{prefixe}installation__rls",
    }


def de_la_personne(chemin):
    """Rend les chemins de territoire et de groupe d’une personne."""
    return {"personnes": chemin or "pk", **du_lieu_de(chemin)}


@dataclass(frozen=True)
class Indicateur:
    """Un chiffre du tableau de bord : ce qu’il veut dire, d’où il se tire, où mène sa liste.

    `faits` donne le numérateur, `denominateur` le dénominateur s’il se lit ailleurs. `calcul` remplace les deux quand le
    chiffre ne se tire pas d’une agrégation (les sondages, qui ont leurs propres lots). `liste(personne, portee)` rend
    l’adresse des lignes derrière le chiffre, ou "" si la personne n’y a pas droit.
    """

    code: str
    nom: str
    definition: str
    unite: Unite
    exigences: tuple = ()
    numerateur: str = ""
    denominateur_dit: str = ""
    periode: str = "L’année financière, du 1er avril au 31 mars."
    manquantes: str = ""
    faits: Faits | None = None
    denominateur: Faits | None = None
    calcul: Any = None
    libelles: Callable[[Any], dict] | None = None
    liste: Callable[[Any, Any], str] = field(default=lambda personne, portee: "")
    du_cadre: bool = False


@dataclass(frozen=True)
class Alerte:
    """Ce qui demande qu’on agisse : `objets(personne)` rend les dossiers en cause que la personne peut voir.

    `direction`, `service` et `rls` sont les chemins de leur territoire, vides s’ils n’en ont pas ; `ligne(objet)` rend
    une LigneAlerte pour la liste et l’export. `gabarit` et `destinataires(objet)` disent comment relancer, d’un clic, qui
    doit agir ; sans gabarit, rien ne se relance d’ici.
    """

    code: str
    nom: str
    objets: Callable[[Any], Any]
    ligne: Callable[[Any], "LigneAlerte"]
    direction: str = ""
    service: str = ""
    rls: str = ""
    explication: str = ""
    exigences: tuple = ()
    gabarit: str = ""
    destinataires: Callable[[Any], Any] | None = None
    contexte: Callable[[Any], dict] = field(default=lambda objet: {})


@dataclass(frozen=True)
class LigneAlerte:
    """Un dossier en cause : son nom, son adresse, ce qui est dû et depuis quand, qui doit agir."""

    dossier: str
    url: str
    quoi: str
    du_le: Any
    qui: str
    direction: str = ""
    service: str = ""

    @classmethod
    def de(cls, objet, personne, **champs):
        """Rend la ligne d’un dossier, située par le service de cette personne, s’il y en a une."""
        service = personne.service if personne is not None else None
        lieu = {"direction": service.direction.nom, "service": service.nom} if service else {}
        return cls(**({"dossier": str(objet), "url": objet.get_absolute_url()} | champs | lieu))


@dataclass(frozen=True)
class ChiffresDeMesure:
    """Les indicateurs et les alertes d’une mesure, dans l’ordre où on les lit."""

    mesure: str
    indicateurs: tuple = ()
    alertes: tuple = ()


_inscrits = {}


def inscrire(chiffres):
    """Inscrit les chiffres d’une mesure ; les réinscrire les remplace."""
    _inscrits[chiffres.mesure] = chiffres


def chiffres_des_mesures(ordre):
    """Rend les ChiffresDeMesure inscrits, dans l’ordre des codes donnés."""
    return [_inscrits[code] for code in ordre if code in _inscrits]


def indicateurs():
    """Rend tous les indicateurs inscrits."""
    return [indicateur for chiffres in _inscrits.values() for indicateur in chiffres.indicateurs]


def alertes():
    """Rend toutes les alertes inscrites."""
    return [alerte for chiffres in _inscrits.values() for alerte in chiffres.alertes]


def alerte(code):
    """Rend l’alerte de ce code ; lève KeyError."""
    return {alerte.code: alerte for alerte in alertes()}[code]
