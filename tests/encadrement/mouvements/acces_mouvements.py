"""Qui reçoit quoi sur les départs : le gestionnaire, qui le représente, la DSM; au comité, le coordonnateur seul."""

import uuid

from tests.encadrement.mouvements import scenes
from tests.page_attendue import Page

REGLENT = {"gestionnaire", "delegue", "dsm"}
DECISION = {"decision": "L’entente est close."}

ACCES = [
    Page("mouvements:liste"),
    Page("mouvements:mouvement", permis=REGLENT, sauf={"mentore": 302}, scene=scenes.depart_du_mentore),
    Page(
        "mouvements:mouvement",
        permis=REGLENT,
        sauf={"mentore": 302},
        scene=scenes.depart_du_mentore,
        methode="post",
        code=302,
        donnees=DECISION,
    ),
    Page(
        "mouvements:mouvement",
        permis=REGLENT,
        sauf={"mentore": 302},
        scene=scenes.acquitte,
        methode="post",
        code=409,
        donnees=DECISION,
        cas="acquitté",
    ),
    Page(
        "mouvements:mouvement",
        permis={"coordonnatrice"},
        sauf={"mentore": 302},
        scene=scenes.depart_du_demandeur,
        cas="du comité",
    ),
    Page("mouvements:mouvement", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnu"),
]
