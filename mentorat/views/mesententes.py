"""Les pages d’une mésentente : la signaler à qui l’on choisit, la prendre en charge, la régler (R-089, R-102)."""

from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from encadrement.trajectoire.views import donnees, page_de_saisie, page_du_verbe
from mentorat.actions import suivi as actions
from mentorat.droits import DROITS_ENTENTE, DROITS_MESENTENTE
from mentorat.forms.suivi import MesententeForm, ReglerForm
from mentorat.trajectoire import MESENTENTE


@require_http_methods(["GET", "POST"])
def signaler(request, uuid):
    """Le chemin du cadre : d’abord l’autre personne, puis ceux que l’on choisit (R-360, R-448)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, "signaler_mesentente", entente)
    form = MesententeForm(donnees(request))
    return page_de_saisie(
        request,
        "mentorat/mesentente_signaler.html",
        form,
        agir=lambda: actions.signaler_mesentente(entente, par=request.user, **form.cleaned_data),
        succes="Le signalement est transmis à ceux que vous avez choisis, et à eux seuls.",
        retour=entente,
        contexte=lambda: {
            "entente": entente,
            "autre": entente.mentore if request.user.pk == entente.mentor_id else entente.mentor,
            "miennes": list(DROITS_MESENTENTE.objets(request.user).filter(entente=entente)),
        },
    )


@require_GET
def voir(request, uuid):
    mesentente = DROITS_MESENTENTE.trouver(request.user, uuid=uuid)
    return render(request, "mentorat/mesentente.html", _lecture(request, mesentente))


def _lecture(request, mesentente):
    role = DROITS_MESENTENTE.exiger(request.user, "voir", mesentente)
    actions.consigner_lecture(mesentente, par=request.user, titre=role.libelle, quoi="mesentente")
    lit_l_entente = DROITS_ENTENTE.peut(request.user, "voir", mesentente.entente)
    return {"mesentente": mesentente, "entente": mesentente.entente, "lit_l_entente": lit_l_entente}


@require_http_methods(["GET", "POST"])
def prendre_en_charge(request, uuid):
    mesentente = DROITS_MESENTENTE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        mesentente,
        MESENTENTE["prendre_en_charge"],
        agir=lambda **saisi: actions.prendre_en_charge(mesentente, par=request.user),
        succes="Vous prenez cette mésentente en charge; son auteur le sait.",
        retour=mesentente,
        gabarit="mentorat/mesentente_prendre_en_charge.html",
        contexte=_lecture(request, mesentente),
    )


@require_http_methods(["GET", "POST"])
def regler(request, uuid):
    mesentente = DROITS_MESENTENTE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        mesentente,
        MESENTENTE["regler"],
        form_class=ReglerForm,
        agir=lambda **saisi: actions.regler_mesentente(mesentente, par=request.user, **saisi),
        succes="La mésentente est notée comme réglée.",
        retour=mesentente,
        gabarit="mentorat/mesentente_regler.html",
        contexte=_lecture(request, mesentente),
    )
