"""Lire un indicateur déclaré sans ses masques : ce qu’il compte se vérifie sur une scène, où personne n’est cinq."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Coalesce

from encadrement.indicateurs.portee import Periode
from encadrement.indicateurs.registre import Unite, indicateurs
from encadrement.indicateurs.valeurs import mediane


def declare(code):
    return next(indicateur for indicateur in indicateurs() if indicateur.code == code)


def compte(code, annee, personne=None):
    """Rend ce que compte le numérateur dans l’année."""
    faits = declare(code).faits
    return _lignes(faits, annee, personne).aggregate(n=faits.nombre)["n"] or 0


def sur(code, annee, personne=None):
    """Rend ce que compte le dénominateur dans l’année."""
    indicateur = declare(code)
    if indicateur.denominateur is None:
        return _lignes(indicateur.faits, annee, personne).aggregate(n=indicateur.faits.sur)["n"]
    return _lignes(indicateur.denominateur, annee, personne).aggregate(n=indicateur.denominateur.nombre)["n"]


def parts(code, annee, personne=None):
    """Rend {libellé: nombre} d’une répartition."""
    indicateur = declare(code)
    groupes = _groupes(indicateur.faits, annee, personne)
    libelles = indicateur.libelles(list(groupes)) if indicateur.libelles else {}
    return {libelles.get(cle, cle): nombre for cle, nombre in groupes.items()}


def delai(code, annee, personne=None):
    """Rend (médiane en jours, nombre de cas) d’un délai."""
    assert declare(code).unite == Unite.JOURS
    jours = {int(cle): nombre for cle, nombre in _groupes(declare(code).faits, annee, personne).items()}
    return mediane(jours), sum(jours.values())


def _lignes(faits, annee, personne):
    return faits.lignes(personne).filter(faits.pendant(Periode(annee))).order_by()


def _groupes(faits, annee, personne):
    par = faits.par if hasattr(faits.par, "resolve_expression") else Coalesce(Cast(faits.par, CharField()), Value(""))
    lignes = _lignes(faits, annee, personne).annotate(cle_=Cast(par, CharField())).values_list("cle_")
    return dict(lignes.annotate(n=faits.nombre))
