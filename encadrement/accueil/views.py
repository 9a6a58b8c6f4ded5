"""Les pages communes : à faire, recherche, profil, délégations, rôles."""

from django.shortcuts import render

from encadrement.accueil.a_faire import taches_de


def a_faire(request):
    """Première page de chacun : ce qui l’attend, ses dossiers, ce qui a bougé."""
    return render(request, "encadrement/accueil/a_faire.html", {"taches": taches_de(request.user)})
