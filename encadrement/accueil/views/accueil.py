"""À faire, ce qui a bougé, la recherche, qui doit faire quoi."""

from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from encadrement.accueil.a_faire import dossiers_de, taches_de
from encadrement.accueil.recherche import MINIMUM, chercher
from encadrement.accueil.responsabilites import groupes_pour
from encadrement.notifications.actions import marquer_lus
from encadrement.notifications.models import Courriel
from encadrement.parametres.lecture import valeur

FIL = 12
DOSSIERS = 30


@require_safe
def a_faire(request):
    """Première page de chacun : ce qui l’attend, ses dossiers, ce qui a bougé."""
    taches, dossiers = taches_de(request.user), dossiers_de(request.user)
    fil = list(Courriel.objects.fil_de(request.user)[:FIL])
    return render(
        request,
        "encadrement/accueil/a_faire.html",
        {
            "message": valeur("textes.accueil"),
            "en_retard": [tache for tache in taches if tache.retard],
            "a_venir": [tache for tache in taches if not tache.retard],
            "dossiers": dossiers[:DOSSIERS],
            "dossiers_de_plus": max(0, len(dossiers) - DOSSIERS),
            "fil": fil,
            "non_lus": any(not courriel.est_lu for courriel in fil),
        },
    )


@require_POST
def fil_lu(request):
    """Marque lu ce que la personne avait à l’écran ; ce qui est arrivé depuis reste nouveau."""
    marquer_lus(request.user, jusqu_a=parse_datetime(request.POST.get("jusqu_a", "")))
    return redirect("accueil:a_faire")


@require_safe
def recherche(request):
    """Cherche une personne de l’établissement et, dans mes dossiers, ce qui porte ces mots."""
    texte = request.GET.get("q", "").strip()[:100]
    resultat = chercher(request.user, texte)
    contexte = {"texte": texte, "resultat": resultat, "minimum": MINIMUM}
    return render(request, "encadrement/accueil/recherche.html", contexte)


@require_safe
def qui_doit_faire_quoi(request):
    """Montre les responsabilités que le cadre confie à chacun, les miennes d’abord (R-018 à R-041)."""
    return render(request, "encadrement/accueil/qui_doit_faire_quoi.html", {"groupes": groupes_pour(request.user)})
