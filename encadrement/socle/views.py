"""Pages sans métier : santé du service, jeton de formulaire périmé."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@login_not_required
@never_cache
def sante(request):
    """Dit que ce processus répond ; relancer le web ne rendrait pas la base. Ce qui doit marcher autour : /sante/pret/."""
    return JsonResponse({"etat": "en santé"})


@login_not_required
def jeton_perime(request, reason=""):
    """Le formulaire a été envoyé avec un jeton d’une autre session : on l’explique, sans rien perdre en base."""
    return render(request, "erreurs/jeton.html", {"retour": request.META.get("HTTP_REFERER", "")}, status=403)
