"""Le tableau de suivi des consultations, et le bilan de chaque expert (annexe 13, R-192, R-205, R-402)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consultation import indicateurs
from consultation.actions import sondages
from consultation.actions import suivi as actions
from consultation.droits import DROITS_FICHE, DROITS_LIGNE, voit_tout_le_suivi
from consultation.forms.suivi import CommentairesForm, FiltreSuivi, LigneForm
from consultation.models import FicheExpert, LigneSuivi
from encadrement.exports.tableau import Colonne, Nature
from encadrement.exports.views import repondre_export
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere
from encadrement.trajectoire.views import donnees, page_de_saisie

PAR_PAGE = 50
TITRE = "Tableau de suivi des consultations"
# Les huit colonnes de l’annexe 13, dans leur ordre.
COLONNES = (
    "Nom de l’expert",
    "Expertise",
    "Date de la consultation",
    "Nom du demandeur",
    "Direction du demandeur",
    Colonne("Durée", Nature.DUREE),
    "Sujet",
    "Commentaires",
)


def _choisies(request):
    """Rend (filtre, lignes) : ce que la personne voit du tableau, selon les filtres de l’adresse."""
    visibles = DROITS_LIGNE.objets(request.user)
    filtre = FiltreSuivi(request.GET, lignes=visibles)
    return filtre, filtre.filtrer(visibles).select_related("expert", "demandeur", "direction", "sujet")


@require_GET
def tableau(request):
    """L’expert voit ses lignes, le demandeur celles qui le nomment, la DSM et les APPR tout (R-402)."""
    return _montrer(request)


def _montrer(request, refus=(), statut=200):
    filtre, lignes = _choisies(request)
    contexte = {
        "filtre": filtre,
        "page": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
        "total": indicateurs.total(lignes),
        "refus": refus,
        "voit_tout": voit_tout_le_suivi(request.user),
        "fiche": FicheExpert.objects.filter(personne=request.user).first(),
    }
    return render(request, "consultation/suivi.html", contexte, status=statut)


@require_GET
def exporter(request):
    """Les mêmes lignes que l’écran, toutes pages réunies, en classeur ou en CSV."""
    filtre, lignes = _choisies(request)
    return repondre_export(
        request,
        TITRE,
        COLONNES,
        [
            (
                ligne.nom_expert,
                ligne.expertise,
                ligne.jour,
                str(ligne.demandeur),
                str(ligne.direction or ""),
                ligne.minutes,
                str(ligne.sujet),
                ligne.commentaires,
            )
            for ligne in lignes
        ],
        quoi="consultation.suivi",
        filtre=filtre.en_clair(),
    )


@require_POST
def pdf(request):
    """Les mêmes lignes, imprimées comme l’annexe 13."""
    filtre, lignes = _choisies(request)
    try:
        document = actions.imprimer_tableau(lignes, par=request.user, filtre=filtre.en_mots())
    except ErreurMetier as erreur:
        return _montrer(request, [erreur], 409)
    return redirect("documents:telecharger", document.uuid)


@require_http_methods(["GET", "POST"])
def ajouter(request):
    """Une consultation tenue dans un corridor : l’expert l’inscrit en une minute (R-205)."""
    fiche = FicheExpert.objects.filter(personne=request.user).first()
    DROITS_FICHE.exiger(request.user, "tenir_suivi", fiche)
    form = LigneForm(donnees(request), fiche=fiche)
    return page_de_saisie(
        request,
        "consultation/ligne_ajouter.html",
        form,
        agir=lambda: actions.ajouter_ligne(par=request.user, **form.champs),
        succes="La consultation est au tableau de suivi.",
        retour=reverse("consultation:suivi"),
        contexte=dict,
    )


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Corriger sa ligne ; née d’une demande fermée, elle ne change que d’expertise et de commentaires."""
    ligne = DROITS_LIGNE.trouver(request.user, uuid=uuid)
    DROITS_LIGNE.exiger(request.user, "modifier", ligne)
    if ligne.est_automatique:
        initiales = {"expertise": ligne.expertise, "commentaires": ligne.commentaires}
        form = CommentairesForm(donnees(request), initial=initiales)
    else:
        form = LigneForm(donnees(request), ligne=ligne)
    return page_de_saisie(
        request,
        "consultation/ligne_modifier.html",
        form,
        agir=lambda: actions.corriger_ligne(ligne, par=request.user, **form.champs),
        succes="La ligne est corrigée.",
        retour=reverse("consultation:suivi"),
        contexte=lambda: {"ligne": ligne},
    )


@require_http_methods(["GET", "POST"])
def retirer(request, uuid):
    """Retirer une ligne inscrite par erreur ; celle d’une demande fermée reste, et la page dit pourquoi."""
    ligne = DROITS_LIGNE.trouver(request.user, uuid=uuid)
    DROITS_LIGNE.exiger(request.user, "modifier", ligne)
    refus, statut = [], 200
    if request.method == "POST":
        try:
            actions.retirer_ligne(ligne, par=request.user)
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            messages.success(request, "La ligne est retirée du tableau.")
            return redirect("consultation:suivi")
    elif ligne.est_automatique:
        refus = [ErreurMetier(actions.NE_SE_RETIRE_PAS, exigences=["R-402"])]
    return render(request, "consultation/ligne_retirer.html", {"ligne": ligne, "refus": refus}, status=statut)


@require_GET
def mon_bilan(request):
    """Ce qu’un expert a donné dans l’année et ce que cela a valu : ses chiffres, et les réponses à cinq au moins."""
    fiche = FicheExpert.objects.filter(personne=request.user).first()
    DROITS_FICHE.exiger(request.user, "lire_bilan", fiche)
    miennes = LigneSuivi.objects.filter(expert=request.user)
    annees = indicateurs.annees(miennes)
    # Le 1er avril, l’année qui commence est vide : on montre d’abord la dernière où il y a quelque chose à lire.
    derniere = miennes.order_by("jour").values_list("jour", flat=True).last()
    demandee = request.GET.get("annee") or (derniere and AnneeFinanciere.du(derniere).debut_annee)
    annee = next((annee for annee in annees if str(annee.debut_annee) == str(demandee)), annees[0])
    contexte = {
        "annee": annee,
        "annees": annees,
        "bilan": indicateurs.bilan(request.user, annee),
        "valeur": sondages.valeur_des_consultations(request.user, annee),
        "fiche": fiche,
    }
    return render(request, "consultation/suivi_mon_bilan.html", contexte)
