"""Qui reçoit quoi sur l’analyse mensuelle des accès : le responsable de la protection ; la DSM pour ce qui le vise (O-10)."""

import uuid

from tests.concertation import analysees
from tests.page_attendue import Page


def _inconnue(nom):
    return Page(f"concertation:{nom}", code=404, kwargs=lambda _: {"uuid": uuid.uuid4()}, cas="inconnue")


ACCES = [
    Page("concertation:analyses", permis={"prp", "dsm"}),
    Page("concertation:analyse", permis={"prp"}, scene=analysees.part_prp),
    Page("concertation:analyse", permis={"dsm"}, scene=analysees.part_dsm, cas="de la DSM"),
    _inconnue("analyse"),
    Page("concertation:constat", permis={"prp"}, scene=analysees.constat),
    Page(
        "concertation:constat",
        permis={"prp"},
        scene=analysees.constat,
        methode="post",
        code=302,
        donnees={"conclusion": "justifie"},
    ),
    _inconnue("constat"),
    Page("concertation:analyse_signer", permis={"prp"}, scene=analysees.part_prp),
    Page(
        "concertation:analyse_signer", permis={"prp"}, scene=analysees.conclue, methode="post", cas="sans mot de passe"
    ),
    _inconnue("analyse_signer"),
]
