"""La revue annuelle des rôles : confirmer chacun, ou y mettre fin (O-10)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from encadrement.personnes.models import Attribution
from encadrement.protection.actions.revues import confirmer_role
from encadrement.protection.droits import DROITS_REVUE
from encadrement.protection.models import RevueRoles

PASSEES = 100


@require_safe
def revue(request):
    """Les rôles qui restent à confirmer cette année, et ceux qui le sont."""
    DROITS_REVUE.exiger(request.user, "voir_ensemble", None)
    courante = RevueRoles.objects.first()
    contexte = {"revue": courante, "lignes": (), "confirmes": ()}
    if courante is not None:
        a_revoir = courante.a_revoir().select_related("personne__service", "proposee_par", "approuvee_par")
        contexte["lignes"] = [
            {"attribution": attribution, "confirmable": attribution.personne_id != request.user.pk}
            for attribution in a_revoir
        ]
        confirmes = courante.confirmations.select_related("attribution__personne", "par")
        contexte["confirmes"] = confirmes[:PASSEES]
    return render(request, "encadrement/protection/revue.html", contexte)


@require_POST
def confirmer(request, uuid):
    """Confirme un rôle pour l’année."""
    DROITS_REVUE.exiger(request.user, "voir_ensemble", None)
    attribution = Attribution.objects.select_related("personne").filter(uuid=uuid).first()
    courante = RevueRoles.objects.first()
    if attribution is None or courante is None:
        raise Http404
    confirmer_role(courante, attribution, par=request.user)
    messages.success(request, f"Le rôle de {attribution.personne} est confirmé.")
    return redirect("protection:revue")
