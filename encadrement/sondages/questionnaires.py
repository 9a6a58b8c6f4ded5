"""Le registre des questionnaires : chaque mesure y inscrit la première version des siens ; la DSM écrit les suivantes."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages.models import EtatQuestionnaire, Questionnaire
from encadrement.sondages.questions import defauts, lire


@dataclass(frozen=True)
class Initial:
    """La première version d’un questionnaire, telle que sa mesure l’a écrite."""

    code: str
    nom: str
    consigne: str
    questions: tuple


_inscrits = {}


def inscrire(code, *, nom, consigne="", questions):
    """Inscrit la première version d’un questionnaire ; `questions` : des dictionnaires ou des `Question`.

    Lève ValueError si une question est mal faite : un questionnaire bancal arrête le démarrage, pas un répondant.
    """
    lues = lire(question if isinstance(question, dict) else question.en_donnees() for question in questions)
    if raisons := defauts(lues):
        raise ValueError(f"{code} : {' '.join(raisons)}")
    _inscrits[code] = Initial(code, nom, consigne, lues)


def inscrire_fichier(chemin):
    """Inscrit chaque `[[questionnaire]]` d’un fichier TOML : code, nom, consigne et ses `[[questionnaire.questions]]`."""
    for questionnaire in tomllib.loads(Path(chemin).read_text(encoding="utf-8"))["questionnaire"]:
        inscrire(**questionnaire)


def codes():
    """Rend les codes inscrits, dans l’ordre d’inscription."""
    return list(_inscrits)


def en_vigueur(code):
    """Rend la dernière version publiée ; la première fois, c’est celle qu’a inscrite la mesure.

    Lève ErreurMetier si aucun questionnaire ne porte ce code.
    """
    publies = Questionnaire.objects.filter(code=code, etat=EtatQuestionnaire.PUBLIE)
    return publies.order_by("-version").first() or _premiere_version(code)


def _premiere_version(code):
    if code not in _inscrits:
        raise ErreurMetier(f"Aucun questionnaire ne porte le code «\xa0{code}\xa0».")
    initial = _inscrits[code]
    questionnaire, _ = Questionnaire.objects.get_or_create(
        code=code,
        version=1,
        defaults={
            "nom": initial.nom,
            "consigne": initial.consigne,
            "questions": [question.en_donnees() for question in initial.questions],
            "etat": EtatQuestionnaire.PUBLIE,
        },
    )
    return questionnaire
