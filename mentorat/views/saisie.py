"""La page d’une saisie ordinaire : montrer, agir, et garder à l’écran tout ce qui est saisi si une règle refuse."""

from django.contrib import messages
from django.shortcuts import redirect, render

from encadrement.socle.erreurs import ErreurMetier


def page_de_saisie(request, gabarit, form, *, agir, succes, retour, contexte):
    """Montre un formulaire ; valide, agit par `agir()` et redirige ; refusé par une règle, réaffiche la saisie (409).

    `contexte()` n’est appelé que si la page se montre : c’est là que se consigne une lecture confidentielle.
    """
    refus, statut = (), 200
    if form.is_bound and form.is_valid():
        try:
            agir()
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            messages.success(request, succes)
            return redirect(retour)
    return render(request, gabarit, {"form": form, "refus": refus, **contexte()}, status=statut)


def donnees(request):
    """Rend ce qui est posté, ou None : un envoi vide n’est pas une visite."""
    return request.POST if request.method == "POST" else None
