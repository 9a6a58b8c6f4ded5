"""La communauté : sa fiche, sa trajectoire, son parrain, ce qu’elle ouvre, son sondage."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cdp.actions import communautes as actions
from cdp.actions import sondages
from cdp.droits import DROITS_COMMUNAUTE
from cdp.forms.communautes import FicheForm, OuvertureForm, ParrainForm, PartageForm, TitreForm
from cdp.models import AGREEES, Besoin, EtatAdhesion, EtatCommunaute, RoleCdp
from cdp.trajectoire import COMMUNAUTE
from encadrement.acces.matrice import AccesRefuse
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie, vue_du_verbe

NOYAU = (EtatCommunaute.EN_PREPARATION, EtatCommunaute.PROPOSEE)


@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request):
    """Mettre une communauté en route : son nom, puis l’assistant de démarrage (R-156, R-382)."""
    if not actions.peut_ouvrir(request.user):
        raise AccesRefuse(
            "Mettre une communauté en route revient à un membre du CM, à un gestionnaire ou à la DSM.",
            acte="cdp.communaute.ouvrir",
        )
    form, refus = OuvertureForm(donnees(request)), []
    if form.is_valid():
        saisi = form.cleaned_data
        try:
            communaute = actions.ouvrir_communaute(
                par=request.user, nom=saisi["nom"], domaine=saisi["domaine"], animateur=saisi["personne"] or None
            )
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "La communauté est en préparation\xa0: voici la première étape de l’assistant.")
            return redirect("cdp:demarrage", communaute.uuid, 1)
    contexte = {"form": form, "refus": refus}
    return render(request, "cdp/communaute_ouvrir.html", contexte, status=409 if refus else 200)


@require_safe
def voir(request, uuid):
    """La fiche : ce qu’est la communauté, qui la tient, ce que la personne peut y faire (R-117 à R-119, R-450)."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    permis = DROITS_COMMUNAUTE.permis(request.user, communaute)
    adhesions = list(communaute.adhesions.filter(etat__in=(EtatAdhesion.ACTIVE, EtatAdhesion.INVITEE)).avec_personne())
    membres = [adhesion for adhesion in adhesions if adhesion.etat == EtatAdhesion.ACTIVE]
    contexte = {
        "communaute": communaute,
        "permis": permis,
        "modifiable": "modifier" in permis and communaute.etat != EtatCommunaute.DISSOUTE,
        "besoins": [(besoin.label, besoin.value in communaute.besoins) for besoin in Besoin],
        "titres": communaute.titres_emploi.all(),
        "roles": [(role, [ligne for ligne in membres if ligne.role == role]) for role in RoleCdp],
        "nombre": len(membres),
        "mienne": next((ligne for ligne in adhesions if ligne.personne_id == request.user.pk), None),
        "a_completer": communaute.etat in NOYAU and "preparer" in permis,
        "agreee": communaute.etat in AGREEES,
    }
    return render(request, "cdp/communaute.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request, uuid):
    """La fiche à écrire, à plusieurs ; sans JavaScript, chaque bouton enregistre tout puis fait son geste."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "modifier", communaute)
    if request.method != "POST":
        if communaute.etat == EtatCommunaute.DISSOUTE:
            messages.info(request, "Cette communauté est dissoute\xa0: sa fiche ne se modifie plus.")
            return redirect(communaute)
        return _page(request, communaute, FicheForm(communaute=communaute))
    form = FicheForm(request.POST, communaute=communaute)
    form.is_valid()
    try:
        conflits = _enregistrer(request, communaute, form)
        _faire(request, communaute)
    except ErreurMetier as erreur:
        return _page(request, communaute, form, refus=[erreur], statut=409)
    if form.errors or conflits:
        return _page(request, communaute, _reprendre(communaute, form, conflits), conflits, 409 if conflits else 200)
    if request.POST.get("geste", "enregistrer") == "enregistrer":
        messages.success(request, "La fiche est enregistrée.")
        return redirect(communaute)
    return redirect(reverse("cdp:communaute_modifier", args=[communaute.uuid]) + "#titres")


@require_POST
def enregistrer_brouillon(request, uuid):
    """Enregistre la fiche pendant la frappe ; répond en JSON à brouillon.js."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "modifier", communaute)
    form = FicheForm(request.POST, communaute=communaute)
    return repondre_au_brouillon(
        form, lambda: (_enregistrer(request, communaute, form), actions.valeurs_fiche(communaute))
    )


def _enregistrer(request, communaute, form):
    return actions.ecrire_fiche(
        communaute, par=request.user, saisi=form.saisi, temoins=temoins_de(request.POST), libelles=form.libelles
    )


def _reprendre(communaute, form, conflits):
    repris = donnees_a_reprendre(form, actions.valeurs_fiche(communaute), conflits)
    return FicheForm(repris, communaute=communaute)


def _faire(request, communaute):
    """Fait le geste d’un bouton : ajouter ou retirer un titre d’emploi."""
    geste, _, cible = request.POST.get("geste", "enregistrer").partition(":")
    if geste == "ajouter_titre":
        form = TitreForm(request.POST, communaute=communaute)
        if form.is_valid() and form.cleaned_data["titre"]:
            actions.ajouter_titre_emploi(communaute, form.cleaned_data["titre"], par=request.user)
    elif geste == "retirer_titre" and cible.isascii() and cible.isdigit():
        titre = communaute.titres_emploi.filter(pk=int(cible)).first()
        if titre is not None:
            actions.retirer_titre_emploi(communaute, titre, par=request.user)


def _page(request, communaute, form, conflits=(), statut=200, refus=()):
    contexte = {
        "communaute": communaute,
        "form": form,
        "titre_form": TitreForm(communaute=communaute),
        "titres": communaute.titres_emploi.all(),
        "conflits": conflits,
        "refus": refus,
    }
    return render(request, "cdp/communaute_modifier.html", contexte, status=statut)


def _lecture(communaute):
    """Rend ce que lit celui qui décide : les besoins, les titres, les gens."""
    return {
        "communaute": communaute,
        "titres": communaute.titres_emploi.all(),
        "membres": list(communaute.membres().order_by("role", "personne__nom")),
    }


_verbe = partial(vue_du_verbe, DROITS_COMMUNAUTE, COMMUNAUTE, gabarit="cdp/verbe.html")

proposer = _verbe(
    "proposer",
    actions.proposer_communaute,
    "La communauté est proposée à son parrain, qui en est avisé.",
    gabarit="cdp/communaute_proposer.html",
    contexte=_lecture,
)
agreer = _verbe(
    "agreer",
    actions.agreer_communaute,
    "La communauté est agréée\xa0: elle est à l’annuaire et peut se rencontrer.",
    gabarit="cdp/communaute_agreer.html",
    contexte=_lecture,
)
retourner = _verbe(
    "retourner",
    actions.retourner_communaute,
    "La proposition est retournée; le groupe-noyau lira votre commentaire.",
    gabarit="cdp/communaute_agreer.html",
    contexte=_lecture,
    retour="cdp:accueil",
)
suspendre = _verbe(
    "suspendre",
    actions.suspendre_communaute,
    "La communauté est suspendue; ses membres en sont avisés.",
    gabarit="cdp/communaute_arreter.html",
)
reprendre = _verbe(
    "reprendre", actions.reprendre_communaute, "La communauté reprend ses activités; ses membres en sont avisés."
)
dissoudre = _verbe(
    "dissoudre",
    actions.dissoudre_communaute,
    "La communauté est dissoute; ses membres en sont avisés.",
    gabarit="cdp/communaute_arreter.html",
)


def _de_la_communaute(request, uuid, acte):
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, acte, communaute)
    return communaute


@require_http_methods(["GET", "HEAD", "POST"])
def changer_parrain(request, uuid):
    """Désigner le gestionnaire qui parraine la communauté, ou celui qui prend la suite (R-119)."""
    communaute = _de_la_communaute(request, uuid, "changer_parrain")
    form = ParrainForm(donnees(request))
    return page_de_saisie(
        request,
        "cdp/communaute_parrain.html",
        form,
        agir=lambda: actions.changer_parrain(communaute, form.cleaned_data["personne"], par=request.user),
        succes="Le parrain est désigné.",
        retour=communaute,
        contexte=lambda: {"communaute": communaute},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def partager(request, uuid):
    """La communauté dit à qui elle ouvre ses comptes rendus (D10)."""
    communaute = _de_la_communaute(request, uuid, "partager")
    initial = {"au_parrain": communaute.partage_parrain, "a_la_dsm": communaute.partage_dsm}
    form = PartageForm(donnees(request), initial=initial)
    return page_de_saisie(
        request,
        "cdp/communaute_partager.html",
        form,
        agir=lambda: actions.partager(communaute, par=request.user, **form.cleaned_data),
        succes="Votre choix est enregistré; les membres en sont avisés.",
        retour=communaute,
        contexte=lambda: {"communaute": communaute},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sonder(request, uuid):
    """Demander aux membres leurs besoins et leurs sujets d’intérêt, une fois par année (R-469, R-477)."""
    communaute = _de_la_communaute(request, uuid, "sonder")
    if request.method == "POST":
        try:
            nombre = len(sondages.sonder_les_besoins(communaute, par=request.user))
        except ErreurMetier as erreur:
            return render(request, "cdp/communaute_sonder.html", _du_sondage(communaute, [erreur]), status=409)
        messages.success(request, f"Le sondage est envoyé à {nombre} membre{'s' if nombre > 1 else ''}.")
        return redirect(communaute)
    return render(request, "cdp/communaute_sonder.html", _du_sondage(communaute))


def _du_sondage(communaute, refus=()):
    campagne = sondages.campagne_des_besoins(communaute)
    return {"communaute": communaute, "refus": refus, "campagne": campagne, "fin": sondages.fin_du_sondage()}
