"""Ce que le relevé demande à la base : une requête par mesure, quel que soit le nombre d’indicateurs et de portées."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, partial

from django.db import connection
from django.db.models import CharField, Count, FloatField, IntegerField, Value
from django.db.models.functions import Cast, Coalesce, ExtractMonth

from encadrement.indicateurs.eligibles import Retenus
from encadrement.indicateurs.lots import PLANCHER
from encadrement.indicateurs.registre import Unite
from encadrement.personnes.models import Personne
from encadrement.socle.requetes import CLE, Gardees, RequetePreparee

TOTAL = "*"
# De quoi rencontrer cinq personnes, presque toujours, sans lire l’année.
PREMIERES_LIGNES = 40
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
    def provenance(self):
        """Ce qui dit quelles lignes elle lit, sauf qui regarde : deux demandes de même provenance se lisent ensemble."""
        faits = self.faits
        return (faits.lignes, faits.jour, faits.personnes, faits.direction, faits.service, faits.rls, self.portee.cle)

    def lignes(self, personne):
        """Rend les lignes que cette personne peut voir compter."""
        return self.faits.lignes(personne).order_by()

    def sans_personne(self):
        """Rend la même demande, sans celle qui regarde."""
        return replace(self, portee=replace(self.portee, personne=None))


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
    par_mesure = defaultdict(list)
    for passe in _passes(demandes, conditions, nombreuses):
        # Une requête ne sert qu’une personne : ce dont l’autre est exclue n’y compte pas (N-02).
        par_mesure[passe.mesure, passe.portee.personne].append(passe)
    lues = defaultdict(lambda: defaultdict(lambda: defaultdict(Compte)))
    for passes in par_mesure.values():
        # La plus large d’abord : c’est elle qui dit à la base le type de chaque colonne.
        passes.sort(key=lambda passe: -len(passe.agregats))
        composer = partial(_requetes, dimension, len(passes[0].agregats))
        # Une découpe change avec les lots : sa forme ne reviendrait pas.
        forme = None if dimension else ("chiffres", *(passe.forme for passe in passes))
        for cle, groupe, categorie, personnes, *nombres in _executer(forme, composer, passes):
            passe = passes[int(cle)]
            if not (personnes or any(nombres)):
                # Sans catégorie, la base rend une ligne même où il n’y en a aucune.
                continue
            for rang, demande in passe.demandes.items():
                nombre, sur = (passe.lu(terme, nombres) for terme in demande.faits.termes)
                for une in passe.categories_de(rang, categorie):
                    comptes = lues[rang][groupe]
                    comptes[une] = comptes[une].avec(personnes, nombre, sur)
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


_FORMES = Gardees(100)


def _executer(forme, composer, lectures):
    """Rend les lignes des requêtes de `composer(lectures, personne)`, réunies en une ; `lectures` sont d’une même personne.

    Sans territoire choisi, la même forme revient à chaque visite : composer son SQL coûte bien plus que l’exécuter. Elle se
    garde alors préparée, pour qui que ce soit : `composer` ne lit de la personne que sa clé.
    """
    personne = lectures[0].portee.personne
    if forme is None or personne is None or not all(lecture.portee.est_entiere for lecture in lectures):
        return _unir(composer(lectures, personne))
    return _FORMES.prendre(forme, lambda: _preparer(composer, lectures)).lignes(personne.pk)


def _preparer(composer, lectures):
    # Ce qui se garde ne retient pas la personne, ni la visite où elle a regardé.
    anonymes = [lecture.sans_personne() for lecture in lectures]
    return RequetePreparee(lambda cle: _unir(composer(anonymes, Personne(pk=cle))), CLE)


@dataclass
class Passe:
    """Une lecture des mêmes lignes, pour tous les chiffres qui s’en tirent : un index ne se parcourt qu’une fois.

    `par` est la catégorie des lignes lues, vide pour leur seul total ; `totalise` : le total est la somme des catégories.
    `compter` dit s’il faut compter leurs personnes.
    """

    demandes: dict
    condition: object
    compter: bool
    par: object = ""
    totalise: bool = False

    @property
    def une(self):
        """L’une de ses demandes : toutes lisent les mêmes lignes."""
        return next(iter(self.demandes.values()))

    @property
    def mesure(self):
        return self.une.indicateur.code.split(".")[0]

    @property
    def portee(self):
        return self.une.portee

    def sans_personne(self):
        """Rend la même passe, sans celle qui regarde."""
        return replace(self, demandes={rang: demande.sans_personne() for rang, demande in self.demandes.items()})

    @property
    def forme(self):
        """Ce que son SQL a de propre, qui que ce soit qui regarde."""
        return (self.une.provenance, self.condition, self.compter, self.par, self.agregats)

    @cached_property
    def agregats(self):
        """Les agrégats lus, chacun une fois."""
        termes = (terme for demande in self.demandes.values() for terme in demande.faits.termes)
        return tuple(dict.fromkeys(terme for terme in termes if terme is not None))

    def lu(self, terme, nombres):
        """Rend ce que vaut un terme parmi les nombres lus, ou None s’il n’y en a pas."""
        return None if terme is None else nombres[self.agregats.index(terme)]

    def categories_de(self, rang, categorie):
        """Rend les catégories auxquelles cette demande ajoute une ligne lue."""
        siennes = (categorie,) if self.demandes[rang].se_detaille or not self.par else ()
        return (*siennes, TOTAL) if self.totalise else siennes


def _passes(demandes, conditions, nombreuses):
    """Rend les Passe qui lisent tout ce qui est demandé, les demandes des mêmes lignes ensemble."""
    memes_lignes = defaultdict(dict)
    for rang, condition in conditions.items():
        demande = demandes[rang]
        compter = bool(demande.faits.personnes) and rang not in nombreuses
        cle = (demande.provenance, demande.portee.personne, condition, compter)
        memes_lignes[cle][rang] = demande
    for (*_, condition, compter), ensemble in memes_lignes.items():
        yield from _passes_des_lignes(ensemble, condition, compter)


def _passes_des_lignes(ensemble, condition, compter):
    par_categorie = defaultdict(dict)
    for rang, demande in ensemble.items():
        if demande.se_detaille:
            par_categorie[demande.faits.par][rang] = demande
    # Des lignes lues par catégorie donnent aussi leur total, s’il est une somme et que personne n’y est à compter.
    sommable = not compter and all(demande.faits.s_additionne for demande in ensemble.values())
    for par, detaillees in par_categorie.items():
        # D’une médiane, aucune journée ne se montre : seul le total se masque.
        a_masquer = any(demande.indicateur.unite != Unite.JOURS for demande in detaillees.values())
        avec_personnes = bool(next(iter(detaillees.values())).faits.personnes) and a_masquer
        if sommable and len(par_categorie) == 1:
            yield Passe(ensemble, condition, avec_personnes, par, totalise=True)
            return
        yield Passe(detaillees, condition, avec_personnes, par)
    yield Passe(ensemble, condition, compter)


def _requetes(dimension, largeur, passes, personne):
    return [
        requete
        for cle, passe in enumerate(passes)
        for requete in _requetes_de_la_passe(str(cle), passe, dimension, largeur, personne)
    ]


def _requetes_de_la_passe(cle, passe, dimension, largeur, personne):
    demande, faits = passe.une, passe.une.faits
    groupe = Coalesce(Cast(getattr(faits, dimension), CharField()), Value("")) if dimension else Value("")
    absents = [Value(None, output_field=FloatField())] * (largeur - len(passe.agregats))
    agregats = (*(Cast(agregat, FloatField()) for agregat in passe.agregats), *absents)
    # Une constante se dit sans la convertir : la base en ferait un groupe, à comparer à chaque ligne.
    constantes = {"cle_": Value(cle), "personnes_": _personnes(faits, compter=passe.compter)}
    nombres = {f"nombre_{rang}_": agregat for rang, agregat in enumerate(agregats)}
    groupes = {"groupe_": groupe, "categorie_": _categorie(passe.par) if passe.par else Value(TOTAL)}
    for periode in faits.filtres(demande.portee.periode):
        lignes = demande.lignes(personne).filter(periode).filter(passe.condition)
        yield (
            lignes.annotate(**groupes)
            .values(*groupes)
            .annotate(**constantes, **nombres)
            .values_list("cle_", *groupes, "personnes_", *nombres)
        )


def _categorie(par):
    """Rend la catégorie d’une ligne, en texte ; celles qui n’en ont pas sont réunies sous ""."""
    if hasattr(par, "resolve_expression"):
        return Cast(par, CharField())
    return Coalesce(Cast(par, CharField()), Value(""))


def _compte_ses_personnes(faits):
    """Dit si le nombre est celui des personnes : les lire en plus ne coûte rien."""
    return faits.nombre == _personnes(faits)


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
    par_personne = defaultdict(lambda: defaultdict(list))
    for rang, demande in enumerate(demandes):
        if demande.faits.personnes and not (demande.se_masque or _compte_ses_personnes(demande.faits)):
            par_personne[demande.portee.personne][demande.provenance].append(rang)
    return frozenset(
        rang
        for par_provenance in par_personne.values()
        for rangs in _de_cinq_personnes(demandes, par_provenance)
        for rang in rangs
    )


def _de_cinq_personnes(demandes, par_provenance):
    groupes, vues = list(par_provenance.values()), defaultdict(set)
    premieres = [demandes[rangs[0]] for rangs in groupes]
    for cle, personne in _executer(("premières", *par_provenance), _premieres, premieres):
        vues[int(cle)].add(personne)
    return [rangs for cle, rangs in enumerate(groupes) if len(vues[cle] - {None}) >= PLANCHER]


def _premieres(demandes, personne):
    return [_premieres_de(str(cle), demande, personne) for cle, demande in enumerate(demandes)]


def _premieres_de(cle, demande, personne):
    faits = demande.faits
    lignes = demande.lignes(personne).filter(faits.filtres(demande.portee.periode)[0])
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
            demande.lignes(demande.portee.personne)
            .filter(filtre)
            .annotate(**colonnes)
            .values(*colonnes)
            .annotate(cle_=Value(cle), personnes_=Cast(_personnes(faits), IntegerField()))
            .values_list(*_CELLULES)
        )
