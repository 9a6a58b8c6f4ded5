"""La fin d’une consultation : la fermer, ou poursuivre vers la DSM ; ce qu’on en pense part sans nom (R-181, R-209)."""

from django.urls import reverse
from django.views.decorators.http import require_http_methods

from consultation.actions import issues as actions
from consultation.droits import DROITS_DEMANDE
from consultation.forms.issues import FermerForm, PoursuivreForm
from consultation.models import EtatConsultation
from consultation.trajectoire import DEMANDE
from encadrement.trajectoire.views import page_du_verbe


@require_http_methods(["GET", "HEAD", "POST"])
def fermer(request, uuid):
    """Dire ce que la consultation a changé, répondre aux questions, fermer (R-185, R-209)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["fermer"],
        agir=lambda **saisi: actions.fermer_consultation(demande, par=request.user, **saisi),
        succes="La consultation est fermée. Merci\xa0: vos réponses sont gardées sans votre nom.",
        form_class=FermerForm,
        gabarit="consultation/demande_fermer.html",
        contexte=_contexte(demande),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def poursuivre(request, uuid):
    """L’avis n’a pas dénoué l’impasse : mêmes questions, puis le formulaire de la DSM, déjà rempli (R-181)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["poursuivre"],
        agir=lambda **saisi: actions.poursuivre_vers_la_dsm(demande, par=request.user, **saisi),
        succes="Le formulaire de la DSM est ouvert; ce que vous aviez écrit y est déjà.",
        form_class=PoursuivreForm,
        gabarit="consultation/demande_poursuivre.html",
        contexte=_contexte(demande),
        retour=reverse("consultation:demande_modifier", args=[demande.uuid]),
    )


def _contexte(demande):
    contact = demande.contact if demande.etat == EtatConsultation.EN_CONTACT else None
    return {
        "demande": demande,
        "sollicitation": demande.sollicitation,
        "contact": contact,
        "a_consigner": contact is not None and not contact.rencontres.exists(),
        "peut_poursuivre": demande.etat == EtatConsultation.AVIS_RENDU,
    }
