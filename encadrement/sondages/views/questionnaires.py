"""Les questionnaires : la DSM prépare une version, la publie, et une version publiée ne change plus (Q-11)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages import versions
from encadrement.sondages.droits import DROITS_QUESTIONNAIRE
from encadrement.sondages.forms import QuestionnaireForm, QuestionsForm, ReponseForm, saisie_de
from encadrement.sondages.models import EtatQuestionnaire, Questionnaire
from encadrement.sondages.questionnaires import codes, en_vigueur


@require_safe
def questionnaires(request):
    """Tous les questionnaires, la version en vigueur et celle qui se prépare."""
    DROITS_QUESTIONNAIRE.exiger(request.user, "voir", None)
    prepares = {prepare.code: prepare for prepare in Questionnaire.objects.filter(etat=EtatQuestionnaire.BROUILLON)}
    contexte = {
        "lignes": [{"courant": en_vigueur(code), "prepare": prepares.get(code)} for code in codes()],
        "peut_preparer": DROITS_QUESTIONNAIRE.peut(request.user, "preparer", None),
    }
    return render(request, "encadrement/sondages/questionnaires.html", contexte)


@require_safe
def questionnaire(request, uuid):
    """Une version telle que les répondants la lisent, et les autres versions."""
    trouve = DROITS_QUESTIONNAIRE.trouver(request.user, uuid=uuid)
    contexte = {
        "questionnaire": trouve,
        "form": ReponseForm(questions=trouve.liste),
        "versions": Questionnaire.objects.filter(code=trouve.code).order_by("-version"),
        "peut_preparer": DROITS_QUESTIONNAIRE.peut(request.user, "preparer", trouve),
    }
    return render(request, "encadrement/sondages/questionnaire.html", contexte)


@require_POST
def preparer(request, uuid):
    """Ouvre une version en préparation, copiée de celle en vigueur, et mène à sa saisie."""
    trouve = DROITS_QUESTIONNAIRE.trouver(request.user, uuid=uuid)
    brouillon = versions.preparer_version(trouve.code, par=request.user)
    return redirect("sondages:questionnaire_modifier", brouillon.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request, uuid):
    """La saisie d’une version en préparation ; enregistrer offre deux questions vides de plus."""
    trouve = DROITS_QUESTIONNAIRE.trouver(request.user, uuid=uuid)
    DROITS_QUESTIONNAIRE.exiger(request.user, "preparer", trouve)
    if trouve.publie:
        return redirect(trouve)
    donnees = request.POST if request.method == "POST" else None
    form = QuestionnaireForm(donnees, initial={"nom": trouve.nom, "consigne": trouve.consigne})
    questions = QuestionsForm(donnees, initial=saisie_de(trouve.liste), prefix="q")
    refus = []
    # Les deux se valident toujours : une erreur de l’un ne cache pas celles de l’autre.
    if donnees is not None and all([form.is_valid(), questions.is_valid()]):
        try:
            versions.corriger_version(trouve, par=request.user, questions=questions.questions(), **form.cleaned_data)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "La version en préparation est enregistrée.")
            return redirect("sondages:questionnaire_modifier", trouve.uuid)
    return render(
        request,
        "encadrement/sondages/modifier.html",
        {"questionnaire": trouve, "form": form, "questions": questions, "refus": refus},
        status=409 if refus else 200,
    )


def _confirmer(acte, agir, gabarit, succes, retour):
    @require_http_methods(["GET", "HEAD", "POST"])
    def vue(request, uuid):
        trouve = DROITS_QUESTIONNAIRE.trouver(request.user, uuid=uuid)
        DROITS_QUESTIONNAIRE.exiger(request.user, acte, trouve)
        refus = []
        if request.method == "POST":
            try:
                agir(trouve, par=request.user)
            except ErreurMetier as erreur:
                refus = [erreur]
            else:
                messages.success(request, succes)
                return redirect(retour(trouve))
        contexte = {"questionnaire": trouve, "refus": refus}
        return render(request, gabarit, contexte, status=409 if refus else 200)

    return vue


publier = _confirmer(
    "publier",
    versions.publier_version,
    "encadrement/sondages/publier.html",
    "La nouvelle version est publiée\xa0: les prochaines campagnes la poseront.",
    lambda trouve: trouve,
)
abandonner = _confirmer(
    "abandonner",
    versions.abandonner_version,
    "encadrement/sondages/abandonner.html",
    "La version en préparation est effacée.",
    lambda _: "sondages:questionnaires",
)
