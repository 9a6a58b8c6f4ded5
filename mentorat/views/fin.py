"""Les pages de la fin : prolonger, mettre fin, évaluer la mesure, attester les heures (R-059, R-071, R-362, R-434)."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from encadrement.trajectoire.transition import TransitionImpossible
from encadrement.trajectoire.views import page_du_verbe
from mentorat.actions import fin as actions
from mentorat.actions.suivi import consigner_lecture
from mentorat.droits import DROITS_ENTENTE, DROITS_PROLONGATION
from mentorat.forms.fin import ConsignerFinForm, FinForm, ProlongationForm
from mentorat.trajectoire import ENTENTE, PROLONGATION

# — Prolonger


@require_http_methods(["GET", "POST"])
def demander_prolongation(request, uuid):
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    DROITS_ENTENTE.exiger(request.user, "demander_prolongation", entente)
    if entente.fin is None:  # en rédaction encore : il n’y a pas de fin à repousser
        raise TransitionImpossible(ENTENTE["demander_prolongation"].refus(entente))
    return page_du_verbe(
        request,
        entente,
        ENTENTE["demander_prolongation"],
        form_class=ProlongationForm,
        agir=lambda **saisi: actions.demander_prolongation(entente, par=request.user, **saisi),
        succes="La demande de prolongation est chez le gestionnaire.",
        gabarit="mentorat/prolongation_demander.html",
        contexte={"entente": entente},
    )


@require_GET
def prolongation(request, uuid):
    demande = DROITS_PROLONGATION.trouver(request.user, uuid=uuid)
    return render(request, "mentorat/prolongation.html", {"prolongation": demande, "entente": demande.entente})


def _verbe_de_prolongation(code, agir, succes):
    """Rend la vue d’un verbe du gestionnaire sur une demande de prolongation."""

    @require_http_methods(["GET", "POST"])
    def vue(request, uuid):
        demande = DROITS_PROLONGATION.trouver(request.user, uuid=uuid)
        return page_du_verbe(
            request,
            demande,
            PROLONGATION[code],
            agir=lambda **saisi: agir(demande, par=request.user, **saisi),
            succes=succes,
            retour=demande,
            gabarit="mentorat/prolongation_decider.html",
            contexte={"prolongation": demande, "entente": demande.entente},
        )

    return vue


accorder_prolongation = _verbe_de_prolongation(
    "accorder", actions.accorder_prolongation, "La prolongation est accordée\xa0: la fin de l’entente est changée."
)
refuser_prolongation = _verbe_de_prolongation(
    "refuser", actions.refuser_prolongation, "La prolongation est refusée; la fin prévue demeure."
)


# — Mettre fin


def _cessation(entente):
    return entente.cessations.select_related("demandee_par", "appr").filter(retiree=False).first()


@require_GET
def fin(request, uuid):
    """La demande de fin et la rencontre qui la conclut, pour ceux qu’elles concernent."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    role = DROITS_ENTENTE.exiger(request.user, "voir_fin", entente)
    consigner_lecture(entente, par=request.user, titre=role.libelle, quoi="fin")
    return render(request, "mentorat/fin.html", {"entente": entente, "cessation": _cessation(entente)})


def _verbe_de_fin(code, agir, succes, gabarit, **options):
    """Rend la vue d’un verbe de la fin de l’entente."""

    @require_http_methods(["GET", "POST"])
    def vue(request, uuid):
        entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
        DROITS_ENTENTE.exiger(request.user, code, entente)
        return page_du_verbe(
            request,
            entente,
            ENTENTE[code],
            agir=lambda **saisi: agir(entente, par=request.user, **saisi),
            succes=succes,
            retour=entente,
            gabarit=gabarit,
            contexte={"entente": entente, "cessation": _cessation(entente)},
            initial=_deja_consigne(entente) if code == "consigner_fin" else None,
            **options,
        )

    return vue


def _deja_consigne(entente):
    cessation = _cessation(entente)
    if cessation is None or cessation.rencontre_le is None:
        return None
    champs = ("rencontre_le", "appr", "gestionnaire_present", "constat")
    return {champ: getattr(cessation, champ) for champ in champs}


demander_fin = _verbe_de_fin(
    "demander_fin",
    actions.demander_fin,
    "La fin est demandée. Une rencontre avec le gestionnaire et un APPR la conclura.",
    "mentorat/fin_demander.html",
    form_class=FinForm,
)
retirer_fin = _verbe_de_fin(
    "retirer_fin",
    actions.retirer_fin,
    "La demande de fin est retirée\xa0: le mentorat se poursuit.",
    "mentorat/fin_retirer.html",
)
consigner_fin = _verbe_de_fin(
    "consigner_fin",
    actions.consigner_fin,
    "La rencontre de fin est consignée.",
    "mentorat/fin_consigner.html",
    form_class=ConsignerFinForm,
)
constater_fin = _verbe_de_fin(
    "constater_fin",
    actions.constater_fin,
    "La fin du mentorat est constatée. Le mentor et le mentoré sont invités à évaluer la mesure.",
    "mentorat/fin_constater.html",
)


# — Attester les heures


@require_POST
def attester_heures(request, uuid):
    """Fige l’attestation d’heures de la personne et mène à son PDF (R-434)."""
    entente = DROITS_ENTENTE.trouver(request.user, uuid=uuid)
    document = actions.attester_heures(entente, par=request.user)
    return redirect("documents:telecharger", document.uuid)
