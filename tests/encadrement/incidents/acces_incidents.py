"""Qui reçoit quoi sur les incidents : chacun signale, trois titres lisent, deux écrivent, un seul clôt (D20)."""

import uuid

from tests.encadrement.incidents import scenes
from tests.page_attendue import Page

LISENT = {"prp", "dsm", "pilote"}
ECRIVENT = {"prp", "pilote"}
SIGNALEMENT = {"zone": "usagers", "circonstances": "Un rapport envoyé au mauvais destinataire."}


def _acte(nom, permis, scene, **options):
    return Page(f"incidents:{nom}", permis=permis, sauf=dict.fromkeys(LISENT - permis, 403), scene=scene, **options)


ACCES = [
    Page("incidents:signaler"),
    Page("incidents:signaler", methode="post", code=302, autres=302, donnees=SIGNALEMENT),
    Page("incidents:registre", permis=LISENT, autres=403),
    Page("incidents:registre_exporter", permis=LISENT, autres=403),
    Page("incidents:incident", permis=LISENT, scene=scenes.signale),
    Page("incidents:incident", permis=LISENT, scene=scenes.clos, cas="clos"),
    Page("incidents:incident", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnu"),
    _acte("incident_modifier", ECRIVENT, scenes.signale),
    _acte("incident_modifier", ECRIVENT, scenes.clos, methode="post", code=200, cas="clos"),
    _acte("incident_analyser", ECRIVENT, scenes.signale),
    _acte("incident_analyser", ECRIVENT, scenes.signale, methode="post", code=302),
    _acte("incident_clore", {"prp"}, scenes.complet),
    _acte("incident_clore", {"prp"}, scenes.complet, methode="post", code=302),
    _acte("incident_clore", {"prp"}, scenes.en_analyse, methode="post", code=409, cas="incomplet"),
    _acte("incident_avis", ECRIVENT, scenes.complet),
]
