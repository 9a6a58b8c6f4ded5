"""Les sujets consultés, leur fréquence, et les besoins de formation qu’ils révèlent (R-184, R-187)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from consultation import indicateurs
from consultation.actions import sujets as actions
from consultation.droits import DROITS_SUJET
from consultation.forms.sujets import FiltreAnnee, FiltreSujets, FusionForm, SujetForm
from consultation.models import LigneSuivi, SujetConsultation
from encadrement.exports.tableau import Colonne, Nature
from encadrement.exports.views import repondre_export
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie


def _frequences(request):
    """Rend (filtre, fréquences, tient) : par période et direction pour la DSM; par année entière pour l’exécutif du CM.

    L’exécutif ne lit que des ensembles : ni croisement par direction, ni texte libre que la DSM n’a pas classé.
    """
    DROITS_SUJET.exiger(request.user, "voir_ensemble", None)
    tient = DROITS_SUJET.peut(request.user, "tenir", None)
    lignes = LigneSuivi.objects.all()
    filtre = (FiltreSujets if tient else FiltreAnnee)(request.GET, lignes=lignes)
    debut, fin = filtre.bornes
    transmises = indicateurs.transmissions(debut, fin, filtre.cleaned_data.get("direction"))
    comptes = indicateurs.frequences(filtre.filtrer(lignes), transmises)
    return filtre, [compte for compte in comptes if tient or not compte.sujet.a_classer], tient


@require_GET
def liste(request):
    """Les besoins de formation, le plus pressant d’abord ; pour la DSM, la liste des sujets à tenir."""
    filtre, frequences, tient = _frequences(request)
    contexte = {"filtre": filtre, "frequences": frequences, "tient": tient}
    if tient:
        tous = list(SujetConsultation.objects.select_related("fusionne_dans"))
        contexte |= {
            "a_classer": [s for s in tous if s.a_classer and not s.retire and not s.fusionne_dans_id],
            "proposes": [s for s in tous if not s.a_classer and not s.retire and not s.fusionne_dans_id],
            "retires": [s for s in tous if s.retire and not s.fusionne_dans_id],
            "fusionnes": [s for s in tous if s.fusionne_dans_id],
        }
    return render(request, "consultation/sujets.html", contexte)


@require_GET
def exporter(request):
    """Les mêmes sujets que l’écran, en classeur ou en CSV."""
    filtre, frequences, tient = _frequences(request)
    colonnes = ["Sujet", "Consultations", Colonne("Durée", Nature.DUREE), "Demandes venues à la DSM"]
    lignes = [(str(f.sujet), f.nombre, f.minutes, f.a_la_dsm) for f in frequences]
    if tient:
        colonnes.append("Demandeurs différents")
        lignes = [(*ligne, f.demandeurs) for ligne, f in zip(lignes, frequences, strict=True)]
    return repondre_export(
        request,
        "Besoins de formation selon les consultations",
        colonnes,
        lignes,
        quoi="consultation.sujets",
        filtre=filtre.en_clair(),
    )


@require_http_methods(["GET", "POST"])
def ajouter(request):
    """Ajouter un sujet à la liste, ou retenir celui qu’on a proposé."""
    DROITS_SUJET.exiger(request.user, "tenir", None)
    form = SujetForm(donnees(request))
    return page_de_saisie(
        request,
        "consultation/sujet_ajouter.html",
        form,
        agir=lambda: actions.ajouter_sujet(form.cleaned_data["libelle"], par=request.user),
        succes="Le sujet est à la liste.",
        retour=reverse("consultation:sujets"),
        contexte=dict,
    )


def _sujet(request, uuid):
    DROITS_SUJET.exiger(request.user, "tenir", None)
    return get_object_or_404(SujetConsultation, uuid=uuid)


@require_http_methods(["GET", "POST"])
def fusionner(request, uuid):
    """Réunir un sujet à un autre, en deux temps : choisir lequel et voir ce qui bouge, puis confirmer."""
    sujet = _sujet(request, uuid)
    choix = request.POST if request.method == "POST" else request.GET if "vers" in request.GET else None
    form = FusionForm(choix, sujet=sujet)
    refus, statut = [], 200
    if sujet.fusionne_dans_id:
        refus = [ErreurMetier(f"«\xa0{sujet}\xa0» est déjà réuni à «\xa0{sujet.fusionne_dans}\xa0».")]
    elif request.method == "POST" and form.is_valid():
        try:
            vers = actions.fusionner_sujets(sujet, form.autre, par=request.user)
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            messages.success(request, f"«\xa0{sujet}\xa0» est réuni à «\xa0{vers}\xa0».")
            return redirect("consultation:sujets")
    contexte = {
        "sujet": sujet,
        "form": form,
        "refus": refus,
        "vers": form.autre if form.is_bound and form.is_valid() else None,
        "porte": _ce_qui_bouge(sujet),
    }
    return render(request, "consultation/sujet_fusionner.html", contexte, status=statut)


def _ce_qui_bouge(sujet):
    """Rend combien de lignes, de demandes, de fiches et de sujets portent celui-ci."""
    return {
        "lignes": sujet.lignes.count(),
        "demandes": sujet.demandes.count(),
        "fiches": sujet.fiches.count(),
        "fusionnes": sujet.fusionnes.count(),
    }


@require_http_methods(["GET", "POST"])
def retirer(request, uuid):
    """Retirer un sujet de la liste, ou l’y remettre ; ce qui le porte le garde."""
    sujet = _sujet(request, uuid)
    refus, statut = [], 200
    if request.method == "POST":
        # Le geste est dit, non déduit : deux clics ne se défont pas l’un l’autre.
        retire = request.POST.get("geste") != "remettre"
        try:
            actions.retirer_sujet(sujet, par=request.user, retire=retire)
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            phrase = "est retiré de la liste." if retire else "est de nouveau à la liste."
            messages.success(request, f"«\xa0{sujet}\xa0» {phrase}")
            return redirect("consultation:sujets")
    contexte = {"sujet": sujet, "refus": refus, "porte": _ce_qui_bouge(sujet)}
    return render(request, "consultation/sujet_retirer.html", contexte, status=statut)
