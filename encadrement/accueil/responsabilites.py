"""« Qui doit faire quoi » : les responsabilités que le cadre confie à chacun, et les gestes qui les remplissent."""

from dataclasses import dataclass

from encadrement.accueil.mesures import mesures
from encadrement.cadre.roles import Acteur, enonces_de_role
from encadrement.personnes.models import RoleAttribue
from encadrement.personnes.organisation import SorteDirection

_DU_ROLE = {
    RoleAttribue.DSM: Acteur.DSM,
    RoleAttribue.APPR: Acteur.APPR,
    RoleAttribue.LIAISON_RUISSS: Acteur.APPR,
    RoleAttribue.COORDONNATEUR: Acteur.APPR,
    RoleAttribue.EXECUTIF_CM: Acteur.CM,
}


@dataclass(frozen=True)
class Responsabilite:
    """Un énoncé et les gestes qui le remplissent pour cette personne."""

    enonce: object
    liens: tuple


@dataclass(frozen=True)
class Groupe:
    """Un acteur et ses responsabilités ; `me_concerne` s’il s’agit de la personne."""

    acteur: Acteur
    me_concerne: bool
    responsabilites: tuple


def groupes_pour(personne):
    """Rend les groupes de responsabilités, ceux qui concernent la personne d’abord, puis dans l’ordre du cadre."""
    liens = {}
    for mesure in mesures():
        for lien in mesure.liens_de_role(personne):
            liens.setdefault(lien.numero, []).append(lien)
    miens, par_acteur = _acteurs_de(personne), {}
    for enonce in enonces_de_role():
        # Le geste d’un autre ne se propose pas : il mènerait à un refus.
        gestes = liens.get(enonce.numero, ()) if enonce.acteur in miens else ()
        par_acteur.setdefault(enonce.acteur, []).append(Responsabilite(enonce, tuple(gestes)))
    groupes = [Groupe(a, a in miens, tuple(par_acteur[a])) for a in Acteur if a in par_acteur]
    return sorted(groupes, key=lambda groupe: not groupe.me_concerne)


def _acteurs_de(personne):
    acteurs = {_DU_ROLE[role] for role in personne.roles_attribues if role in _DU_ROLE}
    sortes = set(personne.directions_dirigees.values_list("sorte", flat=True))
    if SorteDirection.CLINIQUE in sortes:
        acteurs.add(Acteur.DIRECTION_CLINIQUE)
    if SorteDirection.SOUTIEN in sortes:
        acteurs.add(Acteur.DIRECTION_SOUTIEN)
    if personne.supervisees.filter(is_active=True).exists():
        acteurs.add(Acteur.GESTIONNAIRE)
    if personne.membre_cm:
        acteurs.add(Acteur.BENEFICIAIRE)
    acteurs.update(Acteur(code) for mesure in mesures() for code in mesure.acteurs(personne))
    if acteurs & {Acteur.MENTOR, Acteur.EXPERT}:
        acteurs.add(Acteur.OFFRANT)
    return acteurs
