"""Voir les dossiers ouverts de qui part ou change, et dire ce qui a été décidé."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from encadrement.mouvements.actions import acquitter_mouvement
from encadrement.mouvements.droits import DROITS_MOUVEMENT
from encadrement.mouvements.forms import DecisionForm
from encadrement.mouvements.models import Sorte
from encadrement.mouvements.registre import ouverts_pour
from encadrement.trajectoire.views import donnees, page_de_saisie

PAR_PAGE = 25


@require_safe
def liste(request):
    """Les mouvements que la personne a à connaître, ceux qui attendent d’abord."""
    mouvements = DROITS_MOUVEMENT.objets(request.user).select_related("personne", "acquitte_par")
    page = Paginator(mouvements.order_by("acquitte_le", "-releve_le", "-pk"), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "encadrement/mouvements/liste.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def mouvement(request, uuid):
    """Un mouvement : les dossiers encore ouverts, chacun avec son adresse ; POST consigne la décision."""
    objet = DROITS_MOUVEMENT.trouver(request.user, uuid=uuid)

    def contexte():
        depart = objet.sorte == Sorte.DEPART
        return {"mouvement": objet, "dossiers": ouverts_pour(request.user, objet, depart=depart)}

    form = DecisionForm(donnees(request))
    return page_de_saisie(
        request,
        "encadrement/mouvements/mouvement.html",
        form,
        agir=lambda: acquitter_mouvement(objet, par=request.user, **form.cleaned_data),
        succes="La décision est consignée.",
        retour=objet,
        contexte=contexte,
    )
