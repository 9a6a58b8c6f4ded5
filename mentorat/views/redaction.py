"""Rédiger l’entente : page entière ou enregistrement automatique, lignes ajoutées et retirées par le serveur."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from mentorat.actions.ententes import (
    ajouter_activite,
    ajouter_objectif,
    ecrire_entente,
    retirer_activite,
    retirer_objectif,
    valeurs_entente,
)
from mentorat.droits import DROITS_ENTENTE
from mentorat.forms.ententes import EntenteForm


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """La page de l’annexe 4 à remplir ; sans JavaScript, chaque bouton enregistre tout puis fait son geste."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, "modifier", entente)
    if request.method == "GET":
        if not entente.est_modifiable:
            return redirect(entente)
        return _page(request, entente, EntenteForm(entente=entente))
    form = EntenteForm(request.POST, entente=entente)
    form.is_valid()
    try:
        conflits = _enregistrer(request, entente, form)
    except ErreurMetier as erreur:
        return _page(request, entente, form, refus=[erreur], statut=409)
    geste, _, cible = request.POST.get("geste", "enregistrer").partition(":")
    try:
        ancre = _faire(entente, geste, cible, request)
    except ErreurMetier as erreur:
        repris = _reprendre(entente, form, conflits)
        return _page(request, entente, repris, conflits, refus=[erreur], statut=409)
    if ancre == "confirmer":
        return _confirmer_retrait(request, entente, geste, cible)
    if form.errors or conflits:
        return _page(request, entente, _reprendre(entente, form, conflits), conflits, 409 if conflits else 200)
    if geste == "soumettre":
        return redirect("mentorat:entente_soumettre", uuid=entente.uuid)
    if geste == "enregistrer":
        messages.success(request, "L’entente est enregistrée.")
    return redirect(reverse("mentorat:entente_modifier", args=[entente.uuid]) + ancre)


@require_POST
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe ; répond en JSON à brouillon.js."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, "modifier", entente)
    form = EntenteForm(request.POST, entente=entente)
    return repondre_au_brouillon(form, lambda: (_enregistrer(request, entente, form), valeurs_entente(entente)))


def _enregistrer(request, entente, form):
    return ecrire_entente(
        entente, par=request.user, saisi=form.saisi, temoins=temoins_de(request.POST), libelles=form.libelles
    )


def _reprendre(entente, form, conflits):
    return EntenteForm(donnees_a_reprendre(form, valeurs_entente(entente), conflits), entente=entente)


def _faire(entente, geste, cible, request):
    """Fait le geste d’un bouton et rend l’ancre où reprendre, ou « confirmer » s’il effacerait du texte."""
    par = request.user
    if geste == "ajouter_objectif":
        return f"#objectif-{ajouter_objectif(entente, par=par, affiches=_affichees(request, 'objectif-')).pk}"
    if not (cible.isascii() and cible.isdigit()):
        return ""
    if geste == "ajouter_activite":
        affichees = _affichees(request, "activite-")
        return f"#activite-{ajouter_activite(entente, int(cible), par=par, affichees=affichees).pk}"
    retraits = {"retirer_objectif": retirer_objectif, "retirer_activite": retirer_activite}
    if geste in retraits:
        if _textes_de(entente, geste, int(cible)) and "confirme" not in request.POST:
            return "confirmer"
        retraits[geste](entente, int(cible), par=par)
        return "#objectifs"
    return ""


def _affichees(request, prefixe):
    """Rend les clés des lignes que la page montrait."""
    cles = [champ.removeprefix(prefixe) for champ in request.POST if champ.startswith(prefixe)]
    return [int(cle) for cle in cles if cle.isascii() and cle.isdigit()]


def _textes_de(entente, geste, cible):
    valeurs = valeurs_entente(entente)
    if geste == "retirer_activite":
        cles = [f"activite-{cible}"]
    else:
        objectif = entente.objectifs.filter(pk=cible).first()
        activites = objectif.activites.all() if objectif else []
        cles = [f"objectif-{cible}", *(f"activite-{activite.pk}" for activite in activites)]
    return [valeurs[cle] for cle in cles if valeurs.get(cle)]


def _confirmer_retrait(request, entente, geste, cible):
    contexte = {
        "entente": entente,
        "geste": f"{geste}:{cible}",
        "textes": _textes_de(entente, geste, int(cible)),
        "form": EntenteForm(entente=entente),
    }
    return render(request, "mentorat/entente_retirer_ligne.html", contexte)


def _page(request, entente, form, conflits=(), statut=200, refus=()):
    contexte = {
        "entente": entente,
        "form": form,
        "rangees": form.rangees(),
        "conflits": conflits,
        "refus": refus,
        "autre": entente.mentore if request.user.pk == entente.mentor_id else entente.mentor,
    }
    return render(request, "mentorat/entente_modifier.html", contexte, status=statut)
