"""Les pages du cadre : ouvertes à toute personne connectée, en lecture seulement."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from . import passages, textes
from . import ressources as registre
from .forms import FiltreDuCadre


def _fragment_demande(request):
    # Un retour en arrière d’htmx et une navigation « boost » veulent la page entière.
    return bool(request.htmx) and not (request.htmx.boosted or request.htmx.history_restore_request)


@require_safe
@vary_on_headers("HX-Request")
def index(request):
    """Liste les énoncés du cadre, par section, selon le filtre."""
    form = FiltreDuCadre(request.GET)
    criteres = form.cleaned_data if form.is_valid() else {}
    retenus = textes.chercher(**criteres) if any(criteres.values()) else ()
    contexte = {
        "form": form,
        "filtre_pose": any(criteres.values()),
        "nombre": len(retenus),
        "groupes": textes.par_section(retenus),
        "sections": textes.SECTIONS,
    }
    page = "fragments/enonces.html" if _fragment_demande(request) else "index.html"
    return render(request, f"encadrement/cadre/{page}", contexte)


@require_safe
@vary_on_headers("HX-Request")
def exigence(request, numero):
    """Explique un énoncé (« Pourquoi? ») : ce qu’il demande, sa force, le passage du cadre, le choix retenu."""
    try:
        trouvee = textes.exigence(numero)
    except KeyError as inconnue:
        raise Http404("Le cadre de référence n’a pas d’énoncé de ce numéro.") from inconnue
    toutes = textes.exigences()
    contexte = {
        "exigence": trouvee,
        "section": textes.section_de(numero),
        "passages": passages.passages(numero),
        "questions": textes.questions_sur(numero),
        "ressources": registre.ressources_sur(numero),
        "precedente": toutes[trouvee.rang - 2] if trouvee.rang > 1 else None,
        "suivante": toutes[trouvee.rang] if trouvee.rang < len(toutes) else None,
    }
    page = "fragments/exigence.html" if _fragment_demande(request) else "exigence.html"
    return render(request, f"encadrement/cadre/{page}", contexte)


@require_safe
def questions(request):
    """Montre les points que le cadre laisse ouverts et le choix retenu pour chacun."""
    lignes = [(question, [textes.exigence(n) for n in question.enonces]) for question in textes.questions()]
    return render(request, "encadrement/cadre/questions.html", {"lignes": lignes})


@require_safe
def ressources(request):
    """Liste les ressources, en dernière version."""
    return render(request, "encadrement/cadre/ressources.html", {"ressources": registre.ressources()})


@require_safe
def ressource(request, code, version=None):
    """Affiche une ressource, en dernière version ou dans la version demandée."""
    try:
        trouvee = registre.ressource(code, version)
    except KeyError as inconnue:
        raise Http404("Cette ressource, ou cette version, n’existe pas.") from inconnue
    contexte = {"ressource": trouvee, "versions": registre.versions(code)}
    return render(request, "encadrement/cadre/ressource.html", contexte)
