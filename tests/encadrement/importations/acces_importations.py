"""Qui reçoit quoi sur les importations : le pilote importe, la DSM lit."""

import uuid

from tests.encadrement.importations import scenes
from tests.page_attendue import Page

LISENT = {"pilote", "dsm"}


def _acte(nom, scene, **options):
    return Page(f"importations:{nom}", permis={"pilote"}, sauf={"dsm": 403}, scene=scene, **options)


ACCES = [
    Page("importations:liste", permis=LISENT, autres=403),
    Page("importations:liste", permis={"pilote"}, autres=403, methode="post"),
    Page("importations:importation", permis=LISENT, scene=scenes.en_attente),
    Page("importations:importation", permis=LISENT, scene=scenes.appliquee, cas="appliquée"),
    Page("importations:importation", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue"),
    _acte("importation_appliquer", scenes.en_attente),
    _acte("importation_appliquer", scenes.en_attente, methode="post", code=409, cas="sans l’avoir lue"),
    _acte("importation_abandonner", scenes.en_attente),
    _acte("importation_abandonner", scenes.en_attente, methode="post", code=302),
    _acte("importation_annuler", scenes.appliquee, cas="appliquée"),
    _acte(
        "importation_annuler", scenes.appliquee, methode="post", code=302, donnees={"motif": "Erreur."}, cas="appliquée"
    ),
]
