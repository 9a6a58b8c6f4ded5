"""Le tableau de bord, la page d’une mesure, la liste d’une alerte, et leurs exports (R-072 à R-074, R-142 à R-144, R-186)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encadrement.acces.matrice import AccesRefuse
from encadrement.exports.views import repondre_export
from encadrement.indicateurs import attention, registre
from encadrement.indicateurs.actions import relancer
from encadrement.indicateurs.detail import detailler
from encadrement.indicateurs.droits import DROITS_CHIFFRES, regard_de
from encadrement.indicateurs.eligibles import DROITS_ELIGIBLES, retenir_eligibles
from encadrement.indicateurs.forms import FiltreMesure, FiltreTableau, FiltreTerritoire, RetenirForm
from encadrement.indicateurs.models import EligiblesRetenus
from encadrement.indicateurs.publies import chiffres_publies
from encadrement.indicateurs.tableau import COLONNES, Notes, dresser, lignes_a_exporter, mesures_chiffrees
from encadrement.socle.erreurs import ErreurMetier
from encadrement.sondages.droits import suit_les_sondages
from encadrement.trajectoire.views import donnees, page_de_saisie

PAR_PAGE = 50
COLONNES_ALERTE = ("Dossier", "Ce qui est attendu", "Depuis le", "De qui", "Direction", "Service")


@require_safe
def tableau(request):
    """Ce qui demande attention, l’année contre la précédente, puis chaque mesure."""
    regard, filtre = _filtrer(request, FiltreTableau)
    contexte = {"regard": regard, "filtre": filtre}
    if not filtre.is_valid():
        return render(request, "encadrement/indicateurs/tableau.html", contexte, status=400)
    portee, notes = filtre.portee(request.user), Notes()
    publies = chiffres_publies(portee.precedente)
    contexte |= {
        "portee": portee,
        "publies": publies,
        "comptes": _comptes(regard, portee),
        "groupes": dresser(portee, notes, publies, du_cadre=True),
        "notes": notes,
    }
    return render(request, "encadrement/indicateurs/tableau.html", contexte)


@require_safe
def tableau_exporter(request):
    """Tous les indicateurs, avec le filtre et les masques de l’écran ; l’export est consigné (N-09)."""
    _, filtre = _filtrer(request, FiltreTableau)
    if not filtre.is_valid():
        raise Http404("filtre incomplet")
    portee = filtre.portee(request.user)
    publies = chiffres_publies(portee.precedente)
    return repondre_export(
        request,
        f"Tableau de bord {portee.periode}",
        COLONNES,
        lignes_a_exporter(dresser(portee, Notes(), publies), portee),
        quoi="indicateurs.tableau",
        filtre=filtre.choisi,
    )


@require_safe
def mesure(request, mesure):
    """Une mesure : chaque indicateur avec sa définition, ses années, ses parts et sa découpe."""
    regard, filtre = _filtrer(request, FiltreMesure)
    nom = next((nom for code, nom, _ in mesures_chiffrees() if code == mesure), None)
    if nom is None:
        raise Http404("mesure sans chiffres")
    contexte = {"regard": regard, "filtre": filtre, "mesure": mesure, "nom": nom}
    if not filtre.is_valid():
        return render(request, "encadrement/indicateurs/mesure.html", contexte, status=400)
    portee, notes = filtre.portee(request.user), Notes()
    publies = chiffres_publies(portee.precedente)
    (groupe,) = dresser(portee, notes, publies, mesure=mesure)
    contexte |= {
        "portee": portee,
        "publies": publies,
        "fiches": detailler(groupe.lignes, portee, notes, par=filtre.cleaned_data["par"], regard=regard),
        "notes": notes,
        "suit_les_sondages": suit_les_sondages(request.user),
        "voit_les_eligibles": DROITS_ELIGIBLES.peut(request.user, "voir", None),
    }
    return render(request, "encadrement/indicateurs/mesure.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def eligibles(request):
    """Le nombre d’éligibles que la DSM retient à la place du calcul : ce qui l’est, ce qui l’a été, un formulaire (Q-21)."""
    DROITS_ELIGIBLES.exiger(request.user, "retenir" if request.method == "POST" else "voir", None)
    form = RetenirForm(donnees(request))
    return page_de_saisie(
        request,
        "encadrement/indicateurs/eligibles.html",
        form,
        agir=lambda: retenir_eligibles(par=request.user, **form.cleaned_data),
        succes=(
            "C’est retenu\xa0: le tableau de bord le dit avec son motif, sauf où le bilan publié d’une année en donne déjà le "
            "chiffre."
        ),
        retour=reverse("indicateurs:eligibles"),
        contexte=lambda: {
            "en_vigueur": set(EligiblesRetenus.objects.en_vigueur().values_list("pk", flat=True)),
            "lignes": EligiblesRetenus.objects.select_related("direction", "par"),
            "retient": DROITS_ELIGIBLES.peut(request.user, "retenir", None),
        },
    )


@require_safe
def alerte(request, code):
    """Les dossiers d’une alerte, filtrés, à relancer et à exporter."""
    return _page_de_l_alerte(request, *_dossiers(request, code))


@require_safe
def alerte_exporter(request, code):
    """La liste d’une alerte en classeur ou en CSV ; l’export est consigné (N-09)."""
    _, alerte, filtre, objets = _dossiers(request, code)
    lignes = map(alerte.ligne, objets)
    return repondre_export(
        request,
        alerte.nom,
        COLONNES_ALERTE,
        ((li.dossier, li.quoi, li.du_le, li.qui, li.direction, li.service) for li in lignes),
        quoi=f"indicateurs.{alerte.code}",
        filtre=filtre.choisi,
    )


@require_POST
def alerte_relancer(request, code):
    """Relancer tous ceux de la liste, une fois par jour ; le nombre lu confirme qu’on relance bien ceux-là."""
    regard, alerte, filtre, objets = _dossiers(request, code)
    if not (regard.relance and alerte.gabarit):
        raise AccesRefuse(
            "Relancer revient à qui suit ces dossiers\xa0: la DSM, l’APPR, le coordonnateur, le directeur ou le gestionnaire.",
            acte=f"{DROITS_CHIFFRES.code}.relancer",
        )
    nombre = request.POST.get("nombre", "")
    try:
        relance = relancer(
            alerte,
            objets,
            par=request.user,
            nombre=int(nombre) if nombre.isdecimal() else -1,
            filtre=filtre.choisi,
        )
    except ErreurMetier as erreur:
        return _page_de_l_alerte(request, regard, alerte, filtre, objets, refus=[erreur])
    messages.success(request, _ce_qui_est_parti(relance))
    return redirect(f"{reverse('indicateurs:alerte', args=[alerte.code])}{filtre.adresse}")


def _filtrer(request, forme):
    """Rend (regard, filtre) : 403 pour qui n’a pas de chiffres à regarder, ou pour un choix hors de son regard."""
    regard = regard_de(request.user)
    return regard, forme(request.GET, regard=regard)


def _comptes(regard, portee):
    if not regard.voit_les_alertes:
        return []
    inscrites = [alerte for _, _, chiffres in mesures_chiffrees() for alerte in chiffres.alertes]
    return attention.comptes(inscrites, portee.personne, portee.territoire)


def _dossiers(request, code):
    """Rend (regard, alerte, filtre, dossiers en cause) ; 404 si l’alerte n’existe pas, 403 si rien ne s’y nomme."""
    regard, filtre = _filtrer(request, FiltreTerritoire)
    if not regard.voit_les_alertes:
        raise AccesRefuse(
            "Vous regardez des ensembles\xa0: les dossiers en retard se nomment à qui les suit.",
            acte=f"{DROITS_CHIFFRES.code}.relancer",
        )
    try:
        alerte = registre.alerte(code)
    except KeyError as erreur:
        raise Http404("alerte inconnue") from erreur
    if not filtre.is_valid():
        raise Http404("filtre inconnu")
    return regard, alerte, filtre, attention.dossiers(alerte, request.user, filtre.territoire())


def _page_de_l_alerte(request, regard, alerte, filtre, objets, *, refus=()):
    page = Paginator(objets, PAR_PAGE).get_page(request.GET.get("page"))
    partout = regard.territoire()
    contexte = {
        "regard": regard,
        "alerte": alerte,
        "filtre": filtre,
        "page": page,
        "lignes": [alerte.ligne(objet) for objet in page],
        "directions": attention.par_direction(alerte, request.user, partout),
        "peut_relancer": bool(regard.relance and alerte.gabarit and alerte.destinataires),
        "refus": refus,
    }
    return render(request, "encadrement/indicateurs/alerte.html", contexte, status=409 if refus else 200)


def _ce_qui_est_parti(relance):
    if not relance.ecrits:
        return "Tous ont déjà été relancés aujourd’hui\xa0: rien de plus n’est parti."
    parties = [f"{relance.ecrits} relance{'s' if relance.ecrits > 1 else ''}, {relance.dossiers} "]
    parties.append(f"dossier{'s' if relance.dossiers > 1 else ''}.")
    if relance.deja:
        parties.append(f" {relance.deja} l’avai{'ent' if relance.deja > 1 else 't'} déjà été aujourd’hui.")
    return "".join(parties)
