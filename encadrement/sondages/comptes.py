"""Compter les réponses d’un lot, une fois pour toutes : un lot ne change jamais, ce qu’il montre non plus (N-06)."""

import json
from collections import Counter, defaultdict

from encadrement.sondages.models import Reponse
from encadrement.sondages.questions import SorteQuestion


def compter_les_reponses(campagnes):
    """Rend les comptes (voir `compter`) de toutes les réponses de ces campagnes."""
    listes = {campagne.pk: campagne.questionnaire.liste for campagne in campagnes}
    lues = Reponse.objects.filter(campagne__in=listes).values_list("campagne", "contenu")
    return compter((listes[campagne], json.loads(contenu)) for campagne, contenu in lues)


def compter(reponses):
    """Rend [{code, sorte, valeurs}] : pour chaque question, chaque valeur et combien de fois elle est donnée.

    `reponses` : des (questions posées, {code: valeur}). Un texte ne se compte pas : il se lit dans les réponses, quand une
    page le montre.
    """
    comptes = defaultdict(Counter)
    for questions, donnees in reponses:
        for question in questions:
            if question.sorte != SorteQuestion.TEXTE and question.code in donnees:
                comptes[question.code, str(question.sorte)][donnees[question.code]] += 1
    return [
        {"code": code, "sorte": sorte, "valeurs": sorted(valeurs.items())}
        for (code, sorte), valeurs in sorted(comptes.items())
    ]
