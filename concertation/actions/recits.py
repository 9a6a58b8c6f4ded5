"""Lire et écrire ce qui parle de la personne : le journal d’abord, le coffre ensuite (O-02, N-03, N-04).

Rien d’autre que ces fonctions n’ouvre le récit. Qui lit, à quel titre, quels champs et pourquoi est écrit au journal avant
d’être montré ; une lecture que le journal n’a pas gardée n’a pas lieu.
"""

from dataclasses import dataclass

from django.db import transaction

from concertation.droits import DEMANDEUR, DIRECTEUR, DROITS_ORIENTATION, DROITS_SITUATION, RESPONSABLE
from concertation.models import DeclarationInteret, Orientation, Recit
from encadrement.journal.actions import consigner
from encadrement.socle import coffre
from encadrement.socle.erreurs import ErreurMetier

LECTURE = "concertation.lecture"


class DeclarationRequise(ErreurMetier):
    """Avant d’ouvrir une situation, chacun déclare s’il a un lien avec la personne (N-03)."""

    def __init__(self, situation):
        super().__init__("Avant de lire, dites si vous avez un lien avec la personne dont il est question.")
        self.situation = situation


def doit_declarer(personne, situation):
    """Dit si cette personne doit encore déclarer qu’elle n’a pas de lien ; l’intervenant responsable connaît la personne."""
    if DEMANDEUR.tenu_par(personne, situation):
        return False
    return not DeclarationInteret.objects.filter(situation=situation, personne=personne, en_conflit=False).exists()


@transaction.atomic
def lire_recit(situation, *, par, champs=None, acte="lire_recit", pourquoi="consultation du dossier"):
    """Rend le récit en clair, {champ: texte}, une fois la lecture consignée ; `champs` le restreint.

    Lève AccesRefuse, DeclarationRequise, ou CoffreFerme si la clé du dossier est détruite.
    """
    role = DROITS_SITUATION.exiger(par, acte, situation)
    if doit_declarer(par, situation):
        raise DeclarationRequise(situation)
    voulus = tuple(champs or Recit.CHAMPS)
    consigner_la_lecture(situation, par, role, voulus, pourquoi)
    return contenu(situation, voulus)


@transaction.atomic
def lire_orientation(orientation, *, par, pourquoi="suivi de l’orientation"):
    """Rend {"texte": …, "raison": …} d’une orientation, une fois la lecture consignée à la chaîne de la situation.

    Qui en répond, ou dirige la direction visée, n’ouvre pas la situation et n’a rien à en déclarer (X-3) ; les autres, oui.
    """
    role = DROITS_ORIENTATION.exiger(par, "voir", orientation)
    if role not in (RESPONSABLE, DIRECTEUR) and doit_declarer(par, orientation.situation):
        raise DeclarationRequise(orientation.situation)
    champs = (f"orientation {orientation.rang}",)
    consigner_la_lecture(orientation.situation, par, role, champs, pourquoi)
    return coffre.dechiffrer(orientation.situation.uuid, orientation.chiffre)


# Ce que le plan reprend du récit ; ce que chacun a dit pendant la rencontre n’en est pas.
CHAMPS_DU_PLAN = ("precision_impasse", "plan")


@dataclass(frozen=True)
class OrientationLue:
    """Une orientation et son contenu en clair."""

    orientation: Orientation
    texte: str
    raison: str


@dataclass(frozen=True)
class PlanLu:
    """Le plan de concertation en clair : ce qu’il reprend du récit, puis ses orientations, dans leur ordre."""

    textes: dict
    orientations: tuple


@transaction.atomic
def lire_plan(situation, *, par, champs=CHAMPS_DU_PLAN, pourquoi="plan de concertation"):
    """Rend le PlanLu d’une situation ; une seule lecture est consignée, qui nomme chaque champ et chaque orientation.

    Lève AccesRefuse, DeclarationRequise, ou CoffreFerme si la clé du dossier est détruite.
    """
    role = DROITS_SITUATION.exiger(par, "lire_plan", situation)
    if doit_declarer(par, situation):
        raise DeclarationRequise(situation)
    orientations = situation.orientations.select_related("direction", "responsable", "rencontre").order_by("rang")
    lues = [(orientation, f"orientation {orientation.rang}") for orientation in orientations]
    consigner_la_lecture(situation, par, role, (*champs, *(nom for _, nom in lues)), pourquoi)
    return PlanLu(
        contenu(situation, champs),
        tuple(
            OrientationLue(orientation, **coffre.dechiffrer(situation.uuid, orientation.chiffre))
            for orientation, _ in lues
        ),
    )


def consigner_la_lecture(situation, par, role, champs, pourquoi):
    """Écrit au journal qui lit, à quel titre, quels champs et pourquoi : toujours avant de montrer (O-02)."""
    consigner(
        LECTURE,
        situation,
        par=par,
        titre=role.libelle,
        details={"champs": list(champs), "pourquoi": pourquoi, "role": role.code},
    )


def contenu(situation, champs=Recit.CHAMPS):
    """Rend le récit en clair sans rien consigner : réservé aux actes qui l’écrivent, jamais à une page."""
    recit = Recit.objects.filter(situation=situation).first()
    tout = coffre.dechiffrer(situation.uuid, recit.chiffre) if recit else {}
    return {champ: tout.get(champ, "") for champ in champs}


def garder(situation, **champs):
    """Remplace dans le récit les champs donnés ; le reste y demeure."""
    inconnus = set(champs) - set(Recit.CHAMPS)
    if inconnus:
        raise ValueError(f"champs inconnus du récit : {sorted(inconnus)}")
    tout = {**contenu(situation), **champs}
    Recit.objects.update_or_create(
        situation=situation,
        defaults={
            "chiffre": coffre.chiffrer(situation.uuid, tout),
            "complet": all(tout[champ].strip() for champ in Recit.REQUIS),
        },
    )
