"""Qui reçoit quoi sur les rencontres et l’ordre du jour."""

from django.core.files.uploadedfile import SimpleUploadedFile

from cdp.actions import ordre_du_jour, rencontres
from encadrement.rencontres.models import Sorte
from tests.cdp import scenes
from tests.page_attendue import TOUS, Page

RESPONSABLES = {"animatrice", "secretaire"}
MEMBRES = RESPONSABLES | {"membre"}
# Ceux qui exercent la vigie : la date, le mode, les sujets et les présences.
VIGIE = {"parrain", "dsm", "appr", "appr_liaison"}
VOIENT = MEMBRES | VIGIE
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def joindre(distribution, rencontre=None):
    """Une pièce jointe au premier point d’une rencontre."""
    point = un_point(distribution, rencontre)
    return ordre_du_jour.joindre(point, SimpleUploadedFile("grille.pdf", PDF), par=distribution.animatrice)


def un_point(distribution, rencontre=None):
    rencontre = rencontre or scenes.rencontre_planifiee(distribution)
    return rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang").first()


def _avec_un_invite(distribution):
    rencontre = scenes.rencontre_convoquee(distribution)
    rencontres.inviter_a_la_rencontre(rencontre, par=distribution.animatrice, personne=distribution.collegue)
    return rencontre


def _a_rediffuser(distribution):
    rencontre = scenes.rencontre_convoquee(distribution)
    ordre_du_jour.ajouter_point(rencontre, par=distribution.membre, sujet="Un mot de plus")
    return rencontre


def _rencontre(nom, permis, scene=scenes.rencontre_convoquee, **options):
    """Une page de la rencontre : qui la voit sans y avoir droit reçoit 403, les autres 404."""
    sauf = dict.fromkeys(VOIENT - set(permis), 403)
    return Page(f"cdp:{nom}", permis=permis, scene=scene, sauf=sauf, **options)


def _communaute(nom, permis, **options):
    """Une page de la communauté active, dont la fiche est ouverte à tous : 403 pour qui n’a pas l’acte."""
    return Page(f"cdp:{nom}", permis=permis, autres=403, scene=scenes.communaute_active, **options)


def _poste(nom):
    return Page(f"cdp:{nom}", scene=scenes.rencontre_convoquee, code=405, autres=405)


ACCES = [
    _communaute("communaute_rencontres", VOIENT),
    _communaute("rencontre_planifier", RESPONSABLES),
    _rencontre("rencontre", VOIENT),
    Page("cdp:rencontre", permis=VOIENT | {"collegue"}, scene=_avec_un_invite, cas="invitée"),
    _rencontre("rencontre_convoquer", RESPONSABLES, scenes.rencontre_planifiee),
    _rencontre("rencontre_deplacer", RESPONSABLES),
    _rencontre("rencontre_annuler", RESPONSABLES),
    _rencontre("rencontre_tenir", RESPONSABLES),
    _rencontre("rencontre_inviter", RESPONSABLES),
    _rencontre("rencontre_repondre", MEMBRES, methode="post", code=302, donnees={"presence": "present"}),
    _rencontre(
        "rencontre_repondre",
        MEMBRES | {"collegue"},
        _avec_un_invite,
        methode="post",
        code=302,
        donnees={"presence": "absent"},
        cas="invité",
    ),
    _poste("rencontre_repondre"),
    _rencontre("rencontre_rediffuser", RESPONSABLES, _a_rediffuser, methode="post", code=302),
    _poste("rencontre_rediffuser"),
    _rencontre("rencontre_modifier", RESPONSABLES, scenes.rencontre_planifiee),
    _rencontre("rencontre_proposer_point", MEMBRES, scenes.rencontre_planifiee),
    _rencontre("point_modifier", RESPONSABLES, un_point),
    _rencontre("point_retirer", RESPONSABLES, un_point),
    _rencontre("point_retirer", RESPONSABLES, un_point, methode="post", code=302),
    _rencontre("point_joindre", MEMBRES, un_point),
    _rencontre("piece", MEMBRES, joindre),
    _rencontre("piece_retirer", RESPONSABLES, joindre, methode="post", code=302),
    Page("cdp:piece_retirer", permis=TOUS, scene=joindre, code=405, autres=405),
]
