"""L’ordre du jour et ses pièces : écrire, ordonner, proposer un point, joindre et remettre un fichier (annexe 9)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cdp.actions import ordre_du_jour as actions
from cdp.droits import DROITS_RENCONTRE
from cdp.forms.ordre_du_jour import ObjectifsForm, PieceForm, PointForm
from cdp.models import A_VENIR, EtatRencontre, PieceJointe, PointCdp
from cdp.views.rencontres import lignes_de_l_ordre_du_jour, ordre_du_jour_a_change
from encadrement.acces.matrice import Invisible
from encadrement.fichiers.views import servir
from encadrement.rencontres.models import Sorte
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, page_de_saisie

MODIFIABLES = (*A_VENIR, EtatRencontre.TENUE)
PAS = {"monter": -1, "descendre": 1}


def _trouver(modele, personne, acte, chemin, uuid):
    """Rend un point ou une pièce et sa rencontre : 404 si la rencontre est invisible, 403 si l’acte n’est pas permis."""
    objet = modele.objects.select_related(f"{chemin}__communaute").filter(uuid=uuid).first()
    if objet is None:
        raise Invisible(acte=f"{DROITS_RENCONTRE.code}.{acte}")
    rencontre = objet.rencontre if chemin == "rencontre" else objet.point.rencontre
    if not DROITS_RENCONTRE.peut(personne, "voir", rencontre):
        raise Invisible(acte=f"{DROITS_RENCONTRE.code}.{acte}", objet=rencontre)
    DROITS_RENCONTRE.exiger(personne, acte, rencontre)
    return objet, rencontre


def _adresse(rencontre):
    return reverse("cdp:rencontre_modifier", args=[rencontre.uuid])


# — L’ordre du jour


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Écrire l’ordre du jour : chaque bouton de la page est un geste, et la page marche sans script."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    DROITS_RENCONTRE.exiger(request.user, "modifier", rencontre)
    if request.method == "GET" and rencontre.etat not in MODIFIABLES:
        messages.info(request, "L’ordre du jour de cette rencontre ne change plus.")
        return redirect(rencontre)
    geste, _, cible = request.POST.get("geste", "").partition(":")
    formulaires = _formulaires(request, rencontre, geste)
    refus, statut = [], 200
    if request.method == "POST" and all(form.is_valid() for form in formulaires.values() if form.is_bound):
        try:
            _poser(request, rencontre, geste, cible, formulaires)
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
            rencontre.refresh_from_db()
        else:
            return redirect(f"{_adresse(rencontre)}#points")
    contexte = {
        **formulaires,
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "refus": refus,
        "a_rediffuser": ordre_du_jour_a_change(rencontre),
        **lignes_de_l_ordre_du_jour(rencontre),
    }
    return render(request, "cdp/ordre_du_jour.html", contexte, status=statut)


def _formulaires(request, rencontre, geste):
    """Rend les deux formulaires de la page ; seul celui dont on a pressé le bouton est rempli."""
    objectifs = {champ: getattr(rencontre, champ) for champ in ("objectif_general", "objectifs_specifiques")}
    return {
        "form_point": PointForm(request.POST if geste == "ajouter" else None, rencontre=rencontre),
        "form_objectifs": ObjectifsForm(request.POST if geste == "objectifs" else None, initial=objectifs),
    }


def _poser(request, rencontre, geste, cible, formulaires):
    if geste == "ajouter":
        actions.ajouter_point(rencontre, par=request.user, **formulaires["form_point"].champs)
        messages.success(request, "Le point est ajouté.")
    elif geste == "objectifs":
        actions.ecrire_objectifs(rencontre, par=request.user, **_textes(formulaires["form_objectifs"]))
        messages.success(request, "Les objectifs sont enregistrés.")
    elif geste == "volets":
        actions.poser_les_volets(rencontre, par=request.user)
        messages.success(request, "Les trois volets sont à l’ordre du jour\u00a0: précisez-les.")
    elif geste in PAS:
        _deplacer(request, rencontre, cible, PAS[geste])
    else:
        raise ErreurMetier("Ce geste est inconnu\u00a0: rien n’a changé.")


def _textes(form):
    return {champ: form.cleaned_data[champ] for champ in ("objectif_general", "objectifs_specifiques")}


def _deplacer(request, rencontre, cible, pas):
    """Monte ou descend un point ; si quelqu’un a changé l’ordre entre-temps, on montre le sien (R-394)."""
    point = next((p for p in rencontre.points.filter(sorte=Sorte.AUTRE) if str(p.uuid) == cible), None)
    if point is None:
        raise ErreurMetier("Ce point vient d’être retiré\u00a0: voici la liste à jour.")
    version = request.POST.get("version", "")
    actions.monter_point(point, par=request.user, version=int(version) if version.isdecimal() else 0, pas=pas)
    numeros = {p.pk: numero for numero, p in actions.points_numerotes(rencontre)}
    messages.success(request, f"«\u00a0{point.intitule}\u00a0» est maintenant le point {numeros[point.pk]}.")


# — Les points


@require_http_methods(["GET", "POST"])
def proposer_point(request, uuid):
    """Tout membre propose un point ; il s’ajoute à la fin des autres (R-394)."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    DROITS_RENCONTRE.exiger(request.user, "proposer_point", rencontre)
    if request.method == "GET" and rencontre.etat not in A_VENIR:
        messages.info(request, "On propose un point à une rencontre à venir.")
        return redirect(rencontre)
    form = PointForm(donnees(request), rencontre=rencontre, initial={"personne": request.user})
    return page_de_saisie(
        request,
        "cdp/point_proposer.html",
        form,
        agir=lambda: actions.ajouter_point(rencontre, par=request.user, **form.champs),
        succes="Votre point est à l’ordre du jour.",
        retour=rencontre,
        contexte=lambda: {"rencontre": rencontre, "communaute": rencontre.communaute},
    )


@require_http_methods(["GET", "POST"])
def modifier_point(request, uuid):
    """Changer le sujet, le responsable ou la durée d’un point."""
    point, rencontre = _trouver(PointCdp, request.user, "modifier", "rencontre", uuid)
    form = PointForm(donnees(request), rencontre=rencontre, point=point)
    return page_de_saisie(
        request,
        "cdp/point_modifier.html",
        form,
        agir=lambda: actions.modifier_point(point, par=request.user, **form.champs),
        succes="Le point est modifié.",
        retour=f"{_adresse(rencontre)}#points",
        contexte=lambda: _un_point(point, rencontre),
    )


@require_http_methods(["GET", "POST"])
def retirer_point(request, uuid):
    """Retirer un point propre à cette rencontre ; les points fixes demeurent (R-395)."""
    point, rencontre = _trouver(PointCdp, request.user, "modifier", "rencontre", uuid)
    if request.method == "POST":
        actions.retirer_point(point, par=request.user)
        messages.success(request, "Le point est retiré.")
        return redirect(f"{_adresse(rencontre)}#points")
    return render(request, "cdp/point_retirer.html", _un_point(point, rencontre))


def _un_point(point, rencontre):
    numeros = {p.pk: numero for numero, p in actions.points_numerotes(rencontre)}
    return {
        "point": point,
        "numero": numeros[point.pk],
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "pieces": list(point.pieces.select_related("fichier")),
        "peut_modifier": True,
    }


# — Les pièces


@require_http_methods(["GET", "POST"])
def joindre(request, uuid):
    """Joindre un fichier à un point ; un fichier refusé l’est par une phrase, et rien d’autre n’est touché."""
    point, rencontre = _trouver(PointCdp, request.user, "proposer_point", "rencontre", uuid)
    form = PieceForm(donnees(request), request.FILES if request.method == "POST" else None)
    peut_modifier = DROITS_RENCONTRE.peut(request.user, "modifier", rencontre)
    return page_de_saisie(
        request,
        "cdp/point_joindre.html",
        form,
        agir=lambda: actions.joindre(point, form.cleaned_data["fichier"], par=request.user),
        succes="Le fichier est joint.",
        retour=f"{_adresse(rencontre)}#points" if peut_modifier else rencontre,
        contexte=lambda: {**_un_point(point, rencontre), "peut_modifier": peut_modifier},
    )


@require_GET
def piece(request, uuid):
    """Remet une pièce de l’ordre du jour à qui peut le lire."""
    trouvee, _ = _trouver(PieceJointe, request.user, "voir_ordre_du_jour", "point__rencontre", uuid)
    return servir(trouvee.fichier, par=request.user)


@require_POST
def detacher(request, uuid):
    """Retire une pièce jointe d’un point."""
    trouvee, rencontre = _trouver(PieceJointe, request.user, "modifier", "point__rencontre", uuid)
    actions.detacher(trouvee, par=request.user)
    messages.success(request, "La pièce est retirée.")
    return redirect(f"{_adresse(rencontre)}#points")
