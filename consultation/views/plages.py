"""Les plages de disponibilité d’un expert : en offrir, seules ou en série, les voir, les retirer (R-176)."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from consultation.actions import plages as actions
from consultation.droits import DROITS_DEMANDE, DROITS_FICHE
from consultation.forms.plages import UNE_FOIS, PlagesForm, cle_du_moment
from consultation.models import Sollicitation
from encadrement.notifications.calendrier import jours_chomes
from encadrement.rencontres.serie import dire_jour
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import donnees


@require_http_methods(["GET", "POST"])
def plages(request, uuid):
    """Offrir une plage ou une série ; les dates et les fériés sautés se voient avant de confirmer."""
    fiche = DROITS_FICHE.trouver(request.user, uuid=uuid)
    DROITS_FICHE.exiger(request.user, "tenir_plages", fiche)
    form = PlagesForm(donnees(request), initial={"intervalle": 1, "repetition": UNE_FOIS})
    refus, apercu = [], None
    if form.is_valid():
        apercu = _apercu(fiche, form, request)
        if request.POST.get("geste") == "confirmer" and not apercu["a_change"]:
            try:
                return _offrir(request, fiche, form, apercu)
            except ErreurMetier as erreur:
                refus = [erreur]
    return _page(request, fiche, form=form, refus=refus, apercu=apercu)


def _page(request, fiche, *, form, refus, apercu=None):
    contexte = {
        "fiche": fiche,
        "form": form,
        "refus": refus,
        "apercu": apercu,
        "plages": _a_venir(request.user, fiche),
    }
    return render(request, "consultation/plages.html", contexte, status=409 if refus else 200)


def _apercu(fiche, form, request):
    """Rend ce que la saisie donnerait : chaque date, cochée ou non, et ce qui s’y oppose."""
    confirme = request.POST.get("geste") == "confirmer"
    a_change = confirme and request.POST.get("vu", "") != form.empreinte_des_dates
    cochees = set(request.POST.getlist("dates")) if confirme and not a_change else None
    prises = list(fiche.plages.filter(retiree=False, debut__gt=timezone.now() - actions.DUREE_MAXIMALE))
    lignes = [_ligne(creneau, prises, cochees) for creneau in form.dates.creneaux]
    return {
        "lignes": lignes,
        "retenus": [ligne["creneau"] for ligne in lignes if ligne["cochee"]],
        "sautes": [{"jour": dire_jour(saute.jour), "report": dire_jour(saute.report)} for saute in form.dates.sautes],
        "libelle": form.libelle_serie,
        "vu": form.empreinte_des_dates,
        "a_change": a_change,
    }


def _ligne(creneau, prises, cochees):
    jour = jour_local(creneau.debut)
    prise = any(actions.se_chevauchent(creneau, plage) for plage in prises)
    passee = creneau.debut <= timezone.now()
    cle = cle_du_moment(creneau.debut)
    return {
        "cle": cle,
        "creneau": creneau,
        "jour": dire_jour(jour),
        "prise": prise,
        "passee": passee,
        "feriee": jour in jours_chomes(jour.year),
        "cochee": not prise and not passee and (cochees is None or cle in cochees),
    }


def _offrir(request, fiche, form, apercu):
    if not apercu["retenus"]:
        raise ErreurMetier("Cochez au moins une date\u00a0: aucune plage n’est offerte.")
    offertes = actions.offrir_plages(fiche, apercu["retenus"], par=request.user, lieu=form.cleaned_data["lieu"])
    if len(offertes) == 1:
        messages.success(request, "La plage est offerte\u00a0: elle paraît au bottin.")
    else:
        messages.success(request, f"{len(offertes)} plages sont offertes\u00a0: elles paraissent au bottin.")
    return redirect("consultation:fiche_plages", fiche.uuid)


def _a_venir(personne, fiche):
    """Rend les plages à venir ; `reservation` est la sollicitation en vigueur, `visible` dit si sa demande se montre."""
    retenues = Sollicitation.objects.en_vigueur().select_related("demande__demandeur")
    plages = list(
        fiche.plages.filter(retiree=False, debut__gt=timezone.now()).prefetch_related(
            Prefetch("sollicitations", queryset=retenues, to_attr="reservations")
        )
    )
    demandes = {ligne.demande_id for plage in plages for ligne in plage.reservations}
    visibles = set(DROITS_DEMANDE.objets(personne).filter(pk__in=demandes).values_list("pk", flat=True))
    for plage in plages:
        plage.reservation = next(iter(plage.reservations), None)
        plage.visible = plage.reservation is not None and plage.reservation.demande_id in visibles
    return plages


@require_POST
def retirer(request, uuid):
    """Retire une plage encore libre ; réservée, c’est à la demande qu’il faut répondre."""
    fiche = DROITS_FICHE.trouver(request.user, plages__uuid=uuid)
    DROITS_FICHE.exiger(request.user, "tenir_plages", fiche)
    plage = fiche.plages.filter(uuid=uuid).first()
    if plage is None:
        raise Http404("Cette plage n’existe pas.")
    try:
        actions.retirer_plage(plage, par=request.user)
    except ErreurMetier as refus:
        return _page(request, fiche, form=PlagesForm(initial={"intervalle": 1, "repetition": UNE_FOIS}), refus=[refus])
    messages.success(request, "La plage est retirée.")
    return redirect("consultation:fiche_plages", fiche.uuid)
