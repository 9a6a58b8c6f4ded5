"""Déléguer ses approbations pendant une absence, voir et révoquer ses délégations (N-11)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from encadrement.accueil.actions import donner_delegation, revoquer_delegation
from encadrement.accueil.droits import DROITS_DELEGATION, peut_deleguer_pour_autrui
from encadrement.accueil.forms import DelegationForm
from encadrement.personnes.models import Delegation
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request):
    """Liste mes délégations, données et reçues ; POST en donne une pour une période."""
    form = DelegationForm(request.POST if request.method == "POST" else None, par=request.user)
    refus = []
    if form.is_valid():
        donnees = form.cleaned_data
        try:
            delegation = donner_delegation(a=donnees.pop("personne"), par=request.user, **donnees)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, f"{delegation.a} approuve au nom de {delegation.de}, {_periode(delegation)}.")
            return redirect("accueil:delegations")
    contexte = {
        "form": form,
        "refus": refus,
        "peut_deleguer": "de" in form.fields or request.user.supervisees.filter(is_active=True).exists(),
        "donnees": _lignes(request.user.delegations_donnees),
        "recues": _lignes(request.user.delegations_recues),
        "autres": _lignes(_des_autres(request.user)),
        "peut_revoquer_celles_des_autres": peut_deleguer_pour_autrui(request.user),
    }
    return render(request, "encadrement/accueil/delegations.html", contexte, status=409 if refus else 200)


def _des_autres(personne):
    """Rend les délégations ouvertes des autres que la personne a à connaître (pilote, DSM, PRP) ; vide pour tous."""
    visibles = DROITS_DELEGATION.objets(personne).filter(revoquee_le=None, fin__gte=jour_local())
    return visibles.exclude(de=personne).exclude(a=personne)


def _periode(delegation):
    return f"du {date_format(delegation.debut)} au {date_format(delegation.fin)}"


def _lignes(toutes):
    aujourdhui = jour_local()
    lignes = []
    for delegation in toutes.select_related("de", "a")[:50]:
        if delegation.revoquee_le:
            code, etat = "retiree", "révoquée"
        elif delegation.fin < aujourdhui:
            code, etat = "terminee", "terminée"
        elif delegation.debut > aujourdhui:
            code, etat = "a_venir", "à venir"
        else:
            code, etat = "active", "en vigueur"
        lignes.append({"delegation": delegation, "code": code, "etat": etat, "ouverte": code in ("active", "a_venir")})
    return lignes


@require_http_methods(["GET", "HEAD", "POST"])
def revoquer(request, uuid):
    """Révoque une délégation, qui cesse dès la requête suivante."""
    delegation = DROITS_DELEGATION.trouver(request.user, uuid=uuid)
    DROITS_DELEGATION.exiger(request.user, "revoquer", delegation)
    if request.method == "POST":
        revoquer_delegation(delegation, par=request.user)
        messages.success(request, f"La délégation de {delegation.de} à {delegation.a} est révoquée.")
        return redirect("accueil:delegations")
    delegation = Delegation.objects.select_related("de", "a").get(pk=delegation.pk)
    return render(request, "encadrement/accueil/delegation_revoquer.html", {"delegation": delegation})
