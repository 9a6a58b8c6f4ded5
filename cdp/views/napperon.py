"""Le napperon d’une communauté, à lire à l’écran ou à télécharger en une page (R-455)."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cdp.actions.napperon import contenu_napperon, imprimer_napperon
from cdp.droits import DROITS_COMMUNAUTE


@require_http_methods(["GET", "HEAD", "POST"])
def napperon(request, uuid):
    """La communauté en une page ; un envoi en demande le PDF d’aujourd’hui."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "voir_napperon", communaute)
    if request.method == "POST":
        document = imprimer_napperon(communaute, par=request.user)
        return redirect("documents:telecharger", document.uuid)
    contexte = {"communaute": communaute, "contenu": contenu_napperon(communaute)}
    return render(request, "cdp/communaute_napperon.html", contexte)
