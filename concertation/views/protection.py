"""Ce qui protège une situation : déclarer un lien, exclure, voir qui a lu, ouvrir en urgence à deux, détruire à l’échéance."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from concertation.actions import conservation as destruction
from concertation.actions import exclusions as actions
from concertation.actions import lectures as journal
from concertation.actions.recits import doit_declarer
from concertation.droits import DEMANDEUR, DROITS_CONSERVATION, DROITS_EXCEPTION, DROITS_SITUATION, EXCLU
from concertation.forms.protection import ConfirmationForm, DeclarationForm, ExceptionForm, ExclusionForm
from concertation.models import FINALES, EtatSituation, Exclusion
from concertation.trajectoire import SITUATION
from concertation.views.zone import en_zone
from encadrement.acces.attribues import COORDONNATEUR
from encadrement.acces.matrice import Invisible
from encadrement.exports.views import repondre_export
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie, page_du_verbe

PAR_PAGE = 50
MEME_REPONSE = "Si ce code est celui d’une situation, une seconde personne vient d’en recevoir la demande."
ENGAGEMENT = "Je confirme que l’échéance est atteinte et je détruis ce dossier\xa0: personne ne pourra plus le lire."


# — Déclarer un lien, ou aucun (N-03)


@require_http_methods(["GET", "POST"])
@en_zone
def declarer(request, uuid):
    """Dire, avant de lire, si l’on a un lien avec la personne ; un lien cache aussitôt la situation."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, "declarer", situation)
    form = DeclarationForm(donnees(request))
    suite = _suite(request, situation)
    return page_de_saisie(
        request,
        "concertation/declarer.html",
        form,
        agir=lambda: actions.declarer(situation, par=request.user, en_conflit=form.en_conflit),
        succes="Votre déclaration est consignée.",
        # Une fois le lien déclaré, la situation n’existe plus pour cette personne : il ne faut pas l’y renvoyer.
        retour=lambda: reverse("concertation:accueil") if form.en_conflit else suite,
        contexte=lambda: {
            "situation": situation,
            "suite": suite,
            "deja": not doit_declarer(request.user, situation),
            "porte": DEMANDEUR.tenu_par(request.user, situation),
        },
    )


def _suite(request, situation):
    suite = request.POST.get("suite") or request.GET.get("suite", "")
    interne = url_has_allowed_host_and_scheme(suite, allowed_hosts=None) and suite.startswith(
        reverse("concertation:accueil")
    )
    return suite if interne else situation.get_absolute_url()


# — Les exclusions (O-05, N-02)


@require_http_methods(["GET", "POST"])
@en_zone
def exclusions(request, uuid):
    """À qui la situation est cachée ; en cacher l’existence à quelqu’un de plus."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, "exclure", situation)
    form = ExclusionForm(donnees(request))
    return page_de_saisie(
        request,
        "concertation/exclusions.html",
        form,
        agir=lambda: actions.exclure(situation, par=request.user, **form.vise()),
        succes="L’exclusion vaut dès maintenant.",
        retour=lambda: _apres_exclusion(request, situation),
        contexte=lambda: {"situation": situation, **_exclusions_de(situation)},
    )


def _exclusions_de(situation):
    toutes = list(situation.exclusions.select_related("personne", "service__direction", "direction", "posee_par"))
    superieur = situation.demandeur.superieur
    return {
        "en_vigueur": [exclusion for exclusion in toutes if exclusion.levee_le is None],
        "levees": [exclusion for exclusion in toutes if exclusion.levee_le is not None],
        "gestionnaire_exclu": superieur if superieur and EXCLU.tenu_par(superieur, situation) else None,
        "sans_coordonnateur": not COORDONNATEUR.personnes(situation)
        .exclude(pk__in=EXCLU.personnes(situation).values("pk"))
        .exists(),
    }


def _apres_exclusion(request, situation):
    # Qui s’exclut lui-même, ou sa propre équipe, ne revoit plus la page qu’il quitte.
    if DROITS_SITUATION.peut(request.user, "exclure", situation):
        return reverse("concertation:situation_exclusions", args=[situation.uuid])
    return reverse("concertation:accueil")


@require_http_methods(["GET", "POST"])
@en_zone
def lever(request, uuid):
    """Lever une exclusion ; la situation redevient visible à qui a un titre pour la voir."""
    exclusion = (
        Exclusion.objects.select_related("situation", "personne", "service", "direction").filter(uuid=uuid).first()
    )
    situation = exclusion and exclusion.situation
    if situation is None or not DROITS_SITUATION.peut(request.user, "exclure", situation):
        raise Invisible(acte="concertation.exclusion.lever", objet=exclusion)
    retour = reverse("concertation:situation_exclusions", args=[situation.uuid])
    return page_de_saisie(
        request,
        "concertation/exclusion_lever.html",
        ConfirmationForm(donnees(request)),
        agir=lambda: actions.lever_exclusion(exclusion, par=request.user),
        succes="L’exclusion est levée.",
        retour=retour,
        contexte=lambda: {"situation": situation, "exclusion": exclusion, "retour": retour},
    )


# — Qui a lu (O-02, O-04)


@require_GET
@en_zone
def lectures(request, uuid):
    """Qui a lu la situation, à quel titre, quand, quels champs et pourquoi : le journal, sans rien du récit."""
    situation = DROITS_SITUATION.trouver(request.user, "voir_lectures", uuid=uuid)
    page = Paginator(journal.lectures(situation), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "situation": situation,
        "prolongations": journal.prolongations(situation, par=request.user),
        "page": page,
        "lignes": [(entree, journal.titre_de(entree), journal.champs_lus(entree)) for entree in page],
        "voit": DROITS_SITUATION.peut(request.user, "voir", situation),
    }
    return render(request, "concertation/lectures.html", contexte)


@require_GET
@en_zone
def exporter_lectures(request, uuid):
    """Toutes les lectures d’une situation, en classeur ou en CSV ; l’export est consigné."""
    situation = DROITS_SITUATION.trouver(request.user, "voir_lectures", uuid=uuid)
    return repondre_export(
        request,
        f"Lectures {situation.numero}",
        journal.COLONNES,
        map(journal.ligne, journal.lectures(situation)),
        quoi="concertation.lectures",
        filtre={"situation": situation.numero},
    )


# — L’accès d’urgence, à deux


@require_GET
@en_zone
def exceptions(request):
    """Les accès d’urgence : ceux qui attendent une seconde personne, ceux qu’on a obtenus ou approuvés."""
    _exiger_de_pouvoir_demander(request.user)
    visibles = DROITS_EXCEPTION.objets(request.user).select_related("situation", "personne", "approuve_par")
    a_approuver = visibles.filter(DROITS_EXCEPTION.condition(request.user, "approuver")).en_attente()
    # Qui demande ne voit sa demande qu’approuvée : la voir reçue dirait que le code existe.
    rendus = visibles.exclude(approuve_le=None)
    contexte = {
        "a_approuver": a_approuver,
        "page": Paginator(rendus, PAR_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "concertation/exceptions.html", contexte)


def _exiger_de_pouvoir_demander(personne):
    # Qui approuve peut aussi demander ; à tout autre, cette page n’existe pas (N-04).
    if not DROITS_EXCEPTION.peut(personne, "demander", None):
        raise Invisible(acte="concertation.exception.demander")


@require_http_methods(["GET", "POST"])
@en_zone
def demander(request):
    """Demander par son code à lire une situation en urgence ; la réponse est la même, qu’elle existe ou non."""
    _exiger_de_pouvoir_demander(request.user)
    form = ExceptionForm(donnees(request))
    return page_de_saisie(
        request,
        "concertation/exception_demander.html",
        form,
        agir=lambda: actions.demander_exception(
            form.cleaned_data["numero"], par=request.user, motif=form.cleaned_data["motif"]
        ),
        succes=MEME_REPONSE,
        retour=reverse("concertation:exceptions"),
        contexte=dict,
    )


@require_http_methods(["GET", "POST"])
@en_zone
def approuver(request, uuid):
    """La seconde personne lit le motif et ouvre la situation soixante minutes."""
    demande = DROITS_EXCEPTION.trouver(request.user, "approuver", uuid=uuid)
    return page_de_saisie(
        request,
        "concertation/exception_approuver.html",
        ConfirmationForm(donnees(request)),
        agir=lambda: actions.approuver_exception(demande, par=request.user),
        succes="L’accès est ouvert soixante minutes; chaque lecture sera consignée.",
        retour=reverse("concertation:exceptions"),
        contexte=lambda: {"demande": demande},
    )


# — La conservation et la destruction (O-14, O-15)


@require_GET
@en_zone
def conservation(request):
    """Les dossiers à détruire, et ceux qui le seront dans l’année ; jamais rien de ce qu’ils contiennent."""
    if not DROITS_CONSERVATION.peut(request.user, "voir_ensemble", None):
        raise Invisible(acte="concertation.conservation")
    jour = jour_local()
    dates = DROITS_SITUATION.objets(request.user, "detruire").filter(etat__in=FINALES).exclude(detruire_le=None)
    contexte = {
        "a_detruire": dates.filter(detruire_le__lte=jour).order_by("detruire_le", "numero"),
        "page": Paginator(
            dates.filter(detruire_le__gt=jour, detruire_le__lte=ajouter_mois(jour, 12)).order_by(
                "detruire_le", "numero"
            ),
            PAR_PAGE,
        ).get_page(request.GET.get("page")),
        "detruits": _certificats(request.user),
    }
    return render(request, "concertation/conservation.html", contexte)


def _certificats(personne):
    """Rend (situation, document) des derniers dossiers détruits."""
    detruites = DROITS_SITUATION.objets(personne, "detruire").filter(etat=EtatSituation.DETRUITE).order_by("-depuis")
    return destruction.certificats(detruites[:PAR_PAGE])


@require_http_methods(["GET", "POST"])
@en_zone
def detruire(request, uuid):
    """Détruire un dossier échu : l’identité se confirme, et un certificat signé en reste."""
    situation = DROITS_SITUATION.trouver(request.user, "detruire", uuid=uuid)
    return page_du_verbe(
        request,
        situation,
        SITUATION["detruire"],
        agir=lambda confirmation: destruction.detruire_situation(
            situation, par=request.user, confirmation=confirmation
        ),
        succes="Le dossier est détruit; son certificat est en préparation.",
        gabarit="concertation/detruire.html",
        contexte={"retour": reverse("concertation:conservation")},
        engagement=ENGAGEMENT,
        retour=reverse("concertation:conservation"),
    )
