"""Les sondes, et le registre des courriels du pilote."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from encadrement.notifications.actions import trancher_envoi
from encadrement.notifications.retenus import relacher, retenus
from encadrement.socle.erreurs import ErreurMetier
from encadrement.supervision import metriques as mesures_du_service
from encadrement.supervision import registre
from encadrement.supervision.controles import PANNE, relever
from encadrement.supervision.droits import DROITS_COURRIEL
from encadrement.supervision.forms import FiltreDesCourriels, RetenusForm
from encadrement.supervision.models import Panne

PAR_PAGE = 50
BOUCLE_LOCALE = {"127.0.0.1", "::1"}
# Qui frappe à répétition ne fait pas refaire les contrôles.
REPIT = 5
_dernier_etat = {"le": float("-inf"), "pret": False}


@login_not_required
@never_cache
@require_safe
def pret(request):
    """Dit si tout ce qu’il faut autour marche : 200, ou 503. Le détail est à la machine, ou au jeton."""
    if not _lit_le_detail(request):
        return _repondre(_pret_depuis_peu())
    releve = relever()
    detail = {
        controle.nom: {"etat": controle.etat, "phrase": controle.phrase, "valeur": controle.valeur}
        for controle in releve
    }
    return _repondre(_tout_marche(releve), controles=detail)


@login_not_required
@never_cache
@require_safe
def metriques(request):
    """Les métriques de Prometheus, si elles sont allumées, à la machine ou au jeton ; sinon cette adresse n’existe pas."""
    if not settings.METRIQUES or not _lit_le_detail(request):
        raise Http404
    return HttpResponse(mesures_du_service.metriques(), content_type=CONTENT_TYPE_LATEST)


def _repondre(va, **detail):
    etat = {"etat": "prêt" if va else "pas prêt", **detail}
    return JsonResponse(etat, status=200 if va else 503, json_dumps_params={"ensure_ascii": False})


def _tout_marche(releve):
    return all(controle.etat != PANNE for controle in releve)


def _pret_depuis_peu():
    if time.monotonic() - _dernier_etat["le"] > REPIT:
        _dernier_etat.update(pret=_tout_marche(relever()), le=time.monotonic())
    return _dernier_etat["pret"]


def _lit_le_detail(request):
    donne = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.SANTE_JETON and constant_time_compare(donne, settings.SANTE_JETON):
        return True
    # Le mandataire est sur la même machine : ce qui passe par lui vient d’ailleurs, et il le dit toujours.
    return request.META.get("REMOTE_ADDR") in BOUCLE_LOCALE and "X-Forwarded-For" not in request.headers


# --- Le registre des courriels ----------------------------------------------------------------------------------


@require_safe
def courriels(request):
    """Où en est chaque envoi, sans son contenu ; ce qui est incertain ou refusé attend une décision."""
    DROITS_COURRIEL.exiger(request.user, "voir", None)
    return _page(request)


def _page(request, refus=()):
    filtre = FiltreDesCourriels(request.GET)
    filtre.is_valid()
    choisis = {champ: valeur for champ, valeur in filtre.cleaned_data.items() if valeur}
    page = Paginator(registre.envois(**choisis), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "filtre": filtre,
        "page": page,
        "lignes": registre.lignes(page),
        "comptes": registre.comptes(),
        "retenus": retenus().count(),
        "pannes": Panne.objects.filter(fin=None),
        "refus": refus,
    }
    return render(request, "encadrement/supervision/courriels.html", contexte, status=409 if refus else 200)


@require_POST
def relancer(request, uuid):
    """Renvoie un courriel incertain ou refusé, sous le même identifiant."""
    return _trancher(request, uuid, renvoyer=True, succes="Le courriel est remis en file.")


@require_POST
def abandonner(request, uuid):
    """Renonce à un courriel incertain ou refusé."""
    return _trancher(request, uuid, renvoyer=False, succes="Le courriel est abandonné.")


def _trancher(request, uuid, *, renvoyer, succes):
    courriel = DROITS_COURRIEL.trouver(request.user, uuid=uuid)
    DROITS_COURRIEL.exiger(request.user, "trancher", courriel)
    try:
        trancher_envoi(courriel, par=request.user, renvoyer=renvoyer)
    except ErreurMetier as erreur:
        return _page(request, [erreur])
    messages.success(request, succes)
    return _vers_ce_qui_reste()


@require_POST
def relacher_retenus(request):
    """Envoie ou abandonne d’un coup ce qu’une restauration retient."""
    DROITS_COURRIEL.exiger(request.user, "trancher", None)
    form = RetenusForm(request.POST)
    if not form.is_valid():
        return _page(request, [ErreurMetier(form.errors["decision"][0])])
    renvoyer = form.cleaned_data["decision"] == "renvoyer"
    combien = relacher(par=request.user, renvoyer=renvoyer)
    messages.success(request, f"Courriels {'remis en file' if renvoyer else 'abandonnés'}\u00a0: {combien}.")
    return _vers_ce_qui_reste()


def _vers_ce_qui_reste():
    return redirect(f"{reverse('supervision:courriels')}?etat={registre.A_DECIDER}")
