"""Régler un paramètre, le remettre à sa valeur d’origine : une version de plus, jamais une correction."""

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.parametres.droits import DROITS_PARAMETRE
from encadrement.parametres.lecture import oublier
from encadrement.parametres.models import VersionParametre
from encadrement.parametres.registre import parametre
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier

RETOUR = "Retour à la valeur d’origine"
_ENTRE_TEMPS = (
    "Quelqu’un a réglé ce paramètre pendant que vous l’écriviez\xa0: relisez la valeur en vigueur, puis recommencez."
)


@transaction.atomic
def regler(code, *, par, valeur, motif, vue):
    """Donne une valeur au paramètre et rend sa version ; `vue` est le rang de la version que la personne avait sous les yeux.

    Lève ErreurMetier si la valeur n’est pas permise, si elle est déjà en vigueur ou si quelqu’un l’a changée entre-temps.
    """
    declare = parametre(code)
    role = DROITS_PARAMETRE.exiger(par, declare.acte, None)
    if not motif.strip():
        raise ErreurMetier("Dites pourquoi vous changez ce paramètre\xa0: tous les gestionnaires liront ce motif.")
    declare.nature.verifier(valeur)
    return _ecrire(declare, role, par=par, valeur=valeur, motif=motif, vue=vue)


@transaction.atomic
def remettre_a_l_origine(code, *, par, vue):
    """Rend au paramètre sa valeur d’origine et rend la version écrite."""
    declare = parametre(code)
    role = DROITS_PARAMETRE.exiger(par, declare.acte, None)
    return _ecrire(declare, role, par=par, valeur=None, motif=RETOUR, vue=vue)


def _ecrire(declare, role, *, par, valeur, motif, vue):
    derniere = VersionParametre.objects.filter(code=declare.code).order_by("-rang").first()
    rang, avant = (derniere.rang, derniere.valeur) if derniere else (0, None)
    ecrite = None if valeur is None else declare.nature.garder(valeur, par=par)
    if ecrite == avant or (avant is None and ecrite == _origine_gardee(declare)):
        # Deux clics du même geste n’en font qu’un.
        if derniere is not None and derniere.par_id == par.pk and derniere.rang == vue + 1:
            return derniere
        raise ErreurMetier("C’est déjà la valeur en vigueur\xa0: il n’y a rien à enregistrer.")
    if rang != vue:
        raise ErreurMetier(_ENTRE_TEMPS)
    with unicite(_ENTRE_TEMPS):
        version = VersionParametre.objects.create(
            code=declare.code, rang=rang + 1, avant=avant, valeur=ecrite, motif=motif, par=par, titre=role.libelle
        )
    consigner(
        "parametres.regler",
        par=par,
        titre=role.libelle,
        chaine="parametres",
        details={"parametre": declare.code, "version": version.rang, "origine": ecrite is None},
    )
    oublier()
    return version


def _origine_gardee(declare):
    """Rend la valeur d’origine telle qu’elle irait dans la base."""
    return declare.nature.garder(declare.origine, par=None)
