"""Écrire la demande au comité : l’annexe 11 reconstituée, enregistrée à mesure, sans rien garder au navigateur (R-220)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from concertation.actions import situations as actions
from concertation.droits import DROITS_SITUATION
from concertation.forms.situations import SituationForm
from concertation.views.zone import en_zone
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier

_RENVOIS = {"renvoyer", "demander_precisions"}


def _a_ecrire(request, uuid):
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, "modifier", situation)
    return situation


@require_http_methods(["GET", "HEAD", "POST"])
@en_zone
def modifier(request, uuid):
    """La demande à écrire ; incomplète, elle s’enregistre quand même."""
    situation = _a_ecrire(request, uuid)
    if request.method != "POST":
        if not situation.est_modifiable:
            messages.info(request, "Cette demande n’est plus en rédaction\xa0: voici où elle en est.")
            return redirect(situation)
        return _page(request, situation)
    form = SituationForm(request.POST, situation=situation, valeurs={})
    form.is_valid()
    try:
        conflits, _ = _enregistrer(request, situation, form)
    except ErreurMetier as erreur:
        return _page(request, situation, form, refus=[erreur])
    if form.errors or conflits:
        return _page(request, situation, form, conflits=conflits)
    if request.POST.get("geste") == "soumettre":
        return redirect("concertation:situation_soumettre", situation.uuid)
    messages.success(request, "Votre demande est enregistrée.")
    return redirect(situation)


@require_POST
@en_zone
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe, même incomplet ; répond en JSON à brouillon.js."""
    situation = _a_ecrire(request, uuid)
    form = SituationForm(request.POST, situation=situation, valeurs={}, brouillon=True)

    def enregistrer():
        conflits, valeurs = _enregistrer(request, situation, form)
        # Un texte gardé qui n’est pas celui de la page part avec la réponse : c’est une lecture.
        saisi = form.saisi
        montres = [champ for champ in actions.CHAMPS_DU_RECIT if saisi.get(champ, valeurs[champ]) != valeurs[champ]]
        if montres:
            actions.consigner_la_relecture(situation, montres, par=request.user)
        return conflits, valeurs

    return repondre_au_brouillon(form, enregistrer)


def _enregistrer(request, situation, form):
    return actions.fusionner_situation(
        situation, par=request.user, saisi=form.saisi, temoins=temoins_de(request.POST), libelles=form.libelles
    )


def _page(request, situation, form=None, *, conflits=(), refus=()):
    """Montre la demande à écrire ; ce qu’elle montre du récit vient d’être consigné."""
    valeurs = actions.relire_pour_ecrire(situation, par=request.user)
    donnees = None
    if form is not None:
        # Refusée tout entière, la saisie se remontre telle quelle.
        donnees = form.data if refus else donnees_a_reprendre(form, valeurs, conflits)
    contexte = {
        "situation": situation,
        "form": SituationForm(donnees, situation=situation, valeurs=valeurs),
        "conflits": conflits,
        "refus": refus,
        "renvoi": _dernier_renvoi(situation),
    }
    statut = 409 if conflits or refus else 200
    return render(request, "concertation/situation_modifier.html", contexte, status=statut)


def _dernier_renvoi(situation):
    """Rend le renvoi si c’est ce qui vient d’arriver à la demande, ou None."""
    dernier = situation.passages.select_related("par").last()
    return dernier if dernier and dernier.transition in _RENVOIS else None
