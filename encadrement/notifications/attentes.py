"""Les dossiers qui attendent quelqu’un : relancer après 3 et 7 jours ouvrables, son supérieur à 15 (produit, section 6)."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from django.db import models
from django.utils import timezone

from encadrement.notifications.rappels import attente, plus_court_delai_d_attente
from encadrement.socle.temps import jour_local

# Le supérieur est avisé à quinze jours ouvrables, un mois au plus à travers les Fêtes.
OUBLI = datetime.timedelta(days=90)


@dataclass(frozen=True)
class AttenteDEtat:
    """Dans cet état, un dossier attend `geste` de `qui(dossier)` ; `superieurs(dossier)` sont avisés en dernier."""

    modele: type[models.Model]
    etat: str
    geste: str
    qui: Callable
    superieurs: Callable | None = None


def par_acte(droits, acte):
    """Rend la fonction qui nomme ceux qui peuvent poser cet acte sur un dossier."""
    return lambda objet: droits.personnes(acte, objet)


def au_dessus_de(chemin):
    """Rend la fonction qui nomme le supérieur du titulaire trouvé au bout de `chemin` (« communaute.parrain »).

    Le supérieur de qui répond du dossier, et non celui de son délégué.
    """
    titulaire = attrgetter(chemin)

    def superieurs(objet):
        responsable = titulaire(objet)
        return [responsable.superieur] if responsable is not None else []

    return superieurs


def attentes_d_etat(lignes, jour):
    """Rend les échéances des dossiers dont l’état, resté le même, peut faire relancer quelqu’un le jour `jour`."""
    par_modele = {}
    for ligne in lignes:
        par_modele.setdefault(ligne.modele, {})[ligne.etat] = ligne
    for modele, par_etat in par_modele.items():
        dossiers = modele._default_manager.filter(etat__in=sorted(par_etat), depuis__range=bornes(jour))
        for objet in dossiers.order_by().only("uuid", "etat", "depuis").iterator(chunk_size=500):
            yield _echeance(objet, par_etat[objet.etat])


def _echeance(objet, ligne):
    echeance = attente(
        objet, geste=ligne.geste, dossier=str, depuis=objet.depuis, qui=ligne.qui, superieurs=ligne.superieurs
    )
    echeance.contexte["etat_attendu"] = objet.etat
    return echeance


def est_dans_le_meme_etat(echeance):
    """Dit, une fois le dossier relu sous verrou, s’il attend encore depuis le même jour dans le même état."""
    objet = echeance.objet
    return objet.etat == echeance.contexte["etat_attendu"] and jour_local(objet.depuis) == echeance.jour_du


def bornes(jour):
    """Rend les instants entre lesquels une attente a commencé pour qu’on la relance le jour `jour`."""
    # Trois jours ouvrables font au moins trois jours civils.
    premier, dernier = jour - OUBLI, jour - datetime.timedelta(days=plus_court_delai_d_attente() - 1)
    return tuple(timezone.make_aware(datetime.datetime.combine(le, datetime.time.min)) for le in (premier, dernier))
