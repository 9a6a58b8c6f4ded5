"""Qui reçoit quoi à l’annuaire, sur la fiche d’une communauté et dans l’assistant de démarrage."""

from cdp.actions import communautes
from tests.cdp import scenes
from tests.page_attendue import TOUS, Page

DSM = {"appr", "appr_liaison", "dsm"}
MEMBRES = {"animatrice", "secretaire", "membre"}
# Qui voit une communauté qui se prépare, puis une fois proposée.
NOYAU = {*MEMBRES, *DSM}
SAISIS = {*NOYAU, "parrain"}
# Ni membre du CM, ni gestionnaire d’une équipe, ni de la DSM.
SANS_TITRE = {"drhcaj", "delegue", "ancien_gestionnaire"}


def _suspendue(d):
    communaute = scenes.communaute_active(d)
    communautes.suspendre_communaute(communaute, par=d.parrain, motif="Réorganisation des équipes.")
    return communaute


def _refus(permis, lecteurs):
    return dict.fromkeys(set(lecteurs) - set(permis), 403)


def _noyau(nom, permis, *, scene=scenes.communaute_prete, lecteurs=NOYAU, **options):
    """Une page que seuls les lecteurs d’une communauté non agréée savent exister."""
    return Page(f"cdp:{nom}", permis=set(permis), sauf=_refus(permis, lecteurs), scene=scene, **options)


def _active(nom, permis, *, scene=scenes.communaute_active, **options):
    """Une page d’une communauté à l’annuaire : visible de tous, permise à quelques-uns."""
    return Page(f"cdp:{nom}", permis=set(permis), autres=403, scene=scene, **options)


def _etape(rang):
    return lambda communaute: {"uuid": communaute.uuid, "etape": rang}


PREPARENT = {"animatrice", "secretaire", "appr", "appr_liaison"}

ACCES = [
    Page("cdp:accueil", scene=scenes.communaute_active, kwargs=lambda _: {}),
    Page("cdp:mes_gens", scene=scenes.communaute_active, kwargs=lambda _: {}),
    Page("cdp:communaute_ouvrir", permis=TOUS - SANS_TITRE, autres=403),
    Page("cdp:communaute", permis={"animatrice", *DSM}, scene=scenes.communaute_ouverte, cas="en préparation"),
    Page("cdp:communaute", permis=SAISIS, scene=scenes.communaute_proposee, cas="proposée"),
    Page("cdp:communaute", scene=scenes.communaute_active, cas="active"),
    _active("communaute_modifier", {"animatrice", "secretaire"}),
    _active("communaute_brouillon", {"animatrice", "secretaire"}, methode="post", donnees={"nom": "CdP renommée"}),
    _noyau("communaute_proposer", {"animatrice"}),
    _noyau("communaute_agreer", {"parrain"}, scene=scenes.communaute_proposee, lecteurs=SAISIS),
    _noyau("communaute_retourner", {"parrain"}, scene=scenes.communaute_proposee, lecteurs=SAISIS),
    _active("communaute_suspendre", {"parrain"}),
    _active("communaute_reprendre", {"parrain"}, scene=_suspendue),
    _active("communaute_dissoudre", {"parrain"}),
    _noyau("communaute_changer_parrain", {"animatrice", "secretaire", *DSM}, cas="en préparation"),
    _active("communaute_changer_parrain", {"parrain", *DSM}, cas="active"),
    _active("communaute_partager", {"animatrice"}),
    _active("communaute_sonder", {"animatrice"}),
    Page("cdp:communaute_napperon", scene=scenes.communaute_active),
    Page("cdp:communaute_napperon", methode="post", code=302, scene=scenes.communaute_active),
    _noyau("demarrage", PREPARENT, kwargs=_etape(1)),
    _noyau("demarrage", set(), kwargs=_etape(9), cas="étape inconnue", lecteurs={"dsm", "membre"}),
    _noyau(
        "demarrage_brouillon", PREPARENT, kwargs=_etape(1), methode="post", donnees={"mandat": "Harmoniser nos outils."}
    ),
]
