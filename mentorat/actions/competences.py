"""La liste commune des compétences : on la choisit, ou on l’enrichit en écrivant (R-080, R-436)."""

from django.db import transaction

from encadrement.personnes.models import sans_accents
from mentorat.models import Competence


@transaction.atomic
def reunir_competences(choisies, nouvelles):
    """Rend les compétences choisies et celles que nomment les textes ; un libellé inconnu entre dans la liste.

    Deux libellés qui ne diffèrent que par la casse, les accents ou la ponctuation nomment la même compétence.
    """
    reunies = list(choisies)
    if not nouvelles:
        return reunies
    connues = {sans_accents(competence.libelle): competence for competence in Competence.objects.all()}
    for libelle in nouvelles:
        cle = sans_accents(libelle)
        if cle not in connues:
            connues[cle], _ = Competence.objects.get_or_create(libelle=libelle)
        if connues[cle] not in reunies:
            reunies.append(connues[cle])
    return reunies
