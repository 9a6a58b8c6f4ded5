"""Les suivis d’une communauté : ce qui reste à faire, le clore, le corriger (R-390, R-398)."""

import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cdp.actions import suivis as actions
from cdp.droits import DROITS_COMMUNAUTE, DROITS_SUIVI
from cdp.forms.comptes_rendus import ClotureForm, CorrectionSuiviForm
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie

CLOS_PAR_PAGE = 25


@require_GET
def liste(request, uuid):
    """Ce qui reste à faire, le plus en retard d’abord ; puis ce qui est clos (R-390)."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "voir_vie", communaute)
    lignes = communaute.suivis.select_related("personne", "rencontre", "clos_par")
    responsable = DROITS_COMMUNAUTE.peut(request.user, "planifier", communaute)
    aujourdhui = jour_local()
    ouverts = [
        {
            "suivi": suivi,
            "retard": bool(suivi.echeance and suivi.echeance < aujourdhui),
            "a_moi": suivi.personne_id == request.user.pk,
            "peut_clore": responsable or suivi.personne_id == request.user.pk,
        }
        for suivi in sorted(
            lignes.filter(clos_le__isnull=True), key=lambda suivi: (suivi.echeance or datetime.date.max, suivi.pk)
        )
    ]
    clos = Paginator(lignes.filter(clos_le__isnull=False).order_by("-clos_le", "-pk"), CLOS_PAR_PAGE)
    contexte = {
        "communaute": communaute,
        "ouverts": ouverts,
        "en_retard": sum(ligne["retard"] for ligne in ouverts),
        "page": clos.get_page(request.GET.get("page")),
        "responsable": responsable,
    }
    return render(request, "cdp/suivis.html", contexte)


def _liste(communaute):
    return reverse("cdp:communaute_suivis", args=[communaute.uuid])


def _suivi_ouvert(request, uuid, acte):
    """Rend (suivi, None), ou (suivi, renvoi à la liste) si une visite le trouve déjà clos."""
    suivi = DROITS_SUIVI.trouver(request.user, uuid=uuid)
    DROITS_SUIVI.exiger(request.user, acte, suivi)
    if request.method == "GET" and not suivi.est_ouvert:
        messages.info(request, f"Ce suivi est clos depuis le {suivi.clos_le:%Y-%m-%d}.")
        return suivi, redirect(_liste(suivi.communaute))
    return suivi, None


@require_http_methods(["GET", "POST"])
def clore(request, uuid):
    """Clore un suivi : il ne revient plus à l’ordre du jour."""
    suivi, renvoi = _suivi_ouvert(request, uuid, "clore")
    form = ClotureForm(donnees(request))
    return renvoi or page_de_saisie(
        request,
        "cdp/suivi_clore.html",
        form,
        agir=lambda: actions.clore_suivi(suivi, par=request.user, **form.cleaned_data),
        succes="Le suivi est clos.",
        retour=_liste(suivi.communaute),
        contexte=lambda: {"suivi": suivi, "communaute": suivi.communaute},
    )


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Corriger un suivi ouvert : ce qui est à faire, par qui, pour quand."""
    suivi, renvoi = _suivi_ouvert(request, uuid, "modifier")
    form = CorrectionSuiviForm(donnees(request), suivi=suivi)
    return renvoi or page_de_saisie(
        request,
        "cdp/suivi_modifier.html",
        form,
        agir=lambda: actions.modifier_suivi(suivi, par=request.user, **form.cleaned_data),
        succes="Le suivi est corrigé.",
        retour=_liste(suivi.communaute),
        contexte=lambda: {"suivi": suivi, "communaute": suivi.communaute},
    )
