"""Une question d’un questionnaire : comment elle se lit, ce qu’elle accepte, comment elle s’écrit en base."""

import re
from dataclasses import asdict, dataclass

from django.db.models import TextChoices

TEXTE_MAXIMAL = 4000
QUESTIONS_MAXIMUM = 40
CHOIX_MAXIMUM = 12
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class SorteQuestion(TextChoices):
    ECHELLE = "echelle", "échelle d’accord, de 1 à 5"
    NOTE = "note", "note de 0 à 10"
    CHOIX = "choix", "un choix parmi plusieurs"
    TEXTE = "texte", "texte libre"


BORNES = {SorteQuestion.ECHELLE: (1, 5), SorteQuestion.NOTE: (0, 10)}
DEGRES = (
    (1, "1 – Pas du tout d’accord"),
    (2, "2 – Plutôt en désaccord"),
    (3, "3 – Ni l’un ni l’autre"),
    (4, "4 – Plutôt d’accord"),
    (5, "5 – Tout à fait d’accord"),
)


@dataclass(frozen=True)
class Question:
    """`code` reste le même d’une version à l’autre : c’est par lui que les réponses se comparent.

    `choix` : les (code, libellé) d’une question à choix, vide pour les autres sortes.
    """

    code: str
    sorte: str
    libelle: str
    aide: str = ""
    obligatoire: bool = True
    choix: tuple = ()

    @property
    def chiffree(self):
        return self.sorte in BORNES

    @property
    def reponses_possibles(self):
        """Rend les (valeur, libellé) proposés à l’écran."""
        if self.sorte == SorteQuestion.ECHELLE:
            return DEGRES
        if self.sorte == SorteQuestion.NOTE:
            return tuple((note, str(note)) for note in range(11))
        return self.choix

    def accepte(self, valeur):
        """Dit si `valeur` répond à la question ; ne pas répondre ne convient qu’à une question facultative."""
        if valeur in (None, ""):
            return not self.obligatoire
        if self.sorte == SorteQuestion.TEXTE:
            return isinstance(valeur, str) and len(valeur) <= TEXTE_MAXIMAL
        if self.chiffree:
            bas, haut = BORNES[self.sorte]
            # type() et non isinstance() : True n’est pas la note 1.
            return type(valeur) is int and bas <= valeur <= haut
        return type(valeur) is str and valeur in {possible for possible, _ in self.reponses_possibles}

    def en_donnees(self):
        """Rend la question en types de JSON."""
        return {**asdict(self), "sorte": str(self.sorte), "choix": [list(possible) for possible in self.choix]}

    @classmethod
    def de(cls, donnees):
        """Rend la question écrite par `en_donnees`, ou lue d’un fichier TOML."""
        choix = tuple((str(code), str(libelle)) for code, libelle in donnees.get("choix", ()))
        return cls(**{**donnees, "sorte": SorteQuestion(donnees["sorte"]), "choix": choix})


def lire(donnees):
    """Rend les questions d’une liste JSON ou TOML ; lève ValueError ou TypeError si elle est mal faite."""
    return tuple(Question.de(question) for question in donnees)


def defauts(questions):
    """Rend, une phrase chacune, les raisons pour lesquelles ces questions ne peuvent pas être publiées."""
    if not questions:
        return ["Un questionnaire a au moins une question."]
    trouves = []
    if len(questions) > QUESTIONS_MAXIMUM:
        trouves.append(f"Un questionnaire a au plus {QUESTIONS_MAXIMUM} questions.")
    codes = [question.code for question in questions]
    if len(set(codes)) < len(codes):
        trouves.append("Deux questions ont le même code.")
    return [*trouves, *(defaut for rang, question in enumerate(questions, 1) for defaut in _defauts(rang, question))]


def _defauts(rang, question):
    if not _CODE.fullmatch(question.code):
        yield f"Question {rang} : le code s’écrit en minuscules sans accent."
    if not question.libelle.strip():
        yield f"Question {rang} : il manque la question elle-même."
    if question.sorte == SorteQuestion.CHOIX:
        codes = {code for code, _ in question.choix}
        if not 2 <= len(codes) == len(question.choix) <= CHOIX_MAXIMUM:
            yield f"Question {rang} : proposez de 2 à {CHOIX_MAXIMUM} choix différents."
    elif question.choix:
        yield f"Question {rang} : seule une question à choix a des choix."
