"""Les rôles attribués : le pilote propose, la DSM approuve, personne ne se sert soi-même (N-12)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from encadrement.accueil.actions import approuver_attribution, proposer_attribution, terminer_attribution
from encadrement.accueil.droits import DROITS_ATTRIBUTION, exiger_de_proposer, peut_proposer
from encadrement.accueil.forms import AttributionForm, FinDeRoleForm
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

PASSEES = 50


@require_safe
def roles(request):
    """Liste les rôles que j’ai à connaître : en vigueur, à approuver, terminés."""
    aujourdhui = jour_local()
    visibles = DROITS_ATTRIBUTION.objets(request.user).select_related("personne", "proposee_par", "approuvee_par")
    courantes = visibles.exclude(fin__lt=aujourdhui)
    contexte = {
        "en_vigueur": courantes.filter(approuvee_par__isnull=False, debut__lte=aujourdhui),
        "a_venir": courantes.filter(approuvee_par__isnull=False, debut__gt=aujourdhui),
        "a_approuver": [
            {"attribution": a, "approuvable": DROITS_ATTRIBUTION.peut(request.user, "approuver", a)}
            for a in courantes.filter(approuvee_par=None)
        ],
        "terminees": visibles.filter(fin__lt=aujourdhui).order_by("-fin")[:PASSEES],
        "peut_proposer": peut_proposer(request.user),
        # Ceux qui approuvent les rôles les confirment aussi chaque année.
        "revoit": any(role.tenu_par(request.user, None) for role in DROITS_ATTRIBUTION.actes["approuver"].roles),
        "terminables": set(DROITS_ATTRIBUTION.objets(request.user, "terminer").values_list("pk", flat=True)),
    }
    return render(request, "encadrement/accueil/roles.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def proposer(request):
    """Propose un rôle pour quelqu’un ; une autre personne l’approuvera."""
    exiger_de_proposer(request.user)
    form, refus = AttributionForm(request.POST if request.method == "POST" else None), []
    if form.is_valid():
        try:
            attribution = proposer_attribution(par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, f"Le rôle proposé pour {attribution.personne} attend d’être approuvé.")
            return redirect("accueil:roles")
    return render(
        request,
        "encadrement/accueil/role_proposer.html",
        {"form": form, "refus": refus},
        status=409 if refus else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def approuver(request, uuid):
    """Approuve un rôle proposé par quelqu’un d’autre."""
    attribution = DROITS_ATTRIBUTION.trouver(request.user, uuid=uuid)
    DROITS_ATTRIBUTION.exiger(request.user, "approuver", attribution)
    if request.method == "POST":
        approuver_attribution(attribution, par=request.user)
        messages.success(request, f"{attribution.personne} tient maintenant ce rôle.")
        return redirect("accueil:roles")
    return render(request, "encadrement/accueil/role_approuver.html", {"attribution": attribution})


@require_http_methods(["GET", "HEAD", "POST"])
def terminer(request, uuid):
    """Met fin à un rôle, ou retire une proposition, avec un motif."""
    attribution = DROITS_ATTRIBUTION.trouver(request.user, uuid=uuid)
    DROITS_ATTRIBUTION.exiger(request.user, "terminer", attribution)
    form = FinDeRoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        terminer_attribution(attribution, par=request.user, **form.cleaned_data)
        messages.success(request, f"Le rôle de {attribution.personne} a pris fin.")
        return redirect("accueil:roles")
    return render(request, "encadrement/accueil/role_terminer.html", {"attribution": attribution, "form": form})
