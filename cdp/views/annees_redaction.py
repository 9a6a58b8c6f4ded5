"""Rédiger le plan ou le rapport : page entière ou enregistrement automatique, lignes ajoutées et retirées par le serveur."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cdp.actions.annees import (
    COLONNES,
    DROITS,
    NATURES,
    ajouter_ligne,
    ecrire,
    reprendre_les_precisions,
    retirer_ligne,
    valeurs,
)
from cdp.actions.contenus_annuels import membres_de_l_annee
from cdp.forms.annees import PREFIXE_LIGNE
from cdp.models import LIGNES_MAXIMUM, PLAFOND_MINUTES
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier

CONFIRMER = "confirmer"


def page_de_redaction(modele, form_class):
    """Rend la vue qui montre et enregistre tout le document ; sans JavaScript, chaque bouton fait son geste ensuite."""

    @require_http_methods(["GET", "POST"])
    def modifier(request, uuid):
        document = _trouver(request, modele, uuid)
        if request.method == "GET":
            if not document.est_modifiable:
                return redirect(document)
            return _page(request, document, form_class(document=document))
        form = form_class(request.POST, document=document)
        form.is_valid()
        try:
            conflits = _enregistrer(request, document, form)
        except ErreurMetier as erreur:
            return _page(request, document, form, refus=[erreur], statut=409)
        return _faire_puis_repondre(request, document, form, conflits)

    return modifier


def page_du_brouillon(modele, form_class):
    """Rend la vue qui enregistre pendant la frappe et répond en JSON à brouillon.js."""

    @require_POST
    def enregistrer_brouillon(request, uuid):
        document = _trouver(request, modele, uuid)
        form = form_class(request.POST, document=document)
        return repondre_au_brouillon(form, lambda: (_enregistrer(request, document, form), valeurs(document)))

    return enregistrer_brouillon


def _trouver(request, modele, uuid):
    document = DROITS[modele].trouver(request.user, uuid=uuid)
    DROITS[modele].exiger(request.user, "modifier", document)
    return document


def _enregistrer(request, document, form):
    return ecrire(
        document, par=request.user, saisi=form.saisi, temoins=temoins_de(request.POST), libelles=form.libelles
    )


def _faire_puis_repondre(request, document, form, conflits):
    geste, _, cible = request.POST.get("geste", "enregistrer").partition(":")
    try:
        ancre = _faire(request, document, geste, cible)
    except ErreurMetier as erreur:
        return _page(request, document, _reprendre(document, form, conflits), conflits, 409, [erreur])
    if ancre == CONFIRMER:
        return _confirmer_retrait(request, document, type(form), int(cible))
    if form.errors or conflits:
        return _page(request, document, _reprendre(document, form, conflits), conflits, 409 if conflits else 200)
    nom = NATURES[type(document)]
    if geste == "soumettre":
        return redirect(f"cdp:{nom}_soumettre", uuid=document.uuid)
    if geste == "enregistrer":
        messages.success(request, f"Le {nom} est enregistré.")
    return redirect(reverse(f"cdp:{nom}_modifier", args=[document.uuid]) + ancre)


def _faire(request, document, geste, cible):
    """Fait le geste d’un bouton et rend l’ancre où reprendre, ou CONFIRMER s’il effacerait du texte."""
    if geste == "ajouter_ligne":
        return f"#ligne-{ajouter_ligne(document, par=request.user, affichees=_affichees(request)).pk}"
    if geste == "reprendre" and NATURES[type(document)] == "rapport":
        _reprendre_les_precisions(request, document)
        return "#bilan"
    if geste == "retirer_ligne" and cible.isascii() and cible.isdigit():
        if _textes_de(document, int(cible)) and "confirme" not in request.POST:
            return CONFIRMER
        retirer_ligne(document, int(cible), par=request.user)
        return "#objectifs"
    return ""


def _reprendre_les_precisions(request, rapport):
    if reprendre_les_precisions(rapport, par=request.user):
        messages.success(request, "Les précisions des comptes rendus sont reprises; relisez-les.")
    else:
        messages.info(request, "Tout ce que disent les comptes rendus est déjà dans les précisions.")


def _affichees(request):
    """Rend les clés des lignes que la page montrait."""
    cles = {champ.split("-")[1] for champ in request.POST if champ.startswith(PREFIXE_LIGNE)}
    return [int(cle) for cle in cles if cle.isascii() and cle.isdigit()]


def _textes_de(document, pk):
    ligne = document.lignes.filter(pk=pk).first()
    colonnes = COLONNES[type(document)] if ligne else ()
    return [texte for colonne in colonnes if (texte := getattr(ligne, colonne))]


def _confirmer_retrait(request, document, form_class, pk):
    contexte = {
        "document": document,
        "communaute": document.communaute,
        "geste": f"retirer_ligne:{pk}",
        "textes": _textes_de(document, pk),
        "form": form_class(document=document),
        "retour": reverse(f"cdp:{NATURES[type(document)]}_modifier", args=[document.uuid]),
    }
    return render(request, "cdp/annees_retirer_ligne.html", contexte)


def _reprendre(document, form, conflits):
    return type(form)(donnees_a_reprendre(form, valeurs(document), conflits), document=document)


def _page(request, document, form, conflits=(), statut=200, refus=()):
    nom = NATURES[type(document)]
    contexte = {
        "document": document,
        "communaute": document.communaute,
        "form": form,
        "rangees": form.rangees(),
        "conflits": conflits,
        "refus": refus,
        "dernier_renvoi": document.passages.filter(transition="renvoyer").last(),
        "maximum_atteint": len(form.lignes) >= LIGNES_MAXIMUM,
        "url_brouillon": reverse(f"cdp:{nom}_brouillon", args=[document.uuid]),
    }
    contexte |= _propre_au_plan(document) if nom == "plan" else _propre_au_rapport(document, form)
    return render(request, f"cdp/{nom}_modifier.html", contexte, status=statut)


def _propre_au_plan(plan):
    return {"temps": temps_prevu(plan)}


def _propre_au_rapport(rapport, form):
    return {"membres": membres_de_l_annee(rapport), "bilan": form.bilan()}


def temps_prevu(plan):
    """Rend les minutes que les rencontres prévues demandent à un membre, contre les 24 h de l’année (R-126)."""
    prevu = (plan.rencontres_prevues or 0) * (plan.duree_prevue or 0)
    return {
        "prevu": prevu,
        "plafond": PLAFOND_MINUTES,
        "restant": max(0, PLAFOND_MINUTES - prevu),
        "de_trop": max(0, prevu - PLAFOND_MINUTES),
    }
