"""Qui reçoit quoi sur ce qui protège une situation : déclarer, exclure, voir qui a lu, ouvrir en urgence, détruire."""

import uuid

from tests.concertation import scenes
from tests.page_attendue import Page

VOIENT = {"mentore", "gestionnaire", "delegue", "coordonnatrice"}
EXCLUENT = {"mentore", "coordonnatrice"}
VOIENT_LES_LECTURES = EXCLUENT | {"prp"}
DEMANDENT = {"coordonnatrice", "dsm", "prp"}
SANS_DROIT = dict.fromkeys(VOIENT - EXCLUENT, 403)


def _inconnue(nom):
    return Page(f"concertation:{nom}", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue")


ACCES = [
    Page("concertation:situation_declarer", permis=VOIENT, scene=scenes.situation_transmise),
    Page(
        "concertation:situation_declarer",
        permis=VOIENT,
        scene=scenes.situation_transmise,
        methode="post",
        code=302,
        donnees={"lien": "aucun"},
    ),
    Page("concertation:situation_declarer", permis={"mentore"}, scene=scenes.situation_en_redaction, cas="brouillon"),
    _inconnue("situation_declarer"),
    Page("concertation:situation_exclusions", permis=EXCLUENT, sauf=SANS_DROIT, scene=scenes.situation_transmise),
    Page(
        "concertation:situation_exclusions",
        permis=EXCLUENT,
        sauf=SANS_DROIT,
        scene=scenes.situation_transmise,
        methode="post",
        code=302,
        donnees={"personne": "Babin Zélie"},
    ),
    _inconnue("situation_exclusions"),
    Page("concertation:exclusion_lever", permis=EXCLUENT, scene=scenes.exclusion_posee),
    Page("concertation:exclusion_lever", permis=EXCLUENT, scene=scenes.exclusion_posee, methode="post", code=302),
    _inconnue("exclusion_lever"),
    Page("concertation:situation_lectures", permis=VOIENT_LES_LECTURES, scene=scenes.situation_transmise),
    Page("concertation:situation_lectures", permis={"prp"}, scene=scenes.situation_detruite, cas="détruite"),
    _inconnue("situation_lectures"),
    Page("concertation:situation_lectures_exporter", permis=VOIENT_LES_LECTURES, scene=scenes.situation_transmise),
    _inconnue("situation_lectures_exporter"),
    Page("concertation:exceptions", permis=DEMANDENT),
    Page("concertation:exception_demander", permis=DEMANDENT),
    Page(
        "concertation:exception_demander",
        permis=DEMANDENT,
        methode="post",
        code=302,
        donnees={"numero": "CC-2026-07", "motif": "Urgence de nuit."},
    ),
    Page("concertation:exception_approuver", permis={"prp"}, scene=scenes.exception_demandee),
    Page("concertation:exception_approuver", permis={"prp"}, scene=scenes.exception_demandee, methode="post", code=302),
    _inconnue("exception_approuver"),
    Page("concertation:conservation", permis={"prp"}),
    Page("concertation:situation_detruire", permis={"prp"}, scene=scenes.situation_fermee),
    Page("concertation:situation_detruire", permis={"prp"}, scene=scenes.situation_fermee, methode="post"),
    _inconnue("situation_detruire"),
    Page("concertation:zone_reprendre", methode="post", code=403, autres=403),
    Page("concertation:zone_reprendre", code=405, autres=405),
]
