"""Le bilan annuel : la liste, l’écrire, le voir vivant, le publier, le lire (R-083)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from encadrement.bilan_annuel.actions import bilans as actions
from encadrement.bilan_annuel.chiffres import dessins_de
from encadrement.bilan_annuel.contenu import contenu_du_bilan, empreinte_des_textes
from encadrement.bilan_annuel.droits import DROITS_BILAN
from encadrement.bilan_annuel.forms import BilanForm, OuvrirForm, PublierForm, ReprendreForm
from encadrement.bilan_annuel.trajectoire import BILAN
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe


@require_GET
def liste(request):
    """Les bilans que la personne peut lire, et de quoi en préparer un."""
    return _liste(request)


def _liste(request, form=None, statut=200):
    visibles = list(DROITS_BILAN.objets(request.user).prefetch_related("versions"))
    if form is None and DROITS_BILAN.peut(request.user, "ouvrir", None):
        form = OuvrirForm(deja={bilan.annee for bilan in visibles})
    lignes = [(bilan, next(iter(reversed(bilan.versions.all())), None)) for bilan in visibles]
    contexte = {"lignes": lignes, "form": form}
    return render(request, "encadrement/bilan_annuel/bilans.html", contexte, status=statut)


@require_POST
def ouvrir(request):
    """Préparer le bilan d’une année : il s’ouvre sur ses textes."""
    DROITS_BILAN.exiger(request.user, "ouvrir", None)
    form = OuvrirForm(request.POST)
    if not form.is_valid():
        return _liste(request, form, statut=422)
    return redirect(
        "bilan_annuel:bilan_modifier", actions.ouvrir_bilan(form.cleaned_data["annee"], par=request.user).uuid
    )


@require_GET
def voir(request, uuid):
    """Le bilan : où il en est, ses versions, et ce que dit la dernière publiée."""
    bilan = DROITS_BILAN.trouver(request.user, uuid=uuid)
    return _page(request, bilan, bilan.derniere_version)


@require_GET
def version(request, uuid, numero):
    """Une version publiée, telle qu’elle a paru."""
    bilan = DROITS_BILAN.trouver(request.user, uuid=uuid)
    demandee = bilan.versions.select_related("instantane").filter(numero=numero).first()
    if demandee is None:
        raise Http404
    return _page(request, bilan, demandee)


def _page(request, bilan, montree):
    versions = bilan.versions.select_related("instantane__document", "publiee_par").order_by("-numero")
    contexte = {
        "bilan": bilan,
        "montree": montree,
        "versions": versions,
        "ecrit": DROITS_BILAN.peut(request.user, "modifier", bilan),
        **(_lecture(montree.instantane.donnees) if montree else {}),
    }
    return render(request, "encadrement/bilan_annuel/bilan.html", contexte)


def _lecture(contenu):
    """Rend ce qu’il faut pour montrer un contenu : chaque mesure avec ses dessins."""
    mesures = [
        {**mesure, "dessins": dessins_de(mesure, annee=contenu["annee"], avant=contenu["avant"])}
        for mesure in contenu["mesures"]
    ]
    return {"contenu": contenu, "mesures_du_bilan": mesures}


@require_GET
def apercu(request, uuid):
    """Ce qui paraîtrait si l’on publiait maintenant : les chiffres sont vivants."""
    bilan = DROITS_BILAN.trouver(request.user, uuid=uuid)
    DROITS_BILAN.exiger(request.user, "modifier", bilan)
    contexte = {"bilan": bilan, **_lecture(contenu_du_bilan(bilan))}
    return render(request, "encadrement/bilan_annuel/apercu.html", contexte)


# — Écrire


def _a_ecrire(request, uuid):
    bilan = DROITS_BILAN.trouver(request.user, uuid=uuid)
    DROITS_BILAN.exiger(request.user, "modifier", bilan)
    return bilan


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Les textes du bilan ; incomplets, ils s’enregistrent quand même."""
    bilan = _a_ecrire(request, uuid)
    if request.method == "GET":
        if not bilan.est_modifiable:
            messages.info(request, "Ce bilan est publié\xa0: la DSM peut en préparer une nouvelle version.")
            return redirect(bilan)
        return _page_des_textes(request, bilan, BilanForm(bilan=bilan))
    form = BilanForm(request.POST, bilan=bilan)
    form.is_valid()
    try:
        conflits = _enregistrer(request, bilan, form)
    except ErreurMetier as erreur:
        return _page_des_textes(request, bilan, form, refus=[erreur], statut=409)
    if form.errors or conflits:
        donnees = donnees_a_reprendre(form, actions.textes_du_bilan(bilan), conflits)
        repris = BilanForm(donnees, bilan=bilan)
        return _page_des_textes(request, bilan, repris, conflits, statut=409 if conflits else 200)
    if request.POST.get("suite") == "apercu":
        return redirect("bilan_annuel:bilan_apercu", bilan.uuid)
    messages.success(request, "Le bilan est enregistré.")
    return redirect(bilan)


@require_POST
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe ; répond en JSON à brouillon.js."""
    bilan = _a_ecrire(request, uuid)
    form = BilanForm(request.POST, bilan=bilan, brouillon=True)
    return repondre_au_brouillon(form, lambda: (_enregistrer(request, bilan, form), actions.textes_du_bilan(bilan)))


def _enregistrer(request, bilan, form):
    return actions.ecrire_bilan(
        bilan, par=request.user, temoins=temoins_de(request.POST), libelles=form.libelles, **form.saisi
    )


def _page_des_textes(request, bilan, form, conflits=(), refus=(), statut=200):
    contexte = {"bilan": bilan, "form": form, "conflits": conflits, "refus": refus}
    return render(request, "encadrement/bilan_annuel/modifier.html", contexte, status=statut)


# — Publier


@require_http_methods(["GET", "POST"])
def publier(request, uuid):
    """Relire ce qui va paraître, puis publier : les chiffres sont figés, les lecteurs avisés."""
    bilan = DROITS_BILAN.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        bilan,
        BILAN["publier"],
        agir=lambda **saisi: actions.publier_bilan(bilan, par=request.user, **saisi),
        succes="Le bilan est publié\xa0; son PDF se prépare et les lecteurs sont avisés.",
        form_class=PublierForm,
        gabarit="encadrement/bilan_annuel/publier.html",
        contexte=lambda: {"empreinte": empreinte_des_textes(bilan), **_lecture(contenu_du_bilan(bilan))},
        retour=bilan,
    )


reprendre = vue_du_verbe(
    DROITS_BILAN,
    BILAN,
    "reprendre",
    actions.reprendre_bilan,
    "Les textes sont rouverts\xa0; la version publiée reste lisible jusqu’à la prochaine.",
    form_class=ReprendreForm,
)
