"""Qui reçoit quoi sur les pages des gens d’une communauté : demander, inviter, répondre, nommer, quitter."""

from tests.cdp import scenes
from tests.page_attendue import TOUS, Page

RESPONSABLES = {"animatrice", "secretaire"}
MEMBRES = {*RESPONSABLES, "membre"}
HORS_CM = {
    "gestionnaire",
    "gestionnaire_mentor",
    "directrice",
    "dsm",
    "drhcaj",
    "autre_gestionnaire",
    "delegue",
    "ancien_gestionnaire",
    "parrain",
}


def _presente(d):
    scenes.rencontre_publiee(d)
    return scenes.adhesion_de(d, "secretaire")


def _animatrice(d):
    return scenes.adhesion_de(d, "animatrice")


def _adhesion(code, permis, scene, lecteurs):
    permis, lecteurs = set(permis), set(lecteurs)
    return Page(f"cdp:adhesion_{code}", permis=permis, sauf=dict.fromkeys(lecteurs - permis, 403), scene=scene)


# Celle de l’exécutif du CM, demandée ou invitée ; celle d’un membre.
D_UNE_DEMANDE = {*RESPONSABLES, "executif_cm"}
D_UN_MEMBRE = {*MEMBRES, "parrain"}

ACCES = [
    Page("cdp:communaute_membres", scene=scenes.communaute_active),
    Page(
        "cdp:communaute_demander_adhesion", permis=TOUS - HORS_CM - MEMBRES, autres=403, scene=scenes.communaute_active
    ),
    Page("cdp:communaute_inviter", permis=RESPONSABLES, autres=403, scene=scenes.communaute_active),
    Page("cdp:adhesion_nommer", permis={"animatrice", "parrain"}, autres=403, scene=scenes.adhesion_de),
    Page("cdp:adhesion", permis=D_UNE_DEMANDE, scene=scenes.adhesion_demandee, cas="demandée"),
    Page("cdp:adhesion", permis=D_UN_MEMBRE, scene=scenes.adhesion_de, cas="membre"),
    _adhesion("accepter", {"animatrice"}, scenes.adhesion_demandee, D_UNE_DEMANDE),
    _adhesion("refuser", {"animatrice"}, scenes.adhesion_demandee, D_UNE_DEMANDE),
    _adhesion("retirer", {"executif_cm"}, scenes.adhesion_demandee, D_UNE_DEMANDE),
    _adhesion("accepter_invitation", {"executif_cm"}, scenes.adhesion_invitee, D_UNE_DEMANDE),
    _adhesion("decliner", {"executif_cm"}, scenes.adhesion_invitee, D_UNE_DEMANDE),
    _adhesion("annuler", {"animatrice"}, scenes.adhesion_invitee, D_UNE_DEMANDE),
    _adhesion("quitter", {"membre"}, scenes.adhesion_de, D_UN_MEMBRE),
    _adhesion("remplacer", {"animatrice"}, scenes.adhesion_de, D_UN_MEMBRE),
    _adhesion("reconduire", {"animatrice", "parrain"}, _animatrice, {*RESPONSABLES, "parrain"}),
    Page("cdp:adhesion_attester", permis=RESPONSABLES, methode="post", code=302, scene=_presente),
]
