"""Répondre : une page courte, une fois, sans que rien ne relie la réponse à la personne (R-071, R-445)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages import actions
from encadrement.sondages.droits import DROITS_INVITATION
from encadrement.sondages.forms import ReponseForm


@require_http_methods(["GET", "HEAD", "POST"])
def repondre(request, uuid):
    """Le questionnaire ; une fois rempli, le merci. Une erreur garde tout ce qui est saisi."""
    invitation = DROITS_INVITATION.trouver(request.user, uuid=uuid)
    campagne = invitation.campagne
    form = ReponseForm(request.POST if request.method == "POST" else None, questions=campagne.questionnaire.liste)
    refus = []
    if form.is_valid():
        try:
            actions.repondre(invitation, par=request.user, reponses=form.reponses)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "Merci\xa0: votre réponse est gardée, sans votre nom.")
            return redirect(invitation)
    return render(
        request,
        "encadrement/sondages/repondre.html",
        {"invitation": invitation, "campagne": campagne, "form": form, "refus": refus},
        status=409 if refus else 200,
    )
