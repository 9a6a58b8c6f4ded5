"""L’analyse mensuelle des accès : la lire, conclure constat par constat, la signer ; jamais rien d’un récit (O-10)."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from concertation.actions import analyses as actions
from concertation.actions.constats import REGLES
from concertation.actions.lectures import champs_lus, titre_de
from concertation.droits import DROITS_ANALYSE, DROITS_CONSTAT
from concertation.forms.analyses import ConclureForm
from concertation.models import EtatAnalyse
from concertation.trajectoire import ANALYSE
from concertation.views.zone import en_zone
from encadrement.acces.matrice import Invisible
from encadrement.documents.acces_documents import peut_voir
from encadrement.documents.models import Document
from encadrement.signatures.models import empreinte_de
from encadrement.trajectoire.views import donnees, page_de_saisie, page_du_verbe

PAR_PAGE = 24
ENGAGEMENT = "J’ai analysé les accès de ce mois et je signe ces conclusions."


@require_GET
@en_zone
def liste(request):
    """Les analyses des mois écoulés qui me sont confiées, la plus récente d’abord."""
    if not DROITS_ANALYSE.peut(request.user, "voir_ensemble", None):
        raise Invisible(acte="concertation.analyses")
    visibles = DROITS_ANALYSE.objets(request.user)
    page = Paginator(visibles, PAR_PAGE).get_page(request.GET.get("page"))
    restent = _restent(request.user, page)
    lignes = [(analyse, restent.get(analyse.pk, (0, 0))) for analyse in page]
    regles = [(sorte.label, regle) for sorte, regle in REGLES.items()]
    return render(request, "concertation/analyses.html", {"page": page, "lignes": lignes, "regles": regles})


def _restent(personne, analyses):
    """Rend {analyse: (constats, sans conclusion)} de ce que la personne voit, en une requête."""
    comptes = {}
    constats = DROITS_CONSTAT.objets(personne).filter(analyse__in=[analyse.pk for analyse in analyses])
    for analyse, conclusion in constats.values_list("analyse", "conclusion"):
        tous, sans = comptes.get(analyse, (0, 0))
        comptes[analyse] = (tous + 1, sans + (not conclusion))
    return comptes


@require_GET
@en_zone
def voir(request, uuid):
    """Un mois : combien de lectures, ce qui mérite qu’on regarde, ce qu’on en a conclu."""
    analyse = DROITS_ANALYSE.trouver(request.user, uuid=uuid)
    constats = list(actions.constats_visibles(analyse, request.user))
    documents = Document.objects.filter(instantane__nature=actions.NATURE, instantane__objet_id=analyse.pk)
    document = documents.select_related("instantane__objet_type").first()
    contexte = {
        "analyse": analyse,
        "constats": constats,
        "restent": sum(not constat.conclusion for constat in constats),
        "a_signer": analyse.etat == EtatAnalyse.A_SIGNER,
        "document": document if document and peut_voir(request.user, document) else None,
    }
    return render(request, "concertation/analyse.html", contexte)


@require_http_methods(["GET", "POST"])
@en_zone
def constat(request, uuid):
    """Les entrées du journal qui fondent un constat, et ce qu’on en conclut."""
    trouve = DROITS_CONSTAT.trouver(request.user, uuid=uuid)
    analyse = trouve.analyse
    form = ConclureForm(donnees(request), initial={"conclusion": trouve.conclusion, "note": trouve.note})
    return page_de_saisie(
        request,
        "concertation/constat.html",
        form,
        agir=lambda: actions.conclure_constat(
            trouve,
            par=request.user,
            conclusion=form.cleaned_data["conclusion"],
            note=form.cleaned_data["note"],
        ),
        succes="La conclusion est consignée.",
        retour=analyse,
        contexte=lambda: {
            "constat": trouve,
            "analyse": analyse,
            "regle": REGLES[trouve.sorte],
            "lignes": [_ligne(entree) for entree in actions.lignes_visibles(trouve, request.user)],
            "conclut": analyse.etat == EtatAnalyse.A_SIGNER and DROITS_CONSTAT.peut(request.user, "conclure", trouve),
        },
    )


def _ligne(entree):
    lue = "champs" in entree.details
    return {
        "quand": entree.quand,
        "titre": titre_de(entree),
        "quoi": ", ".join(champs_lus(entree)) if lue else "essai refusé",
        "pourquoi": entree.details.get("pourquoi", ""),
    }


@require_http_methods(["GET", "POST"])
@en_zone
def signer(request, uuid):
    """Signer l’analyse d’un mois, une fois chaque constat conclu ; elle ne change plus."""
    analyse = DROITS_ANALYSE.trouver(request.user, uuid=uuid)
    contenu = actions.contenu_a_signer(analyse, request.user)
    return page_du_verbe(
        request,
        analyse,
        ANALYSE["signer"],
        agir=lambda confirmation: actions.signer_analyse(analyse, par=request.user, confirmation=confirmation),
        succes="L’analyse est signée; son document est en préparation.",
        gabarit="concertation/analyse_signer.html",
        contexte={"contenu": contenu},
        engagement=ENGAGEMENT,
        empreinte=empreinte_de(contenu),
        retour=analyse,
    )
