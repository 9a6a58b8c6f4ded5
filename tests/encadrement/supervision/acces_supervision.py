"""Qui reçoit quoi : les sondes répondent à tous, sans détail; le registre des courriels est au pilote seul."""

import uuid

from tests.encadrement.supervision import scenes
from tests.page_attendue import TOUS, Page

_PILOTE = {"permis": {"pilote"}, "autres": 403}

ACCES = [
    # Rien ne bat pendant un essai : ce n’est pas prêt, et chacun l’apprend pareillement.
    Page("supervision:pret", publique=True, permis=TOUS | {"inactif"}, code=503),
    Page("supervision:metriques", publique=True, permis=TOUS | {"inactif"}, code=404),
    Page("supervision:courriels", **_PILOTE),
    Page("supervision:courriels", **_PILOTE, scene=scenes.retenu, kwargs=lambda _: {}, cas="à décider"),
    Page(
        "supervision:courriels_relacher",
        **_PILOTE,
        methode="post",
        code=302,
        donnees={"decision": "renvoyer"},
    ),
    Page("supervision:courriel_relancer", permis={"pilote"}, scene=scenes.envoi, methode="post", code=302),
    Page("supervision:courriel_abandonner", permis={"pilote"}, scene=scenes.envoi, methode="post", code=302),
    Page(
        "supervision:courriel_relancer",
        methode="post",
        code=404,
        kwargs=lambda _: {"uuid": uuid.uuid4()},
        cas="inconnu",
    ),
]
