"""Le suivi des orientations : les miennes, celles de ma direction, toutes ; deux clics pour répondre (R-244, R-254)."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from concertation import indicateurs
from concertation.actions import plans as actions
from concertation.actions import recits
from concertation.droits import DROITS_ORIENTATION, DROITS_SITUATION
from concertation.forms.orientations import FiltreOrientations, NonAppliqueeForm, ReportForm
from concertation.forms.plans import MotifPrudentForm
from concertation.models import OUVERTES, Orientation
from concertation.trajectoire import ORIENTATION
from concertation.views import plans
from concertation.views.zone import en_zone
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import vue_du_verbe

PAR_PAGE = 50


@require_GET
@en_zone
def liste(request):
    """Les orientations que la personne lit ou suit : un code, une direction, une échéance, un état ; jamais un texte."""
    lisibles = DROITS_ORIENTATION.condition(request.user, "voir")
    visibles = Orientation.objects.filter(lisibles | DROITS_ORIENTATION.condition(request.user, "suivre"))
    filtre = FiltreOrientations(request.GET, orientations=visibles)
    choisies = filtre.filtrer(visibles)
    page = Paginator(_en_ordre(choisies), PAR_PAGE).get_page(request.GET.get("page"))
    _annoter(page, request.user, lisibles)
    contexte = {
        "filtre": filtre,
        "page": page,
        "application": indicateurs.application(choisies),
        "en_retard": choisies.filter(etat__in=OUVERTES, echeance__lt=jour_local()).count(),
        "nomme": any(orientation.se_lit for orientation in page),
        "filtree": any(filtre.cleaned_data.values()),
    }
    return render(request, "concertation/orientations.html", contexte)


def _en_ordre(orientations):
    # Les états s’écrivent en toutes lettres : les ouvertes d’abord, la plus pressante en tête.
    return (
        orientations.select_related("situation", "direction", "responsable")
        .annotate(est_close=indicateurs.est_close())
        .order_by("est_close", "echeance", "situation", "rang")
    )


def _annoter(page, personne, lisibles):
    """Dit de chaque orientation de la page si elle se lit, si son plan se lit, et si son échéance est passée."""
    lignes = list(page)
    montrees = [orientation.pk for orientation in lignes]
    a_lire = set(Orientation.objects.filter(lisibles, pk__in=montrees).values_list("pk", flat=True))
    plans_lisibles = set(
        DROITS_SITUATION.objets(personne, "lire_plan")
        .filter(pk__in={orientation.situation_id for orientation in lignes})
        .values_list("pk", flat=True)
    )
    for orientation in lignes:
        orientation.se_lit = orientation.pk in a_lire
        orientation.plan_se_lit = orientation.situation_id in plans_lisibles
        orientation.en_retard = orientation.est_ouverte and orientation.echeance < jour_local()
    page.object_list = lignes


@require_GET
@en_zone
def voir(request, uuid):
    """L’orientation et ce qu’on en a fait ; qui en répond le dit d’ici, en deux clics."""
    orientation = DROITS_ORIENTATION.trouver(request.user, uuid=uuid)
    lue = recits.lire_orientation(orientation, par=request.user)
    contexte = {
        "orientation": orientation,
        "texte": lue["texte"],
        "raison": lue["raison"] if orientation.porte_sa_raison else "",
        "en_retard": orientation.est_ouverte and orientation.echeance < jour_local(),
        "modifiable": orientation.est_ouverte and DROITS_ORIENTATION.peut(request.user, "modifier", orientation),
        "plan_se_lit": DROITS_SITUATION.peut(request.user, "lire_plan", orientation.situation),
    }
    return render(request, "concertation/orientation.html", contexte)


def _verbe(code, agir, succes, gabarit="concertation/orientation_verbe.html", **options):
    return en_zone(vue_du_verbe(DROITS_ORIENTATION, ORIENTATION, code, agir, succes, gabarit, **options))


modifier = plans.modifier_orientation
commencer = _verbe("commencer", actions.commencer_orientation, "C’est noté\xa0: l’orientation est en cours.")
appliquer = _verbe("appliquer", actions.appliquer_orientation, "C’est noté\xa0: l’orientation est appliquée. Merci.")
ne_pas_appliquer = _verbe(
    "ne_pas_appliquer",
    actions.ne_pas_appliquer_orientation,
    "C’est noté\xa0: l’orientation n’est pas appliquée, et le comité lira pourquoi.",
    form_class=NonAppliqueeForm,
)
reporter = _verbe(
    "reporter",
    actions.reporter_orientation,
    "L’échéance est reportée; les relances la suivront.",
    form_class=ReportForm,
)
reprendre = _verbe(
    "reprendre",
    actions.rouvrir_orientation,
    "L’orientation est rouverte; la personne responsable en est avisée.",
    form_class=MotifPrudentForm,
)
