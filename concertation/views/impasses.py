"""Les impasses récurrentes : les thèmes, le dossier d’une solution durable, ce qu’il réunit sans rien d’un cas (R-226)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from concertation import indicateurs
from concertation.actions import impasses as actions
from concertation.droits import DROITS_IMPASSE, DROITS_SITUATION, DROITS_THEME
from concertation.forms.impasses import ClasserForm, ImpasseForm, ThemeForm
from concertation.forms.plans import MotifPrudentForm
from concertation.models import Theme
from concertation.trajectoire import IMPASSE
from concertation.views.zone import en_zone
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie, vue_du_verbe

PAR_PAGE = 50


@require_GET
@en_zone
def liste(request):
    """Les impasses que la personne suit ou porte : qui en cherche la solution, et où l’on en est."""
    impasses = DROITS_IMPASSE.objets(request.user).select_related("responsable").prefetch_related("themes")
    contexte = {
        "impasses": impasses.order_by("etat", "echeance", "titre"),
        "peut_ouvrir": DROITS_IMPASSE.peut(request.user, "ouvrir", None),
        "tient_les_themes": DROITS_THEME.peut(request.user, "tenir", None),
    }
    return render(request, "concertation/impasses.html", contexte)


@require_http_methods(["GET", "POST"])
@en_zone
def ouvrir(request):
    """Ouvre le dossier d’une impasse qui revient : ses thèmes, qui en porte la solution."""
    DROITS_IMPASSE.exiger(request.user, "ouvrir", None)
    form = ImpasseForm(donnees(request))
    return page_de_saisie(
        request,
        "concertation/impasse_ouvrir.html",
        form,
        agir=lambda: actions.ouvrir_impasse(par=request.user, **form.champs),
        succes="Le dossier est ouvert; la personne responsable en est avisée.",
        retour=reverse("concertation:impasses"),
        contexte=lambda: {"tient_les_themes": DROITS_THEME.peut(request.user, "tenir", None)},
    )


@require_GET
@en_zone
def voir(request, uuid):
    """Le dossier : la solution cherchée, et les orientations des situations de ses thèmes, sans rien d’un cas."""
    impasse = DROITS_IMPASSE.trouver(request.user, uuid=uuid)
    orientations = indicateurs.orientations_des_themes(impasse.themes.all(), request.user)
    lignes = orientations.select_related("situation", "direction").order_by("-rencontre__debut", "pk")
    contexte = {
        "impasse": impasse,
        "themes": impasse.themes.all(),
        "modifiable": DROITS_IMPASSE.peut(request.user, "modifier", impasse),
        "page": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
        "application": indicateurs.application(orientations),
        "situations": orientations.order_by().values("situation").distinct().count(),
        "nommables": set(
            DROITS_SITUATION.objets(request.user)
            .filter(pk__in=orientations.order_by().values("situation"))
            .values_list("pk", flat=True)
        ),
    }
    return render(request, "concertation/impasse.html", contexte)


@require_http_methods(["GET", "POST"])
@en_zone
def modifier(request, uuid):
    """Écrit où en est la solution, ou la confie à quelqu’un d’autre."""
    impasse = DROITS_IMPASSE.trouver(request.user, uuid=uuid)
    DROITS_IMPASSE.exiger(request.user, "modifier", impasse)
    form = ImpasseForm(donnees(request), impasse=impasse)
    return page_de_saisie(
        request,
        "concertation/impasse_modifier.html",
        form,
        agir=lambda: actions.ecrire_impasse(impasse, par=request.user, **form.champs),
        succes="Le dossier est enregistré.",
        retour=impasse.get_absolute_url(),
        contexte=lambda: {"impasse": impasse},
    )


@require_http_methods(["GET", "POST"])
@en_zone
def classer(request, uuid):
    """Classe une situation par thèmes d’impasse : c’est ce qui fait voir ce qui revient."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, "classer", situation)
    form = ClasserForm(donnees(request), situation=situation)
    return page_de_saisie(
        request,
        "concertation/situation_classer.html",
        form,
        agir=lambda: actions.classer(situation, list(form.cleaned_data["themes"]), par=request.user),
        succes="La situation est classée.",
        retour=situation.get_absolute_url(),
        contexte=lambda: {
            "situation": situation,
            "tient_les_themes": DROITS_THEME.peut(request.user, "tenir", None),
        },
    )


@require_http_methods(["GET", "POST"])
@en_zone
def themes(request):
    """La liste des thèmes : en ajouter, en retirer, en remettre."""
    DROITS_THEME.exiger(request.user, "tenir", None)
    geste, _, cible = request.POST.get("geste", "").partition(":")
    if request.method == "POST" and geste in ("retirer", "remettre"):
        theme = get_object_or_404(Theme, pk=cible if cible.isdecimal() else 0)
        actions.retirer_theme(theme, par=request.user, retire=geste == "retirer")
        messages.success(request, "Le thème est retiré." if geste == "retirer" else "Le thème est remis à la liste.")
        return redirect("concertation:themes")
    form = ThemeForm(donnees(request))
    refus, statut = [], 200
    if form.is_bound and form.is_valid():
        try:
            actions.ajouter_theme(form.cleaned_data["libelle"], par=request.user)
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            messages.success(request, "Le thème est à la liste.")
            return redirect("concertation:themes")
    connues = Q(situations__in=indicateurs.situations_connues(request.user).values("pk"))
    tous = Theme.objects.annotate(
        classees=Count("situations", filter=connues, distinct=True), dossiers=Count("impasses", distinct=True)
    )
    contexte = {"form": form, "refus": refus, "themes": tous.order_by("retire", "cle")}
    return render(request, "concertation/themes.html", contexte, status=statut)


def _verbe(code, agir, succes, **options):
    return en_zone(
        vue_du_verbe(DROITS_IMPASSE, IMPASSE, code, agir, succes, "concertation/impasse_verbe.html", **options)
    )


entamer = _verbe("entamer", actions.entamer_solution, "C’est noté\xa0: la solution est en cours.")
resoudre = _verbe("resoudre", actions.resoudre_impasse, "C’est noté\xa0: la solution est en place.")
abandonner = _verbe("abandonner", actions.abandonner_impasse, "Le dossier est abandonné.", form_class=MotifPrudentForm)
rouvrir = _verbe("rouvrir", actions.rouvrir_impasse, "Le dossier est rouvert.")
