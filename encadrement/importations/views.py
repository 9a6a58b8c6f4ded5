"""Importer un extrait RH : téléverser, lire la différence, appliquer, lire le rapport, annuler."""

from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from encadrement.importations import depots
from encadrement.importations.droits import DROITS_IMPORTATION
from encadrement.importations.forms import ExtraitForm, RetourForm
from encadrement.importations.models import EtatImportation, Importation
from encadrement.importations.rapport import empreinte_de, rapport_de
from encadrement.importations.trajectoire import IMPORTATION
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe

PAR_PAGE = 25
LIGNES = 100


@require_http_methods(["GET", "HEAD", "POST"])
def liste(request):
    """Les importations, la plus récente d’abord ; POST en dépose une, à confirmer."""
    DROITS_IMPORTATION.exiger(request.user, "voir", None)
    depose = DROITS_IMPORTATION.peut(request.user, "deposer", None)
    form, refus = ExtraitForm(*((request.POST, request.FILES) if request.method == "POST" else ())), []
    if request.method == "POST":
        DROITS_IMPORTATION.exiger(request.user, "deposer", None)
        if form.is_valid():
            donnees = form.cleaned_data
            try:
                return redirect(
                    depots.deposer_importation(donnees["fichier"], par=request.user, complete=donnees["complete"])
                )
            except ErreurMetier as erreur:
                refus = [erreur]
    importations = Importation.objects.select_related("fichier", "deposee_par").defer("rapport", "retour")
    contexte = {
        "form": form if depose else None,
        "refus": refus,
        "page": Paginator(importations, PAR_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "encadrement/importations/liste.html", contexte, status=409 if refus else 200)


@require_safe
def importation(request, uuid):
    """La différence à confirmer, ou le rapport de ce qui a été appliqué."""
    objet = DROITS_IMPORTATION.trouver(request.user, uuid=uuid)
    contexte = {"importation": objet, "refus": [], "tout": "tout" in request.GET, "lignes": LIGNES}
    try:
        contexte["rapport"] = _rapport(objet)
    except ErreurMetier as erreur:
        contexte |= {"rapport": objet.rapport, "refus": [erreur]}
    return render(request, "encadrement/importations/importation.html", contexte)


def _rapport(objet):
    """Rend la différence d’à présent si elle attend, sinon ce qui a été fait."""
    return rapport_de(depots.ecart_de(objet)) if objet.etat == EtatImportation.EN_ATTENTE else objet.rapport


@require_http_methods(["GET", "POST"])
def appliquer(request, uuid):
    """Relit la différence une dernière fois, puis l’applique : celle qui est à l’écran, aucune autre."""
    objet = DROITS_IMPORTATION.trouver(request.user, uuid=uuid)

    def contexte():
        rapport = _rapport(objet)
        return {"rapport": rapport, "empreinte": empreinte_de(rapport), "lignes": LIGNES, "tout": False}

    return page_du_verbe(
        request,
        objet,
        IMPORTATION["appliquer"],
        agir=lambda **_: depots.appliquer_importation(
            objet, par=request.user, empreinte=request.POST.get("empreinte", "")
        ),
        succes="La différence est appliquée; le rapport reste ici.",
        gabarit="encadrement/importations/appliquer.html",
        contexte=contexte,
        retour=objet,
    )


_verbe = partial(vue_du_verbe, DROITS_IMPORTATION, IMPORTATION)

abandonner = _verbe("abandonner", depots.abandonner_importation, "L’importation est abandonnée.")
annuler = _verbe(
    "annuler",
    depots.annuler_importation,
    "L’importation est annulée : tout est comme avant.",
    "encadrement/importations/annuler.html",
    form_class=RetourForm,
)
