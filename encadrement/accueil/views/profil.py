"""Mon profil : ce que l’application sait de moi, mes rôles, mes courriels, mes données."""

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from encadrement.accueil.forms import PreferenceForm
from encadrement.accueil.mes_donnees import en_csv, en_json, rubriques_de
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import choisir_cadence
from encadrement.notifications.models import Cadence, Preference
from encadrement.parametres.droits import DROITS_PARAMETRE
from encadrement.personnes.comptes import passe_par_l_etablissement
from encadrement.personnes.ordres import au_long

_FORMES = {"json": (en_json, "application/json"), "csv": (en_csv, "text/csv; charset=utf-8")}


@require_http_methods(["GET", "HEAD", "POST"])
def profil(request):
    """Montre mes données d’emploi, mes rôles et leurs dates ; POST retient ma préférence de courriel."""
    personne = request.user
    preference = Preference.objects.filter(personne=personne).first()
    form = PreferenceForm(
        request.POST if request.method == "POST" else None,
        initial={"resume": preference.resume if preference else Cadence.QUOTIDIEN},
    )
    if form.is_valid():
        choisir_cadence(personne, form.cleaned_data["resume"])
        messages.success(request, "Votre préférence de courriel est retenue.")
        return redirect("accueil:profil")
    contexte = {
        "personne": personne,
        "ordre": au_long(personne.ordre),
        "attributions": personne.attributions.en_vigueur(),
        "directions": personne.directions_dirigees.all(),
        "supervisees": personne.supervisees.filter(is_active=True).count(),
        "mot_de_passe_local": not passe_par_l_etablissement(personne),
        "second_facteur": get_adapter().is_mfa_enabled(personne),
        "lit_les_parametres": DROITS_PARAMETRE.peut(personne, "voir", None),
        "form": form,
    }
    return render(request, "encadrement/accueil/profil.html", contexte)


@require_safe
def mes_donnees(request):
    """Rend mes données en un fichier JSON ou CSV (?forme=csv), et consigne l’exportation (O-13, N-09)."""
    forme = request.GET.get("forme", "json")
    ecrire, type_ = _FORMES.get(forme, _FORMES["json"])
    with transaction.atomic():
        rubriques = rubriques_de(request.user)
        consigner(
            "accueil.mes_donnees",
            request.user,
            par=request.user,
            details={"forme": forme[:10], "lignes": sum(map(len, rubriques.values()))},
        )
    reponse = HttpResponse(ecrire(rubriques), content_type=type_)
    extension = "csv" if ecrire is en_csv else "json"
    reponse.headers["Content-Disposition"] = f'attachment; filename="mes-donnees.{extension}"'
    return reponse
