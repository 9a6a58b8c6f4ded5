"""Les campagnes : la participation, les résultats regroupés, qui relancer, fermer (R-154, Q-18)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from encadrement.sondages import actions
from encadrement.sondages.droits import DROITS_CAMPAGNE, suit_les_sondages
from encadrement.sondages.resultats import non_repondants, participation, resultats

PAR_PAGE = 50


@require_safe
def campagnes(request):
    """Les campagnes dont je lis les résultats, la plus récente d’abord, avec leur taux de réponse."""
    visibles = (
        DROITS_CAMPAGNE.objets(request.user)
        .select_related("questionnaire")
        .annotate(invites=Count("invitations"), repondus=Count("invitations", filter=Q(invitations__remplie=True)))
        .order_by("-ouverte_le", "-pk")
    )
    contexte = {
        "page": Paginator(visibles, PAR_PAGE).get_page(request.GET.get("page")),
        "suit": suit_les_sondages(request.user),
    }
    return render(request, "encadrement/sondages/campagnes.html", contexte)


@require_safe
def campagne(request, uuid):
    """Une campagne : qui a répondu en nombre, ce qui en paraît, et pour la DSM qui relancer."""
    trouvee = DROITS_CAMPAGNE.trouver(request.user, uuid=uuid)
    suit = DROITS_CAMPAGNE.peut(request.user, "suivre", trouvee)
    contexte = {
        "campagne": trouvee,
        "participation": participation(trouvee),
        "resultats": resultats(trouvee),
        "attendues": non_repondants(trouvee) if suit and trouvee.ouverte else [],
        "suit": suit,
        "peut_fermer": trouvee.ouverte and DROITS_CAMPAGNE.peut(request.user, "fermer", trouvee),
    }
    return render(request, "encadrement/sondages/campagne.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def fermer(request, uuid):
    """Ferme une campagne avant son dernier jour : ses résultats peuvent paraître."""
    trouvee = DROITS_CAMPAGNE.trouver(request.user, uuid=uuid)
    DROITS_CAMPAGNE.exiger(request.user, "fermer", trouvee)
    if request.method == "POST":
        actions.fermer_campagne(trouvee, par=request.user)
        messages.success(request, "La campagne est fermée.")
        return redirect(trouvee)
    contexte = {"campagne": trouvee, "participation": participation(trouvee)}
    return render(request, "encadrement/sondages/fermer.html", contexte)
