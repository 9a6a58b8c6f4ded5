"""La satisfaction : la moyenne des questions sur cinq d’un questionnaire, par année (R-073, R-143, R-189, R-231)."""

from dataclasses import dataclass

from encadrement.indicateurs.registre import Indicateur, Unite
from encadrement.indicateurs.valeurs import Valeur
from encadrement.sondages.questions import SorteQuestion
from encadrement.sondages.resultats import resultats_par_annee

PAR_ANNEE = "La satisfaction se lit pour l’établissement et l’année entière\xa0: les réponses n’ont pas d’auteur."


@dataclass(frozen=True)
class Satisfaction:
    """Le calcul d’un indicateur : le questionnaire dont on fait la moyenne. `sur` y est le nombre de notes données."""

    questionnaire: str

    @staticmethod
    def ensemble(calculs, portees):
        """Rend {(calcul, portée): Valeur} ; les sondages masquent eux-mêmes ce qui est trop petit (N-06)."""
        annees = {portee.periode.annee.debut_annee for portee in portees if portee.est_entiere}
        lus = resultats_par_annee({calcul.questionnaire for calcul in calculs}, annees) if annees else {}
        return {
            (calcul, portee): _valeur(lus[calcul.questionnaire, portee.periode.annee.debut_annee])
            if portee.est_entiere
            else Valeur(raison=PAR_ANNEE)
            for calcul in calculs
            for portee in portees
        }


def resultats_des(indicateurs, portee):
    """Rend {code: Resultats} des indicateurs de satisfaction, question par question ; rien hors de l’année entière."""
    mesurees = {i.code: i.calcul.questionnaire for i in indicateurs if isinstance(i.calcul, Satisfaction)}
    if not (mesurees and portee.est_entiere):
        return {}
    annee = portee.periode.annee.debut_annee
    lus = resultats_par_annee(set(mesurees.values()), {annee})
    return {code: lus[questionnaire, annee] for code, questionnaire in mesurees.items()}


def _valeur(lus):
    if not lus.montrables:
        return Valeur(raison=lus.attente)
    notes = [question for question in lus.questions if question.question.sorte == SorteQuestion.ECHELLE]
    combien = sum(question.nombre for question in notes)
    somme = sum(question.moyenne * question.nombre for question in notes if question.nombre)
    return Valeur(nombre=somme, sur=combien or None, effectif=lus.reponses)


def indicateur_de_satisfaction(code, questionnaire, *, nom, posees, exigences=()):
    """Rend l’indicateur de la satisfaction que mesure un questionnaire ; `posees` dit quand, et à qui, il l’est."""
    return Indicateur(
        code=code,
        nom=nom,
        definition=f"La moyenne des questions sur cinq posées {posees}.",
        unite=Unite.NOTE,
        numerateur="Somme des notes données.",
        denominateur_dit="Nombre de notes données.",
        manquantes="Sous cinq répondants, rien ne paraît\xa0; les réponses d’une campagne ouverte non plus.",
        exigences=exigences,
        calcul=Satisfaction(questionnaire),
        du_cadre=bool(exigences),
    )
