"""Les questions de l’assistant de démarrage, lues de cdp/demarrage.toml (R-476 à R-481)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FICHIER = Path(__file__).resolve().parent.parent / "demarrage.toml"


@dataclass(frozen=True)
class Question:
    """Une question ; avec `champ`, la réponse s’écrit dans la fiche de la communauté."""

    code: str
    libelle: str
    aide: str = ""
    exemples: tuple = ()
    champ: str = ""
    enonce: str = ""
    lignes: int = 4


@dataclass(frozen=True)
class Etape:
    """Une des cinq étapes, numérotée à partir de 1."""

    rang: int
    titre: str
    intro: str
    enonce: str
    questions: tuple


@cache
def etapes():
    """Rend les cinq étapes, dans l’ordre."""
    lues = tomllib.loads(FICHIER.read_text(encoding="utf-8"))["etape"]
    return tuple(
        Etape(
            rang,
            lue["titre"],
            lue["intro"],
            lue["enonce"],
            tuple(
                Question(**{**question, "exemples": tuple(question.get("exemples", ()))})
                for question in lue["question"]
            ),
        )
        for rang, lue in enumerate(lues, start=1)
    )


def questions():
    """Rend {code: Question} de toutes les étapes."""
    return {question.code: question for etape in etapes() for question in etape.questions}
