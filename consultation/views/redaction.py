"""Écrire la demande : le premier échelon, puis, s’il faut y venir, le formulaire de la DSM (R-178, R-400)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from consultation.actions import demandes as actions
from consultation.droits import DROITS_DEMANDE
from consultation.forms.demandes import DemandeForm, ParticipantForm, RecherchesForm
from consultation.models import Ampleur, EtatConsultation
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier

AJOUTER, RETIRER = "ajouter_participant", "retirer_participant"


def _trouver(request, uuid):
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    DROITS_DEMANDE.exiger(request.user, "modifier", demande)
    return demande


def _form_class(demande):
    return DemandeForm if demande.etat == EtatConsultation.FORMULAIRE else RecherchesForm


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request, uuid):
    """La demande à écrire ; sans JavaScript, chaque bouton enregistre tout, puis fait son geste."""
    demande = _trouver(request, uuid)
    if request.method != "POST":
        if not demande.est_modifiable:
            messages.info(request, "Cette demande n’est plus en rédaction\xa0: voici où elle en est.")
            return redirect(demande)
        return _page(request, demande, _form_class(demande)(demande=demande), ParticipantForm())
    ajout = _ajout(request)
    try:
        _changer_le_groupe(request, demande, ajout)
        form = _form_class(demande)(_donnees(request, ajout), demande=demande)
        form.is_valid()
        conflits = _enregistrer(request, demande, form, form.cleaned_data.get("sujet_libre", ""))
    except ErreurMetier as erreur:
        form = _form_class(demande)(request.POST, demande=demande)
        return _page(request, demande, form, ajout, refus=[erreur], statut=409)
    if form.errors or conflits or ajout.errors:
        form = _reprendre(demande, form, conflits)
        return _page(request, demande, form, ajout, conflits=conflits, statut=409 if conflits else 200)
    return _suite(request, demande)


def _ajout(request):
    """Rend le formulaire du participant, rempli dès qu’un nom y est écrit : la touche Entrée ne le perd pas."""
    voulu = request.POST.get("personne", "").strip() or request.POST.get("geste") == AJOUTER
    return ParticipantForm(request.POST if voulu else None)


def _changer_le_groupe(request, demande, ajout):
    if ajout.is_valid():
        actions.ajouter_participant(demande, ajout.cleaned_data["personne"], par=request.user)
    geste, _, cible = request.POST.get("geste", "").partition(":")
    if geste == RETIRER:
        personne = next((p for p in demande.participants.all() if str(p.uuid) == cible), None)
        if personne is not None:
            actions.retirer_participant(demande, personne, par=request.user)


def _donnees(request, ajout):
    """Rend ce qui est posté ; ajouter quelqu’un, c’est consulter en groupe, quoi que dise le choix resté à l’écran."""
    if not ajout.is_valid():
        return request.POST
    donnees = request.POST.copy()
    donnees["ampleur"] = Ampleur.GROUPE
    return donnees


def _enregistrer(request, demande, form, sujet_libre=""):
    return actions.fusionner_demande(
        demande,
        par=request.user,
        saisi=form.saisi,
        temoins=temoins_de(request.POST),
        libelles=form.libelles,
        sujet_libre=sujet_libre,
    )


def _suite(request, demande):
    geste = request.POST.get("geste", "enregistrer").partition(":")[0]
    if geste == "soumettre":
        return redirect("consultation:demande_soumettre", demande.uuid)
    if geste == "transmettre":
        return redirect("consultation:demande_transmettre", demande.uuid)
    if geste in (AJOUTER, RETIRER) or request.POST.get("personne", "").strip():
        return redirect(reverse("consultation:demande_modifier", args=[demande.uuid]) + "#groupe")
    messages.success(request, "Votre demande est enregistrée.")
    return redirect(demande)


@require_POST
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe, même incomplet ; répond en JSON à brouillon.js."""
    demande = _trouver(request, uuid)
    form = _form_class(demande)(request.POST, demande=demande, brouillon=True)
    return repondre_au_brouillon(form, lambda: (_enregistrer(request, demande, form), actions.valeurs_demande(demande)))


def _reprendre(demande, form, conflits):
    donnees = donnees_a_reprendre(form, actions.valeurs_demande(demande), conflits)
    return type(form)(donnees, demande=demande)


def _page(request, demande, form, ajout, *, conflits=(), refus=(), statut=200):
    contexte = {
        "demande": demande,
        "form": form,
        "ajout": ajout,
        "participants": demande.participants.select_related("titre_emploi", "service"),
        "conflits": conflits,
        "refus": refus,
        "au_formulaire": demande.etat == EtatConsultation.FORMULAIRE,
        "renvoi": _dernier_renvoi(demande),
    }
    return render(request, "consultation/demande_modifier.html", contexte, status=statut)


def _dernier_renvoi(demande):
    """Rend le renvoi de la DSM s’il est ce qui vient d’arriver à la demande, ou None."""
    dernier = demande.passages.select_related("par").last()
    return dernier if dernier and dernier.transition == "renvoyer" else None
