"""Les recommandations de la DSM : la liste et son export, en proposer une, la suivre, la mener (R-024)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from encadrement.bilan_annuel.actions import recommandations as actions
from encadrement.bilan_annuel.droits import DROITS_RECOMMANDATION
from encadrement.bilan_annuel.forms import (
    AbandonnerForm,
    FiltreRecommandations,
    RealiserForm,
    RecommandationForm,
    SuiviForm,
)
from encadrement.bilan_annuel.trajectoire import RECOMMANDATION
from encadrement.exports.views import repondre_export
from encadrement.personnes.models import Personne
from encadrement.socle.brouillon import temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie, vue_du_verbe

PAR_PAGE = 25
COLONNES = (
    "Numéro",
    "Recommandation",
    "Mesure",
    "Bilan de l’année",
    "Responsable",
    "Échéance",
    "État",
    "Depuis",
    "Publiée",
    "Dernier suivi",
)


def _choisies(request):
    """Rend (filtre, recommandations) que la personne peut lire, selon l’adresse."""
    visibles = DROITS_RECOMMANDATION.objets(request.user)
    annees = visibles.order_by("-annee").values_list("annee", flat=True).distinct()
    filtre = FiltreRecommandations(request.GET, annees=list(annees))
    filtre.is_valid()
    choisis = {champ: valeur for champ, valeur in filtre.cleaned_data.items() if valeur}
    if nom := choisis.pop("responsable", ""):
        choisis["responsable__in"] = Personne.objects.chercher(nom)
    return filtre, visibles.filter(**choisis).select_related("responsable")


@require_GET
def liste(request):
    """Les recommandations que la personne peut lire, filtrées par l’adresse."""
    filtre, choisies = _choisies(request)
    contexte = {
        "filtre": filtre,
        "page": Paginator(choisies, PAR_PAGE).get_page(request.GET.get("page")),
        "propose": DROITS_RECOMMANDATION.peut(request.user, "proposer", None),
    }
    return render(request, "encadrement/bilan_annuel/recommandations.html", contexte)


@require_GET
def exporter(request):
    """La même liste, en classeur ou en CSV ; l’export est consigné."""
    filtre, choisies = _choisies(request)
    return repondre_export(
        request,
        "Recommandations de la DSM",
        COLONNES,
        map(_ligne, choisies.prefetch_related("suivis")),
        quoi="bilan_annuel.recommandations",
        filtre=filtre.cleaned_data,
    )


def _ligne(recommandation):
    suivis = list(recommandation.suivis.all())
    return (
        recommandation.numero,
        recommandation.libelle,
        recommandation.nom_de_la_mesure,
        str(recommandation.annee_financiere),
        recommandation.responsable.nom_complet,
        recommandation.echeance,
        recommandation.get_etat_display(),
        recommandation.depuis,
        recommandation.publiee,
        suivis[-1].texte if suivis else "",
    )


@require_GET
def voir(request, uuid):
    """Une recommandation : ce qu’elle dit, qui en répond, où elle en est."""
    recommandation = DROITS_RECOMMANDATION.trouver(request.user, uuid=uuid)
    permis = DROITS_RECOMMANDATION.permis(request.user, recommandation)
    contexte = {
        "recommandation": recommandation,
        "suivis": recommandation.suivis.select_related("par").order_by("-id"),
        "modifiable": recommandation.est_ouverte and "modifier" in permis,
        "a_suivre": recommandation.est_ouverte and "suivre" in permis,
    }
    return render(request, "encadrement/bilan_annuel/recommandation.html", contexte)


@require_http_methods(["GET", "POST"])
def proposer(request):
    """Écrire une recommandation ; la personne qui en répondra en est avisée."""
    DROITS_RECOMMANDATION.exiger(request.user, "proposer", None)
    form = RecommandationForm(donnees(request))
    if form.is_bound and form.is_valid():
        recommandation = actions.proposer_recommandation(par=request.user, **form.champs)
        messages.success(request, f"La recommandation {recommandation.numero} est inscrite.")
        return redirect(recommandation)
    return render(request, "encadrement/bilan_annuel/proposer.html", {"form": form})


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Changer ce qui peut encore l’être ; ce qu’une autre personne vient d’écrire ne s’écrase pas."""
    recommandation = DROITS_RECOMMANDATION.trouver(request.user, uuid=uuid)
    DROITS_RECOMMANDATION.exiger(request.user, "modifier", recommandation)
    form = RecommandationForm(donnees(request), recommandation=recommandation)
    conflits, refus, statut = [], [], 200
    if form.is_bound and form.is_valid():
        try:
            conflits = actions.modifier_recommandation(
                recommandation,
                par=request.user,
                temoins=temoins_de(request.POST),
                libelles=form.libelles,
                **form.champs,
            )
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            if not conflits:
                messages.success(request, "La recommandation est à jour.")
                return redirect(recommandation)
            form, statut = form.apres_conflit(conflits), 409
    contexte = {"recommandation": recommandation, "form": form, "conflits": conflits, "refus": refus}
    return render(request, "encadrement/bilan_annuel/recommandation_modifier.html", contexte, status=statut)


@require_http_methods(["GET", "POST"])
def suivre(request, uuid):
    """Ajouter, à la date d’aujourd’hui, où en est la recommandation."""
    recommandation = DROITS_RECOMMANDATION.trouver(request.user, uuid=uuid)
    DROITS_RECOMMANDATION.exiger(request.user, "suivre", recommandation)
    form = SuiviForm(donnees(request))
    return page_de_saisie(
        request,
        "encadrement/bilan_annuel/suivre.html",
        form,
        agir=lambda: actions.suivre_recommandation(recommandation, par=request.user, texte=form.cleaned_data["texte"]),
        succes="Le suivi est ajouté.",
        retour=recommandation,
        contexte=lambda: {"recommandation": recommandation},
    )


_verbe = partial(vue_du_verbe, DROITS_RECOMMANDATION, RECOMMANDATION)

commencer = _verbe("commencer", actions.commencer_recommandation, "C’est noté\xa0: elle est en cours.")
realiser = _verbe(
    "realiser", actions.realiser_recommandation, "Elle est réalisée, avec ce qui a été fait.", form_class=RealiserForm
)
abandonner = _verbe(
    "abandonner", actions.abandonner_recommandation, "Elle est abandonnée, avec son motif.", form_class=AbandonnerForm
)
