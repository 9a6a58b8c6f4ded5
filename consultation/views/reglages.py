"""Le matériel didactique des experts et le réglage de chaque direction : lus de tous, tenus par la DSM (R-198, R-202, Q-17)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from consultation.actions import reglages as actions
from consultation.droits import DROITS_MATERIEL, DROITS_REGLAGE
from consultation.forms.reglages import MaterielForm, ReglageForm
from consultation.models import Materiel, ReglageDirection
from encadrement.fichiers.views import servir
from encadrement.personnes.models import Direction
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie


@require_GET
def materiel(request):
    """Le matériel que la DSM diffuse aux experts, ouvert à tous (R-198)."""
    contexte = {
        "documents": Materiel.objects.presents().select_related("fichier", "depose_par"),
        "tient": DROITS_MATERIEL.peut(request.user, "tenir", None),
    }
    return render(request, "consultation/materiel.html", contexte)


@require_http_methods(["GET", "POST"])
def deposer(request):
    """Déposer un document : un fichier examiné, ou un lien."""
    DROITS_MATERIEL.exiger(request.user, "tenir", None)
    form = MaterielForm(donnees(request), request.FILES if request.method == "POST" else None)
    return page_de_saisie(
        request,
        "consultation/materiel_deposer.html",
        form,
        agir=lambda: actions.deposer_materiel(par=request.user, **form.saisi),
        succes="Le document est diffusé aux experts.",
        retour=reverse("consultation:materiel"),
        contexte=dict,
    )


def _present(request, uuid):
    document = DROITS_MATERIEL.trouver(request.user, uuid=uuid)
    if document.retire_le is not None:
        raise Http404("Ce document est retiré.")
    return document


@require_GET
def telecharger(request, uuid):
    """Remet le fichier d’un document, en pièce jointe."""
    document = _present(request, uuid)
    if document.fichier is None:
        raise Http404("Ce document n’a pas de fichier à remettre.")
    try:
        return servir(document.fichier, par=request.user)
    except ErreurMetier as refus:
        messages.error(request, str(refus))
        return redirect("consultation:materiel")


@require_http_methods(["GET", "POST"])
def retirer(request, uuid):
    """Retirer un document : on le montre, on confirme, sa trace reste au journal."""
    document = _present(request, uuid)
    DROITS_MATERIEL.exiger(request.user, "tenir", document)
    if request.method == "POST":
        actions.retirer_materiel(document, par=request.user)
        messages.success(request, "Le document est retiré.")
        return redirect("consultation:materiel")
    return render(request, "consultation/materiel_retirer.html", {"document": document})


@require_GET
def reglages(request):
    """Ce que chaque direction a choisi, par qui et quand ; sans choix, le gestionnaire autorise (R-199, R-202)."""
    poses = {reglage.direction_id: reglage for reglage in ReglageDirection.objects.select_related("modifie_par")}
    contexte = {
        "lignes": [(direction, poses.get(direction.pk)) for direction in Direction.objects.all()],
        "regle": DROITS_REGLAGE.peut(request.user, "regler", None),
    }
    return render(request, "consultation/reglages.html", contexte)


@require_http_methods(["GET", "POST"])
def regler(request, pk):
    """Dire si le gestionnaire d’une direction autorise la consultation, ou si la discussion suffit (Q-17)."""
    DROITS_REGLAGE.exiger(request.user, "regler", None)
    direction = get_object_or_404(Direction, pk=pk)
    reglage = ReglageDirection.objects.filter(direction=direction).first()
    initial = {"approbation": reglage.approbation, "motif": reglage.motif} if reglage else {"approbation": "exigee"}
    form = ReglageForm(donnees(request), initial=initial)
    return page_de_saisie(
        request,
        "consultation/reglage_modifier.html",
        form,
        agir=lambda: actions.regler_direction(direction, par=request.user, **form.cleaned_data),
        succes="Le réglage est enregistré.",
        retour=reverse("consultation:reglages"),
        contexte=lambda: {"direction": direction, "reglage": reglage},
    )
