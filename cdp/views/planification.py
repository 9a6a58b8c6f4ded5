"""Planifier une rencontre ou une série, en deux temps : l’aperçu des dates, puis leur confirmation (R-385, R-466)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cdp.actions import rencontres as actions
from cdp.droits import DROITS_COMMUNAUTE
from cdp.forms.rencontres import PlanifierForm
from cdp.models import EtatRencontre, PlanAnnuel
from cdp.models.decompte import depassements_projetes
from cdp.regles import une_rencontre_en_personne
from encadrement.rencontres.forms import apercu_des_dates
from encadrement.rencontres.models import Mode
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.views import donnees


@require_http_methods(["GET", "POST"])
def planifier(request, uuid):
    """Une rencontre ou une série ; les dates, les fériés et les heures projetées se voient avant de confirmer."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "planifier", communaute)
    initial = {"mode": Mode.VIRTUELLE, "lien": communaute.lien_teams, "intervalle": 1}
    form = PlanifierForm(donnees(request), initial=initial)
    refus, apercu, statut = [], None, 200
    if form.is_valid():
        apercu = _apercu(communaute, form, request)
        if request.POST.get("geste") == "confirmer" and not apercu["a_change"]:
            try:
                return _confirmer(request, communaute, form, apercu)
            except ErreurMetier as erreur:
                refus, statut = [erreur], 409
    contexte = {"communaute": communaute, "form": form, "apercu": apercu, "refus": refus}
    return render(request, "cdp/rencontre_planifier.html", contexte, status=statut)


def _apercu(communaute, form, request):
    """Rend ce que la saisie donnerait : chaque date, cochée ou non, et ce que le cadre en dirait."""
    debuts = [creneau.debut for creneau in form.dates.creneaux]
    actives = communaute.rencontres.exclude(etat=EtatRencontre.ANNULEE)
    prises = set(actives.filter(debut__in=debuts).values_list("debut", flat=True))
    apercu = apercu_des_dates(form, request.POST, prises)
    retenus = apercu["retenus"]
    return {
        **apercu,
        "depassements": depassements_projetes(communaute, [(c.debut, c.fin) for c in retenus]),
        "sans_presence": _annees_sans_presence(communaute, retenus, form.cleaned_data["mode"]),
    }


def _annees_sans_presence(communaute, retenus, mode):
    """Rend les années où aucune rencontre en personne ne serait prévue, celle-ci comprise (R-292, R-457)."""
    if mode != Mode.VIRTUELLE:
        return []
    annees = {AnneeFinanciere.du(jour_local(creneau.debut)).debut_annee for creneau in retenus}
    plans = [PlanAnnuel(communaute=communaute, annee=annee) for annee in sorted(annees)]
    return [str(plan.annee_financiere) for plan in plans if une_rencontre_en_personne(plan)]


def _confirmer(request, communaute, form, apercu):
    if not apercu["retenus"]:
        raise ErreurMetier("Cochez au moins une date\u00a0: aucune rencontre n’est planifiée.")
    moments = [(creneau.debut, creneau.fin) for creneau in apercu["retenus"]]
    rencontres = actions.planifier_rencontres(communaute, moments, par=request.user, **form.communs)
    if len(rencontres) == 1:
        messages.success(request, "La rencontre est planifiée\u00a0: préparez son ordre du jour.")
        return redirect("cdp:rencontre_modifier", rencontres[0].uuid)
    messages.success(request, f"{len(rencontres)} rencontres sont planifiées.")
    return redirect("cdp:communaute_rencontres", communaute.uuid)
