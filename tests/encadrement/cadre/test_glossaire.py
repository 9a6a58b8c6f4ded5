"""Un nom, un mot : chaque modèle a sa ligne au glossaire, et aucun mot banni ne sert d’identifiant."""

import re
import tokenize
from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings

from encadrement.cadre.textes import exigence

MESURES = ("mentorat", "cdp", "consultation", "concertation")


@pytest.fixture(scope="module")
def lignes():
    texte = settings.RACINE.joinpath("encadrement", "glossaire.md").read_text(encoding="utf-8")
    tableaux = [ligne.strip("|").split("|") for ligne in texte.splitlines() if ligne.startswith("| ")]
    return [[cellule.strip() for cellule in ligne] for ligne in tableaux if not ligne[0].startswith(" Mot (code)")]


def mots(cellule):
    return [mot.strip() for mot in cellule.split(",") if mot.strip() not in ("", "–")]


def sources():
    for racine in ("encadrement", *MESURES):
        for chemin in settings.RACINE.joinpath(racine).rglob("*.py"):
            if "migrations" not in chemin.parts:
                yield chemin


def test_chaque_ligne_est_complete(lignes):
    assert lignes
    assert [ligne for ligne in lignes if len(ligne) != 5 or not all(ligne)] == []


def test_aucun_mot_na_deux_lignes(lignes):
    comptes = Counter(mot for ligne in lignes for mot in mots(ligne[0]))
    assert {mot: nombre for mot, nombre in comptes.items() if nombre > 1} == {}


def test_chaque_modele_a_sa_ligne(lignes):
    definis = {mot for ligne in lignes for mot in mots(ligne[0])}
    modeles = {
        modele.__name__ for modele in apps.get_models() if modele.__module__.split(".")[0] in ("encadrement", *MESURES)
    }
    assert modeles - definis == set()


def test_aucun_mot_banni_ne_sert_didentifiant(lignes):
    bannis = {mot for ligne in lignes for mot in mots(ligne[4])}
    trouves = set()
    for chemin in sources():
        with tokenize.open(chemin) as fichier:
            for jeton in tokenize.generate_tokens(fichier.readline):
                if jeton.type == tokenize.NAME and jeton.string.lower() in bannis:
                    trouves.add(f"{chemin.relative_to(settings.RACINE)}:{jeton.start[0]} {jeton.string}")
    assert trouves == set()


def test_les_enonces_cites_existent(lignes):
    assert all(exigence(numero) for ligne in lignes for numero in re.findall(r"R-\d{3}", ligne[3]))
