"""Qui reçoit quoi du plan de concertation, du suivi des orientations, des impasses récurrentes et des chiffres."""

import uuid

from tests.concertation import scenes
from tests.concertation.gestes_plan import ajout, dans, sans_lien
from tests.page_attendue import Page

# La situation en suivi : l’intervenant, son gestionnaire (et sa déléguée), les conviés, le coordonnateur.
LISENT = {"mentore", "gestionnaire", "delegue", "autre_gestionnaire", "collegue", "animatrice", "coordonnatrice"}
COORD = {"coordonnatrice"}
SANS_DROIT = dict.fromkeys(LISENT - COORD, 403)
REPOND = {"autre_gestionnaire", "coordonnatrice"}
SANS_REPONDRE = dict.fromkeys(LISENT - REPOND, 403)
ENSEMBLES = {"dsm", "appr", "appr_liaison", "coordonnatrice", "executif_cm"}
# Les représentants nommés suivent les impasses avec la DSM ; qui porte la solution y est de toute façon.
SUIVENT_UNE_IMPASSE = {"dsm", "appr", "appr_liaison", "coordonnatrice", "autre_gestionnaire", "delegue", "collegue"}


def _declaree(scene):
    """Joue la scène, et chacun y déclare n’avoir aucun lien : il ne reste que le droit."""

    def jouer(distribution):
        objet = scene(distribution)
        sans_lien(getattr(objet, "situation", objet), *(distribution[nom] for nom in sorted(LISENT)))
        return objet

    return jouer


def _du_plan(nom, scene, **options):
    options = {"permis": COORD, "sauf": SANS_DROIT, **options}
    return Page(f"concertation:{nom}", scene=_declaree(scene), **options)


def _d_orientation(nom, scene=scenes.orientation, **options):
    options = {"permis": REPOND, "sauf": SANS_REPONDRE, **options}
    return Page(f"concertation:{nom}", scene=_declaree(scene), **options)


def _d_impasse(nom, scene, permis, **options):
    refuses = dict.fromkeys(SUIVENT_UNE_IMPASSE - permis, 403)
    return Page(f"concertation:{nom}", permis=permis, sauf=refuses, scene=scene, **options)


def _inconnue(nom):
    return Page(f"concertation:{nom}", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue")


def _suivie(distribution):
    scenes.representants(distribution)
    return scenes.impasse_ouverte(distribution)


def _close(distribution):
    impasse = _suivie(distribution)
    scenes.impasses.resoudre_impasse(impasse, par=distribution.coordonnatrice)
    return impasse


def _a_fermer(distribution):
    situation = scenes.situation_en_suivi(distribution)
    for orientation in situation.orientations.all():
        scenes.plans.appliquer_orientation(orientation, par=orientation.responsable)
    return situation


def _a_presenter(distribution):
    """La rencontre est tenue ; il reste à noter la situation comme présentée."""
    situation = scenes.situation_convoquee(distribution)
    rencontre = situation.inscription.rencontre
    debut, fin = (instant - scenes.datetime.timedelta(days=22) for instant in (rencontre.debut, rencontre.fin))
    scenes.comite.deplacer_rencontre(rencontre, par=distribution.coordonnatrice, debut=debut, fin=fin)
    scenes.comite.tenir_rencontre(rencontre, par=distribution.coordonnatrice)
    return situation


def _une_orientation(situation):
    return ajout(situation.demandeur.direction, situation.demandeur)


REPORT = {"echeance": dans(40), "raison_du_report": "Congés."}
POST = {"methode": "post", "code": 302}

ACCES = [
    # — le plan
    _du_plan("situation_plan", scenes.situation_en_suivi, permis=LISENT, sauf={}),
    _du_plan("situation_plan", scenes.situation_en_suivi, donnees={"plan": "Un adulte."}, **POST),
    _du_plan("situation_plan", scenes.situation_fermee, permis=LISENT, sauf={}, cas="fermée"),
    Page(
        "concertation:situation_plan",
        permis={"mentore", "gestionnaire", "delegue", "coordonnatrice"},
        scene=scenes.situation_transmise,
        cas="pas encore de plan",
    ),
    Page("concertation:situation_plan", permis={"mentore"}, scene=scenes.situation_en_redaction, cas="brouillon"),
    Page("concertation:situation_plan", code=404, scene=scenes.situation_detruite, cas="détruite"),
    _inconnue("situation_plan"),
    _du_plan("situation_plan_pdf", scenes.situation_en_suivi, permis=LISENT, sauf={}),
    _inconnue("situation_plan_pdf"),
    _du_plan(
        "situation_plan_brouillon",
        scenes.situation_en_suivi,
        methode="post",
        donnees={"plan": "Un adulte."},
    ),
    Page("concertation:situation_plan_brouillon", code=405, autres=405, scene=scenes.situation_en_suivi),
    _du_plan("orientation_ajouter", scenes.situation_en_suivi, donnees=_une_orientation, **POST),
    Page("concertation:orientation_ajouter", code=405, autres=405, scene=scenes.situation_en_suivi),
    _du_plan("situation_presenter", _a_presenter),
    _du_plan("situation_presenter", _a_presenter, **POST),
    _inconnue("situation_presenter"),
    _du_plan("situation_etablir_plan", scenes.orientations_ecrites),
    _du_plan("situation_etablir_plan", scenes.orientations_ecrites, **POST),
    _inconnue("situation_etablir_plan"),
    _du_plan("situation_representer", scenes.situation_en_suivi),
    _du_plan("situation_representer", scenes.situation_en_suivi, donnees={"motif": "Deux ruptures."}, **POST),
    _inconnue("situation_representer"),
    _du_plan("situation_fermer", _a_fermer),
    _du_plan("situation_fermer", _a_fermer, **POST),
    _inconnue("situation_fermer"),
    # — le suivi des orientations
    Page("concertation:orientations"),
    _d_orientation("orientation", permis=LISENT, sauf={}),
    _d_orientation(
        "orientation", scenes.orientation_non_appliquee, permis=LISENT | {"directrice"}, sauf={}, cas="de la SAPA"
    ),
    _inconnue("orientation"),
    _d_orientation("orientation_modifier", permis=COORD, sauf=SANS_DROIT),
    _d_orientation(
        "orientation_modifier",
        permis=COORD,
        sauf=SANS_DROIT,
        donnees=lambda o: {"texte": "Autre.", "direction": o.direction_id, "echeance": dans(9)},
        **POST,
    ),
    _inconnue("orientation_modifier"),
    _d_orientation("orientation_commencer"),
    _d_orientation("orientation_commencer", **POST),
    _inconnue("orientation_commencer"),
    _d_orientation("orientation_appliquer"),
    _d_orientation("orientation_appliquer", **POST),
    _inconnue("orientation_appliquer"),
    _d_orientation("orientation_ne_pas_appliquer"),
    _d_orientation("orientation_ne_pas_appliquer", donnees={"raison_du_refus": "Aucune place."}, **POST),
    _inconnue("orientation_ne_pas_appliquer"),
    _d_orientation("orientation_reporter"),
    _d_orientation("orientation_reporter", donnees=REPORT, **POST),
    _inconnue("orientation_reporter"),
    _d_orientation("orientation_reprendre", scenes.orientation_appliquee, permis=COORD, sauf=SANS_DROIT),
    _d_orientation(
        "orientation_reprendre",
        scenes.orientation_appliquee,
        permis=COORD,
        sauf=SANS_DROIT,
        donnees={"motif": "Trop tôt."},
        **POST,
    ),
    _inconnue("orientation_reprendre"),
    # — les impasses récurrentes
    Page("concertation:impasses"),
    Page("concertation:impasse_ouvrir", permis={"coordonnatrice", "dsm"}, autres=403),
    Page("concertation:impasse_ouvrir", permis={"coordonnatrice", "dsm"}, autres=403, methode="post"),
    _d_impasse("impasse", _suivie, SUIVENT_UNE_IMPASSE),
    _inconnue("impasse"),
    _d_impasse("impasse_modifier", _suivie, REPOND),
    _d_impasse("impasse_modifier", _suivie, REPOND, methode="post"),
    _inconnue("impasse_modifier"),
    _d_impasse("impasse_entamer", _suivie, REPOND),
    _d_impasse("impasse_entamer", _suivie, REPOND, **POST),
    _inconnue("impasse_entamer"),
    _d_impasse("impasse_resoudre", _suivie, REPOND),
    _d_impasse("impasse_resoudre", _suivie, REPOND, **POST),
    _inconnue("impasse_resoudre"),
    _d_impasse("impasse_abandonner", _suivie, COORD),
    _d_impasse("impasse_abandonner", _suivie, COORD, donnees={"motif": "Réglée ailleurs."}, **POST),
    _inconnue("impasse_abandonner"),
    _d_impasse("impasse_rouvrir", _close, COORD),
    _d_impasse("impasse_rouvrir", _close, COORD, **POST),
    _inconnue("impasse_rouvrir"),
    _du_plan("situation_classer", scenes.situation_en_suivi),
    _du_plan("situation_classer", scenes.situation_en_suivi, **POST),
    _inconnue("situation_classer"),
    Page("concertation:themes", permis={"coordonnatrice", "dsm"}, autres=403),
    Page(
        "concertation:themes",
        permis={"coordonnatrice", "dsm"},
        autres=403,
        donnees={"libelle": "Hébergement"},
        **POST,
    ),
    # — les chiffres, au tableau de bord
    Page("concertation:chiffres", code=302, autres=302),
]
