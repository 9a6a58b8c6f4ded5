"""Qui reçoit quoi sur la protection des renseignements : chacun lit la page et atteste, deux titres tiennent le reste."""

import uuid

from encadrement.socle.temps import jour_local
from tests.encadrement.protection import scenes
from tests.page_attendue import Page

TIENNENT = {"prp", "dsm"}


def _inconnue(nom):
    return Page(f"protection:{nom}", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue")


def _formation(_=None, **champs):
    return {"titre": scenes.TITRE, "suivie_le": jour_local(), **champs}


ACCES = [
    Page("protection:renseignements"),
    Page("protection:attestations"),
    Page("protection:attestations", methode="post", code=302, autres=302, donnees=_formation),
    Page("protection:attestations_toutes", permis=TIENNENT, autres=403, scene=scenes.attestation, kwargs=lambda _: {}),
    Page("protection:attestation_consigner", permis=TIENNENT, autres=403),
    Page(
        "protection:attestation_consigner",
        permis=TIENNENT,
        autres=403,
        methode="post",
        code=302,
        donnees=lambda _: _formation(personne="Babin Zélie"),
    ),
    Page("protection:attestation_annuler", permis=TIENNENT | {"mentore"}, scene=scenes.attestation),
    Page(
        "protection:attestation_annuler",
        permis=TIENNENT | {"mentore"},
        scene=scenes.attestation,
        methode="post",
        code=302,
        donnees={"motif": "Mauvaise date."},
    ),
    _inconnue("attestation_annuler"),
    Page("protection:attestation_fichier", permis=TIENNENT | {"mentore"}, scene=scenes.attestation),
    _inconnue("attestation_fichier"),
    Page("protection:revue", permis=TIENNENT, autres=403, scene=scenes.role_a_revoir, kwargs=lambda _: {}),
    Page(
        "protection:role_confirmer", permis=TIENNENT, autres=403, scene=scenes.role_a_revoir, methode="post", code=302
    ),
    Page("protection:role_confirmer", code=405, autres=405, scene=scenes.role_a_revoir),
]
