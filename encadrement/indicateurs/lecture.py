"""Ce que le relevé demande à la base : une requête par mesure, quel que soit le nombre d’indicateurs et de portées."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import CharField, Count, FloatField, IntegerField, Value
from django.db.models.functions import Cast, Coalesce, ExtractMonth

from encadrement.indicateurs.eligibles import Retenus
from encadrement.indicateurs.lots import PLANCHER
from encadrement.indicateurs.registre import Unite

TOTAL = "*"
# De quoi rencontrer cinq personnes, presque toujours, sans lire l’année.
PREMIERES_LIGNES = 40
_AGREGATS = ("cle_", "groupe_", "categorie_", "personnes_", "nombre_", "sur_")
_CELLULES = ("cle_", "direction_", "service_", "rls_", "mois_", "personnes_")


@dataclass(frozen=True)
class Demande:
    """Un des deux termes d’un indicateur, pour une portée ; `retenus` : ce que la DSM y retient elle-même (Q-21)."""

    indicateur: object
    portee: object
    faits: object
    est_numerateur: bool
    retenus: Retenus = Retenus()

    @property
    def se_masque(self):
        return bool(self.faits.personnes) and not self.portee.est_entiere

    @property
    def se_detaille(self):
        return bool(self.faits.par) and self.est_numerateur

    @property
    def lignes(self):
        return self.faits.lignes(self.portee.personne).order_by()


@dataclass(frozen=True)
class Compte:
    """Ce que disent les lignes d’une catégorie, ou toutes ; `sur` est None si l’indicateur n’en a pas.

    `personnes` se compte jusqu’où le masque en a besoin : cinq en veut dire cinq au moins.
    """

    personnes: int = 0
    nombre: float = 0
    sur: float | None = None

    def avec(self, personnes, nombre, sur):
        """Rend ce compte, augmenté d’autres lignes."""
        en_tout = self.sur if sur is None else (self.sur or 0) + sur
        return Compte(self.personnes + personnes, self.nombre + (nombre or 0), en_tout)


def lire(demandes, conditions, dimension=""):
    """Rend {rang: {partie: {catégorie: Compte}}} ; `conditions` est {rang: filtre des lignes à lire}, les autres se taisent.

    `dimension` découpe chaque chiffre par direction, service ou RLS ; sans elle, une seule partie, "".
    """
    nombreuses = _nombreuses(demandes) if not dimension else frozenset()
    par_mesure, sommes = defaultdict(list), set()
    for rang, condition in conditions.items():
        demande, compter = demandes[rang], rang not in nombreuses
        if somme := _se_totalise(demande, compter):
            sommes.add(rang)
        mesure = demande.indicateur.code.split(".")[0]
        categories = _categories(demande, compter, avec_total=not somme)
        par_mesure[mesure] += _requetes(str(rang), demande, condition, dimension, categories)
    lues = defaultdict(lambda: defaultdict(lambda: defaultdict(Compte)))
    for requetes in par_mesure.values():
        for cle, groupe, categorie, *compte in _unir(requetes):
            rang = int(cle)
            comptes = lues[rang][groupe]
            for une in (categorie, TOTAL) if rang in sommes else (categorie,):
                comptes[une] = comptes[une].avec(*compte)
    return lues


def lire_les_cellules(demandes):
    """Rend {rang: {cellule: personnes}} de toute l’année ; une cellule est un (direction, service, RLS), ou un mois."""
    cellules = defaultdict(lambda: defaultdict(int))
    requetes = [requete for rang, demande in demandes.items() for requete in _cellules(str(rang), demande)]
    if requetes:
        for cle, direction, service, rls, mois, personnes in _unir(requetes):
            cellules[int(cle)][(direction, service, rls) if mois is None else mois] += personnes
    return cellules


def _unir(requetes):
    premiere, *autres = requetes
    return premiere.union(*autres, all=True) if autres else premiere


def _se_totalise(demande, compter):
    """Dit si le total est la somme des catégories : des lignes, dont personne n’est à compter. Elles ne se lisent qu’une fois."""
    faits = demande.faits
    return demande.se_detaille and faits.compte_ses_lignes and not (faits.personnes and compter)


def _categories(demande, compter, *, avec_total):
    """Rend [(catégorie, faut-il compter ses personnes)] de ce qu’on lit d’une demande."""
    categories = [(Value(TOTAL), compter)] if avec_total else []
    if demande.se_detaille:
        # D’une médiane, aucune journée ne se montre : seul le total se masque.
        categories.append((_categorie(demande.faits), demande.indicateur.unite != Unite.JOURS))
    return categories


def _requetes(cle, demande, condition, dimension, categories):
    faits = demande.faits
    groupe = Coalesce(Cast(getattr(faits, dimension), CharField()), Value("")) if dimension else Value("")
    for categorie, compter in categories:
        for periode in faits.filtres(demande.portee.periode):
            lignes = demande.lignes.filter(periode).filter(condition)
            agregats = {
                "cle_": Value(cle),
                "personnes_": Cast(_personnes(faits, compter=compter), IntegerField()),
                "nombre_": Cast(faits.nombre, FloatField()),
                "sur_": Cast(Value(None) if faits.sur is None else faits.sur, FloatField()),
            }
            groupes = {"groupe_": groupe, "categorie_": categorie}
            yield lignes.annotate(**groupes).values(*groupes).annotate(**agregats).values_list(*_AGREGATS)


def _categorie(faits):
    """Rend la catégorie d’une ligne, en texte ; celles qui n’en ont pas sont réunies sous ""."""
    if hasattr(faits.par, "resolve_expression"):
        return Cast(faits.par, CharField())
    return Coalesce(Cast(faits.par, CharField()), Value(""))


def _personnes(faits, *, compter=True):
    """Rend l’agrégat des personnes ; sans compter, on les sait déjà cinq au moins."""
    if not faits.personnes:
        return Value(0)
    if not compter:
        return Value(PLANCHER)
    return Count("*") if faits.personnes == "pk" else Count(faits.personnes, distinct=True)


def _nombreuses(demandes):
    """Rend les rangs des demandes dont les premières lignes sont déjà celles de cinq personnes, en une requête.

    Compter toutes les personnes d’une année coûterait plus que le chiffre lui-même, pour apprendre qu’elles sont cinq.
    """
    if not connection.features.supports_slicing_ordering_in_compound:
        return frozenset()
    requetes = [
        _premieres(str(rang), demande)
        for rang, demande in enumerate(demandes)
        if demande.faits.personnes and not demande.se_masque
    ]
    vues = defaultdict(set)
    if requetes:
        for cle, personne in _unir(requetes):
            vues[int(cle)].add(personne)
    return frozenset(rang for rang, personnes in vues.items() if len(personnes - {None}) >= PLANCHER)


def _premieres(cle, demande):
    faits = demande.faits
    lignes = demande.lignes.filter(faits.filtres(demande.portee.periode)[0])
    if isinstance(faits.jour, str):
        # Dans l’ordre de l’index de la période : sans lui, une jointure en lirait parfois toutes les lignes d’avance.
        lignes = lignes.order_by(faits.jour.removesuffix("__date"))
    return lignes.values_list(Cast(Value(cle), CharField()), faits.personnes)[:PREMIERES_LIGNES]


def _cellules(cle, demande):
    """Rend les requêtes des cellules de toute l’année : par territoire, ou par mois si c’est la période qu’on découpe."""
    faits, annee = demande.faits, replace(demande.portee.periode, premier_mois=1, dernier_mois=12)
    vide, sans_rls = Cast(Value(None), IntegerField()), Cast(Value(None), CharField())
    if demande.portee.periode.est_une_annee:
        colonnes = {
            "direction_": Cast(faits.direction, IntegerField()) if faits.direction else vide,
            "service_": Cast(faits.service, IntegerField()) if faits.service else vide,
            "rls_": Cast(faits.rls, CharField()) if faits.rls else sans_rls,
            "mois_": vide,
        }
    else:
        colonnes = {"direction_": vide, "service_": vide, "rls_": sans_rls, "mois_": ExtractMonth(faits.jour)}
    for filtre in faits.filtres(annee):
        yield (
            demande.lignes.filter(filtre)
            .annotate(**colonnes)
            .values(*colonnes)
            .annotate(cle_=Value(cle), personnes_=Cast(_personnes(faits), IntegerField()))
            .values_list(*_CELLULES)
        )
