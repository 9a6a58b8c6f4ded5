"""POURQUOI PAS : ce que le formulaire de l’annexe 11 exige, quel que soit le volet."""

from encadrement.cadre.regles import exige
from encadrement.demandes.suites import suite_de


@exige("R-166", "R-400")
def question_posee(formulaire):
    if not formulaire.question.strip():
        return "Écrivez la question précise à laquelle vous cherchez une réponse."
    return None


@exige("R-400")
def attentes_dites(formulaire):
    if not formulaire.attentes.strip():
        return "Dites ce que vous attendez de la réponse : un avis, un outil, un accompagnement."
    return None


@exige("R-400", "R-220")
def traitee_ici(formulaire):
    suite = suite_de(formulaire)
    if suite is not None:
        return f"Cette demande ne se transmet pas d’ici. {suite.explication}"
    return None
