"""Identifier un expert : le gestionnaire dans son équipe, la DSM et ses APPR dans tout l’établissement (R-194, R-200)."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consultation.actions.bottin import identifier_expert
from consultation.droits import SOUTIEN_DSM
from consultation.forms.bottin import ChercherPersonneForm, IdentificationForm
from encadrement.acces.matrice import AccesRefuse
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees

RESULTATS_MAXIMUM = 20


def peut_identifier(personne):
    """Dit si la personne peut identifier quelqu’un : elle soutient la mesure, ou elle a une équipe."""
    return _soutient(personne) or _equipe(personne).exists()


@require_http_methods(["GET", "POST"])
def identifier(request):
    """Choisir la personne et nommer son expertise ; elle acceptera, ou déclinera."""
    if not peut_identifier(request.user):
        raise AccesRefuse(
            "Identifier un expert revient au gestionnaire d’une équipe et à la DSM.",
            acte="consultation.ficheexpert.identifier",
        )
    cherche = ChercherPersonneForm(request.GET)
    texte = cherche.cleaned_data["q"] if cherche.is_valid() else ""
    permises, choix = _personnes(request.user, texte)
    form = IdentificationForm(donnees(request), permises=permises, choix=choix)
    refus = []
    if form.is_valid():
        try:
            fiche = identifier_expert(par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, f"L’offre est partie à {fiche.personne}\u00a0: sa réponse vous reviendra.")
            return redirect(fiche)
    contexte = {
        "form": form,
        "refus": refus,
        "cherche": cherche,
        "texte": texte,
        "choix": choix,
        "par_recherche": _soutient(request.user),
    }
    return render(request, "consultation/expert_identifier.html", contexte, status=409 if refus else 200)


def _personnes(personne, texte):
    """Rend les personnes que celle-ci peut identifier, et celles que la page montre."""
    if not _soutient(personne):
        equipe = _equipe(personne)
        return equipe, list(equipe.avec_poste())
    permises = Personne.objects.actives().exclude(pk=personne.pk)
    if len(texte) < 2:
        return permises, []
    nommees = Personne.objects.chercher(texte).values("pk")
    trouvees = permises.filter(Q(pk__in=nommees) | Q(matricule__iexact=texte))
    return permises, list(trouvees.avec_poste().order_by("nom", "prenom")[:RESULTATS_MAXIMUM])


def _equipe(personne):
    return Personne.objects.actives().filter(superieur__in=sorted(personne.represente_ids)).exclude(pk=personne.pk)


def _soutient(personne):
    return any(role.tenu_par(personne, None) for role in SOUTIEN_DSM)
