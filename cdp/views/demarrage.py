"""L’assistant de démarrage, en cinq étapes : on en sort et on y revient quand on veut (R-299 à R-305, R-476 à R-481)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cdp.actions import communautes as actions
from cdp.droits import DROITS_COMMUNAUTE
from cdp.forms.demarrage import DemarrageForm
from cdp.models import EtatAdhesion, EtatCommunaute
from cdp.models.demarrage import etapes
from cdp.trajectoire import COMMUNAUTE
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier


def _de_la_communaute(request, uuid, rang):
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "preparer", communaute)
    if not 1 <= rang <= len(etapes()):
        raise Http404("L’assistant compte cinq étapes.")
    return communaute, etapes()[rang - 1]


@require_http_methods(["GET", "HEAD", "POST"])
def etape(request, uuid, etape):
    """Une étape, ses questions et ce qui manque encore pour proposer la communauté."""
    communaute, lue = _de_la_communaute(request, uuid, etape)
    if request.method != "POST":
        return _page(request, communaute, lue, DemarrageForm(communaute=communaute, etape=lue))
    form = DemarrageForm(request.POST, communaute=communaute, etape=lue)
    form.is_valid()
    try:
        conflits = _enregistrer(request, communaute, form)
    except ErreurMetier as erreur:
        return _page(request, communaute, lue, form, refus=[erreur], statut=409)
    if form.errors or conflits:
        repris = donnees_a_reprendre(form, actions.valeurs_demarrage(communaute, form.fields), conflits)
        repris = DemarrageForm(repris, communaute=communaute, etape=lue)
        return _page(request, communaute, lue, repris, conflits, 409 if conflits else 200)
    suite = request.POST.get("geste", "")
    if suite.isascii() and suite.isdigit() and 1 <= int(suite) <= len(etapes()):
        return redirect("cdp:demarrage", communaute.uuid, int(suite))
    messages.success(request, "Vos réponses sont enregistrées\xa0: revenez-y quand vous voulez.")
    return redirect(communaute)


@require_POST
def enregistrer_brouillon(request, uuid, etape):
    """Enregistre une étape pendant la frappe ; répond en JSON à brouillon.js."""
    communaute, lue = _de_la_communaute(request, uuid, etape)
    form = DemarrageForm(request.POST, communaute=communaute, etape=lue)

    def enregistrer():
        conflits = _enregistrer(request, communaute, form)
        return conflits, actions.valeurs_demarrage(communaute, form.fields)

    return repondre_au_brouillon(form, enregistrer)


def _enregistrer(request, communaute, form):
    return actions.repondre_au_demarrage(
        communaute, par=request.user, saisi=form.saisi, temoins=temoins_de(request.POST), libelles=form.libelles
    )


def _page(request, communaute, lue, form, conflits=(), statut=200, refus=()):
    en_preparation = communaute.etat == EtatCommunaute.EN_PREPARATION
    proposer = COMMUNAUTE["proposer"]
    contexte = {
        "communaute": communaute,
        "etape": lue,
        "etapes": _avancement(communaute),
        "form": form,
        "rangees": form.rangees(),
        "conflits": conflits,
        "refus": refus,
        "en_preparation": en_preparation,
        "manques": proposer.manques(communaute) if en_preparation else [],
        "conseils": proposer.avertit(communaute) if en_preparation else [],
        "permis": DROITS_COMMUNAUTE.permis(request.user, communaute),
        "gens": list(
            communaute.adhesions.filter(etat__in=(EtatAdhesion.ACTIVE, EtatAdhesion.INVITEE))
            .avec_personne()
            .order_by("role", "personne__nom")
        ),
    }
    return render(request, "cdp/demarrage.html", contexte, status=statut)


def _avancement(communaute):
    """Rend (étape, nombre de réponses) des cinq étapes."""
    valeurs = actions.valeurs_demarrage(communaute)
    return [
        (une_etape, sum(bool(valeurs[question.code].strip()) for question in une_etape.questions))
        for une_etape in etapes()
    ]
