"""Qui reçoit quoi sur le compte rendu et les suivis."""

from cdp.actions import communautes
from tests.cdp import scenes
from tests.page_attendue import Page

RESPONSABLES = {"animatrice", "secretaire"}
MEMBRES = RESPONSABLES | {"membre"}
DSM = {"dsm", "appr", "appr_liaison"}
# Ceux qui voient la rencontre sans pouvoir poser l’acte : 403, avec la phrase ; tout autre : 404.
VOIENT = MEMBRES | DSM | {"parrain"}


def _ouverte(distribution, *, au_parrain, a_la_dsm):
    rencontre = scenes.rencontre_publiee(distribution)
    communautes.partager(rencontre.communaute, par=distribution.animatrice, au_parrain=au_parrain, a_la_dsm=a_la_dsm)
    return rencontre


def _au_parrain(distribution):
    return _ouverte(distribution, au_parrain=True, a_la_dsm=False)


def _a_la_dsm(distribution):
    return _ouverte(distribution, au_parrain=False, a_la_dsm=True)


def _a_adopter(distribution):
    premiere = scenes.rencontre_publiee(distribution, il_y_a=30)
    scenes.rencontre_tenue(distribution, il_y_a=1)
    return premiere


def _rencontre(nom, permis, scene, **options):
    sauf = dict.fromkeys(VOIENT - set(permis), 403)
    return Page(f"cdp:{nom}", permis=permis, scene=scene, sauf=sauf, **options)


def _suivi(nom, permis, **options):
    sauf = dict.fromkeys(MEMBRES - set(permis), 403)
    return Page(f"cdp:{nom}", permis=permis, scene=scenes.suivi_ouvert, sauf=sauf, **options)


ACCES = [
    _rencontre("rencontre_compte_rendu", MEMBRES, scenes.rencontre_publiee),
    _rencontre("rencontre_compte_rendu", MEMBRES | {"parrain"}, _au_parrain, cas="ouvert au parrain"),
    _rencontre("rencontre_compte_rendu", MEMBRES | DSM, _a_la_dsm, cas="ouvert à la DSM"),
    _rencontre("rencontre_compte_rendu", RESPONSABLES, scenes.rencontre_redigee, cas="pas encore publié"),
    _rencontre("rencontre_ecrire", RESPONSABLES, scenes.rencontre_redigee),
    _rencontre("rencontre_ecrire", RESPONSABLES, scenes.rencontre_redigee, methode="post", code=302),
    _rencontre("rencontre_brouillon", RESPONSABLES, scenes.rencontre_redigee, methode="post"),
    Page("cdp:rencontre_brouillon", scene=scenes.rencontre_redigee, code=405, autres=405),
    _rencontre("rencontre_presences", RESPONSABLES, scenes.rencontre_tenue),
    _rencontre("rencontre_presences", RESPONSABLES, scenes.rencontre_tenue, methode="post"),
    _rencontre("rencontre_publier", RESPONSABLES, scenes.rencontre_redigee),
    _rencontre("rencontre_publier", RESPONSABLES, scenes.rencontre_redigee, methode="post", code=302),
    _rencontre("rencontre_rouvrir", RESPONSABLES, scenes.rencontre_publiee),
    _rencontre("rencontre_adopter", RESPONSABLES, _a_adopter),
    Page("cdp:communaute_suivis", permis=MEMBRES, autres=403, scene=scenes.communaute_active),
    _suivi("suivi_clore", RESPONSABLES),
    _suivi("suivi_clore", RESPONSABLES, methode="post", code=302),
    _suivi("suivi_modifier", RESPONSABLES),
]
