"""Du besoin accepté au jumelage : suggérer, proposer, accepter ou dire que cela ne convient pas (R-087, R-439)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from encadrement.trajectoire.views import page_du_verbe
from mentorat.actions import demandes as actions
from mentorat.actions.suggestions import chercher, suggestions
from mentorat.droits import DROITS_DEMANDE
from mentorat.forms.demandes import ChoixMentorForm, RechercheMentor
from mentorat.models import Jumelage
from mentorat.trajectoire import DEMANDE
from mentorat.views.demandes import presentation_du_mentor

COURTE_LISTE = 6
LISTE_TROUVEE = 40


def _choix_du_mentor(request, demande):
    """Rend ce que montre la page de choix : la courte liste expliquée, ou ce que la recherche trouve au bottin."""
    recherche = RechercheMentor(request.GET)
    texte = recherche.cleaned_data["q"] if recherche.is_valid() else ""
    evaluees = suggestions(demande)
    trouvees = chercher(evaluees, texte) if texte else evaluees
    possibles = [suggestion for suggestion in trouvees if suggestion.exclusion is None]
    limite = LISTE_TROUVEE if texte else COURTE_LISTE
    return {
        "recherche": recherche,
        "texte": texte,
        "possibles": possibles[:limite],
        "autres": len(possibles) - limite,
        "exclus": [suggestion for suggestion in trouvees if suggestion.exclusion],
        "bottin_nombre": len(evaluees),
        "competences": demande.competences.all(),
        "mentor_choisi": request.POST.get("mentor", ""),
    }


@require_http_methods(["GET", "POST"])
def suggerer(request, uuid):
    """La DSM suggère un mentor au gestionnaire, qui reste celui qui jumelle (Q-14)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    DROITS_DEMANDE.exiger(request.user, "suggerer", demande)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["suggerer"],
        agir=lambda **saisi: actions.suggerer_mentor(demande, par=request.user, **saisi),
        succes="Votre suggestion est transmise au gestionnaire.",
        form_class=ChoixMentorForm,
        gabarit="mentorat/demande_suggerer.html",
        contexte=_choix_du_mentor(request, demande),
    )


@require_http_methods(["GET", "POST"])
def proposer(request, uuid):
    """La courte liste expliquée, les exclus et pourquoi, la recherche dans tout le bottin (R-049, R-051, R-087)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    DROITS_DEMANDE.exiger(request.user, "proposer", demande)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["proposer"],
        agir=lambda **saisi: actions.proposer_jumelage(demande, par=request.user, **saisi),
        succes="Le jumelage est proposé\u00a0: le mentor et le mentoré peuvent se parler, puis accepter.",
        form_class=ChoixMentorForm,
        gabarit="mentorat/demande_proposer.html",
        contexte=_choix_du_mentor(request, demande),
    )


def _presentation(demande):
    jumelage = demande.jumelage
    return {
        "demande": demande,
        "jumelage": jumelage,
        "fiche": presentation_du_mentor(jumelage),
        "competences": demande.competences.all(),
    }


@require_http_methods(["GET", "POST"])
def accepter_jumelage(request, uuid):
    """Chacun lit la présentation de l’autre et accepte à son tour ; au second, l’entente naît (R-438)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    contexte = _presentation(demande)
    if contexte["jumelage"] and contexte["jumelage"].a_repondu(request.user):
        messages.info(request, "Vous avez déjà accepté ce jumelage\u00a0: voici où il en est.")
        return redirect(getattr(demande, "entente", demande))
    return page_du_verbe(
        request,
        demande,
        DEMANDE["accepter_jumelage"],
        agir=lambda **saisi: actions.accepter_jumelage(demande, par=request.user, **saisi),
        succes="Votre accord est noté. Dès que vous avez accepté tous les deux, l’entente s’ouvre.",
        gabarit="mentorat/demande_accepter_jumelage.html",
        contexte=contexte,
        retour=lambda entente: entente or demande,
    )


@require_http_methods(["GET", "POST"])
def decliner_jumelage(request, uuid):
    """Dire que ce jumelage ne convient pas, sans motif et sans gêne (R-439)."""
    if Jumelage.objects.filter(demande__uuid=uuid, mentor=request.user, actif=False).exists() and not (
        DROITS_DEMANDE.objets(request.user).filter(uuid=uuid).exists()
    ):
        # Le mentor qui vient de décliner ne voit plus la demande : son second clic ne doit pas l’inquiéter.
        messages.info(request, "C’est déjà noté\u00a0: ce jumelage ne convient pas.")
        return redirect("mentorat:accueil")
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["decliner_jumelage"],
        agir=lambda **saisi: actions.decliner_jumelage(demande, par=request.user, **saisi),
        succes="C’est noté\u00a0: ce jumelage ne convient pas. Le gestionnaire en proposera un autre.",
        gabarit="mentorat/demande_decliner_jumelage.html",
        contexte=_presentation(demande),
        retour=lambda _: demande if DROITS_DEMANDE.peut(request.user, "voir", demande) else "mentorat:accueil",
    )
