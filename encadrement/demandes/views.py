"""Les demandes de service à la DSM : la liste, écrire, signer et transmettre, prendre en charge, clore (R-065, R-136)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from encadrement.accueil.mesures import mesures
from encadrement.demandes import actions
from encadrement.demandes.contenu import contenu_a_lire
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.forms import CloreForm, DemandeServiceForm, FiltreDemandes, RelectureForm, RenvoiForm
from encadrement.demandes.models import EtatService
from encadrement.demandes.suites import suite_de
from encadrement.demandes.trajectoire import SERVICE
from encadrement.signatures.models import empreinte_de
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.dessin import boutons
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe

PAR_PAGE = 25
ENGAGEMENT = "J’ai relu cette demande\u00a0: elle ne nomme aucun usager, et je la transmets à la DSM."


def _nom_de_la_mesure(code):
    return next((mesure.nom for mesure in mesures() if mesure.code == code), "")


@require_GET
def liste(request):
    """Ce que la personne a à prendre en charge, puis toutes les demandes qu’elle peut voir."""
    filtre = FiltreDemandes(request.GET)
    filtre.is_valid()
    visibles = DROITS_SERVICE.objets(request.user).select_related("demandeur__service", "prise_en_charge_par")
    demandes = visibles
    for champ in ("etat", "volet"):
        if filtre.cleaned_data.get(champ):
            demandes = demandes.filter(**{champ: filtre.cleaned_data[champ]})
    a_traiter = visibles.filter(
        DROITS_SERVICE.condition(request.user, "prendre_en_charge"),
        etat__in=(EtatService.TRANSMISE, EtatService.PRISE_EN_CHARGE),
    )
    contexte = {
        "a_traiter": a_traiter.order_by("depuis")[:PAR_PAGE],
        "page": Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page")),
        "filtre": filtre,
    }
    return render(request, "encadrement/demandes/liste.html", contexte)


@require_POST
def ouvrir_soutien(request):
    """Commence une demande de soutien d’un APPR pour une mesure (`?mesure=`), ou mène à celle déjà en rédaction."""
    mesure = request.GET.get("mesure", "")
    if mesure and not _nom_de_la_mesure(mesure):
        raise Http404
    demande = actions.ouvrir_soutien(par=request.user, mesure=mesure)
    return redirect("demandes:demande_modifier", demande.uuid)


@require_GET
def voir(request, uuid):
    """Le dossier d’une demande : où elle en est, qui s’en charge, ce qu’elle dit, ce qui a été fait."""
    demande = DROITS_SERVICE.trouver(request.user, uuid=uuid)
    suite = suite_de(demande)
    instantane = None if demande.est_modifiable else demande.instantane
    contexte = {
        "demande": demande,
        "mesure": _nom_de_la_mesure(demande.mesure),
        "contenu": contenu_a_lire(demande),
        "suite": suite,
        "adresse_de_la_suite": suite.adresse(demande) if suite else "",
        "boutons": [
            bouton for bouton in boutons(demande, request.user) if not (suite and bouton["code"] == "transmettre")
        ],
        "pdf": getattr(instantane, "document", None),
        "signatures": instantane.signatures.select_related("au_nom_de") if instantane else (),
        "modifiable": not suite and demande.est_modifiable and DROITS_SERVICE.peut(request.user, "modifier", demande),
        "dernier_renvoi": _dernier_renvoi(demande),
    }
    return render(request, "encadrement/demandes/demande.html", contexte)


def _dernier_renvoi(demande):
    return demande.passages.filter(transition="renvoyer").last() if demande.est_modifiable else None


# — Écrire


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Le formulaire de l’annexe 11 à remplir ; incomplet, il s’enregistre quand même."""
    demande = _a_ecrire(request, uuid)
    if suite_de(demande) is not None:
        return redirect(demande)
    if request.method == "GET":
        if not demande.est_modifiable:
            messages.info(request, "Cette demande est transmise\u00a0: elle ne se modifie plus.")
            return redirect(demande)
        return _page(request, demande, DemandeServiceForm(demande=demande))
    form = DemandeServiceForm(request.POST, demande=demande)
    form.is_valid()
    try:
        conflits = _enregistrer(request, demande, form)
    except ErreurMetier as erreur:
        return _page(request, demande, form, refus=[erreur], statut=409)
    if form.errors or conflits:
        repris = DemandeServiceForm(
            donnees_a_reprendre(form, DemandeServiceForm.valeurs_de(demande), conflits), demande=demande
        )
        return _page(request, demande, repris, conflits, statut=409 if conflits else 200)
    if request.POST.get("suite") == "transmettre":
        return redirect("demandes:demande_transmettre", demande.uuid)
    messages.success(request, "Votre demande est enregistrée.")
    return redirect(demande)


@require_POST
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe ; répond en JSON à brouillon.js."""
    demande = _a_ecrire(request, uuid)
    form = DemandeServiceForm(request.POST, demande=demande, brouillon=True)
    return repondre_au_brouillon(
        form, lambda: (_enregistrer(request, demande, form), DemandeServiceForm.valeurs_de(demande))
    )


def _a_ecrire(request, uuid):
    demande = DROITS_SERVICE.trouver(request.user, uuid=uuid)
    DROITS_SERVICE.exiger(request.user, "modifier", demande)
    return demande


def _enregistrer(request, demande, form):
    return actions.ecrire_demande_service(
        demande, par=request.user, temoins=temoins_de(request.POST), libelles=form.libelles, **form.saisi
    )


def _page(request, demande, form, conflits=(), refus=(), statut=200):
    contexte = {
        "demande": demande,
        "form": form,
        "conflits": conflits,
        "refus": refus,
        "dernier_renvoi": _dernier_renvoi(demande),
    }
    return render(request, "encadrement/demandes/modifier.html", contexte, status=statut)


# — Transmettre, prendre en charge, clore


@require_http_methods(["GET", "POST"])
def transmettre(request, uuid):
    """Relire ce qui part, s’engager, confirmer son identité ; un cas du comité se poursuit ailleurs."""
    demande = DROITS_SERVICE.trouver(request.user, uuid=uuid)
    DROITS_SERVICE.exiger(request.user, "transmettre", demande)
    if suite_de(demande) is not None:
        return redirect(demande)
    contenu = contenu_a_lire(demande)
    return page_du_verbe(
        request,
        demande,
        SERVICE["transmettre"],
        agir=lambda confirmation, **_: actions.transmettre_demande_service(
            demande, par=request.user, confirmation=confirmation
        ),
        succes="Votre demande est transmise à la DSM.",
        form_class=RelectureForm,
        gabarit="encadrement/demandes/transmettre.html",
        contexte={"contenu": contenu},
        engagement=ENGAGEMENT,
        empreinte=empreinte_de(contenu),
        retour=demande,
    )


_verbe = partial(vue_du_verbe, DROITS_SERVICE, SERVICE)

renvoyer = _verbe(
    "renvoyer",
    actions.renvoyer_demande_service,
    "La demande est renvoyée, avec votre commentaire.",
    form_class=RenvoiForm,
    # Renvoyée, elle est de nouveau en rédaction : la DSM ne la voit plus.
    retour=lambda _: reverse("demandes:liste"),
)
prendre_en_charge = _verbe(
    "prendre_en_charge", actions.prendre_en_charge, "Vous prenez cette demande en charge; la personne en est avisée."
)
clore = _verbe(
    "clore",
    actions.clore_demande_service,
    "La demande est close; la personne lira ce qui a été fait.",
    gabarit="encadrement/demandes/clore.html",
    form_class=CloreForm,
)
retirer = _verbe("retirer", actions.retirer_demande_service, "La demande est retirée.")
