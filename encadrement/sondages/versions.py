"""Les verbes de la DSM sur un questionnaire : préparer une version, la corriger, la publier, y renoncer (Q-11)."""

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages.droits import DROITS_QUESTIONNAIRE
from encadrement.sondages.models import EtatQuestionnaire, Questionnaire
from encadrement.sondages.questionnaires import en_vigueur
from encadrement.sondages.questions import defauts


@transaction.atomic
def preparer_version(code, *, par):
    """Rend la version en préparation de ce questionnaire, copiée de celle en vigueur s’il n’y en avait pas (Q-11)."""
    courante = en_vigueur(code)
    DROITS_QUESTIONNAIRE.exiger(par, "preparer", courante)
    brouillon, nouveau = Questionnaire.objects.get_or_create(
        code=code,
        etat=EtatQuestionnaire.BROUILLON,
        defaults={
            "version": courante.version + 1,
            "nom": courante.nom,
            "consigne": courante.consigne,
            "questions": courante.questions,
        },
    )
    if nouveau:
        consigner("sondages.questionnaire.preparer", brouillon, par=par, details={"version": brouillon.version})
    return brouillon


@transaction.atomic
def corriger_version(questionnaire, *, par, nom, consigne, questions):
    """Écrit le nom, la consigne et les questions d’une version en préparation ; publiée, elle ne change plus (Q-11)."""
    DROITS_QUESTIONNAIRE.exiger(par, "preparer", questionnaire)
    questionnaire = _en_preparation(questionnaire)
    if raisons := defauts(questions):
        raise ErreurMetier(" ".join(raisons))
    questionnaire.nom, questionnaire.consigne = nom, consigne
    questionnaire.questions = [question.en_donnees() for question in questions]
    questionnaire.save(update_fields=["nom", "consigne", "questions"])
    return questionnaire


@transaction.atomic
def publier_version(questionnaire, *, par):
    """Publie la version : les prochaines campagnes la posent, celles déjà ouvertes gardent la leur (Q-11)."""
    DROITS_QUESTIONNAIRE.exiger(par, "publier", questionnaire)
    questionnaire = _en_preparation(questionnaire)
    if raisons := defauts(questionnaire.liste):
        raise ErreurMetier(" ".join(raisons))
    questionnaire.etat = EtatQuestionnaire.PUBLIE
    questionnaire.save(update_fields=["etat"])
    consigner("sondages.questionnaire.publier", questionnaire, par=par, details={"version": questionnaire.version})
    return questionnaire


@transaction.atomic
def abandonner_version(questionnaire, *, par):
    """Renonce à une version en préparation : elle est effacée, la version en vigueur demeure."""
    DROITS_QUESTIONNAIRE.exiger(par, "abandonner", questionnaire)
    questionnaire = _en_preparation(questionnaire)
    consigner("sondages.questionnaire.abandonner", questionnaire, par=par, details={"version": questionnaire.version})
    questionnaire.delete()


def _en_preparation(questionnaire):
    relu = Questionnaire.objects.select_for_update().filter(pk=questionnaire.pk).first()
    if relu is None or relu.publie:
        raise ErreurMetier("Cette version n’est plus en préparation\xa0: une version publiée ne change jamais.")
    return relu
