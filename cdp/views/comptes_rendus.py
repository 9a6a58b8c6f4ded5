"""Le compte rendu : noter les présences, écrire, publier, corriger, adopter (annexe 10)."""

import datetime
import uuid as uuids
from functools import partial

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cdp.actions import comptes_rendus as actions
from cdp.actions import suivis as actions_suivis
from cdp.actions.ordre_du_jour import suivis_ouverts
from cdp.droits import DROITS_RENCONTRE
from cdp.forms.comptes_rendus import (
    AjoutPresenceForm,
    CompteRenduForm,
    ContributionForm,
    PresencesForm,
    PublicationForm,
    SuiviForm,
)
from cdp.models import EtatRencontre
from cdp.trajectoire import RENCONTRE
from encadrement.signatures.models import Instantane, empreinte_de
from encadrement.socle.brouillon import donnees_a_reprendre, repondre_au_brouillon, temoins_de
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, vue_du_verbe


def _page_de(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


# — Lire


@require_GET
def lire(request, uuid):
    """Le compte rendu publié, et ses versions ; les responsables y voient aussi celui qui s’écrit."""
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    DROITS_RENCONTRE.exiger(request.user, "lire_compte_rendu", rencontre)
    if not rencontre.est_tenue:
        messages.info(request, "Cette rencontre n’a pas encore de compte rendu.")
        return redirect(rencontre)
    versions = _versions(rencontre)
    choisie = _version_choisie(request, versions)
    if choisie is None and rencontre.etat != EtatRencontre.TENUE:
        choisie = next(version for version in versions if version["instantane"].pk == rencontre.compte_rendu_id)
    contenu = choisie["instantane"].donnees if choisie else actions.contenu_compte_rendu(rencontre)
    contexte = {
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "contenu": lisible(contenu),
        "versions": versions,
        "choisie": choisie,
        "permis": DROITS_RENCONTRE.permis(request.user, rencontre),
        "ouvert_a": _ouvert_a(rencontre.communaute),
    }
    return render(request, "cdp/compte_rendu.html", contexte)


def _versions(rencontre):
    """Rend les versions publiées, la première d’abord, chacune avec son PDF."""
    instantanes = Instantane.objects.filter(
        objet_type=ContentType.objects.get_for_model(rencontre), objet_id=rencontre.pk, nature="cdp_compte_rendu"
    ).select_related("document")
    return [
        {"numero": numero, "instantane": instantane, "actuelle": instantane.pk == rencontre.compte_rendu_id}
        for numero, instantane in enumerate(instantanes.order_by("pk"), start=1)
    ]


def _version_choisie(request, versions):
    voulue = request.GET.get("version", "")
    return next((version for version in versions if str(version["numero"]) == voulue), None)


def _ouvert_a(communaute):
    """Dit en une phrase à qui la communauté ouvre ses comptes rendus."""
    autres = [
        qui
        for qui, ouvert in (("le parrain", communaute.partage_parrain), ("la DSM et ses APPR", communaute.partage_dsm))
        if ouvert
    ]
    return " et ".join(filter(None, (", ".join(["les membres", *autres[:-1]]), *autres[-1:])))


def lisible(contenu):
    """Rend le contenu figé d’un compte rendu tel que la page le montre : des dates, et une phrase par suivi."""
    instants = {
        cle: contenu[cle] and datetime.datetime.fromisoformat(contenu[cle]) for cle in ("debut", "fin", "suivante")
    }
    listes = {cle: _phrases(contenu[cle]) for cle in ("suivis_anterieurs", "autres_suivis")}
    points = [{**point, "suivis": _phrases(point["suivis"])} for point in contenu["points"]]
    return {**contenu, **instants, **listes, "points": points}


def _phrases(suivis):
    return [", ".join(filter(None, (suivi["texte"], suivi["responsable"], suivi["quand"]))) for suivi in suivis]


# — Écrire


def _a_ecrire(request, uuid):
    rencontre = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    DROITS_RENCONTRE.exiger(request.user, "ecrire_compte_rendu", rencontre)
    return rencontre


def _deja_ailleurs(request, rencontre):
    """Rend la page où mener une visite si le compte rendu ne s’écrit pas maintenant, ou None."""
    if rencontre.etat == EtatRencontre.TENUE:
        return None
    messages.info(request, f"Cette rencontre est à l’état «\xa0{rencontre.get_etat_display()}\xa0».")
    return redirect("cdp:rencontre_compte_rendu" if rencontre.est_tenue else "cdp:rencontre", rencontre.uuid)


@require_http_methods(["GET", "POST"])
def ecrire(request, uuid):
    """L’annexe 10 à remplir ; sans JavaScript, chaque bouton enregistre tout puis fait son geste."""
    rencontre = _a_ecrire(request, uuid)
    if request.method == "GET":
        ajouts = _ajouts(rencontre)
        return _deja_ailleurs(request, rencontre) or _page(
            request, rencontre, CompteRenduForm(rencontre=rencontre), ajouts
        )
    form, ajouts = CompteRenduForm(request.POST, rencontre=rencontre), _ajouts(rencontre, request.POST)
    form.is_valid()
    try:
        conflits = _enregistrer(request, rencontre, form)
    except ErreurMetier as erreur:
        return _page(request, rencontre, form, ajouts, refus=[erreur], statut=409)
    geste, _, cible = request.POST.get("geste", "enregistrer").partition(":")
    refus = []
    try:
        _ajouter(request.user, rencontre, ajouts, geste)
        suite = _faire(request.user, rencontre, geste, cible)
    except ErreurMetier as erreur:
        refus = [erreur]
    if refus or conflits or form.errors or any(ajout.is_bound for ajout in ajouts.values()):
        repris = donnees_a_reprendre(form, actions.valeurs_compte_rendu(rencontre), conflits)
        form = CompteRenduForm(repris, rencontre=rencontre)
        return _page(request, rencontre, form, ajouts, conflits, refus, 409 if refus or conflits else 200)
    if suite is None:
        messages.success(request, "Le compte rendu est enregistré.")
    return redirect(suite or _page_de("rencontre_ecrire", rencontre))


@require_POST
def enregistrer_brouillon(request, uuid):
    """Enregistre pendant la frappe ; répond en JSON à brouillon.js."""
    rencontre = _a_ecrire(request, uuid)
    form = CompteRenduForm(request.POST, rencontre=rencontre)
    return repondre_au_brouillon(
        form, lambda: (_enregistrer(request, rencontre, form), actions.valeurs_compte_rendu(rencontre))
    )


def _enregistrer(request, rencontre, form):
    return actions.ecrire_compte_rendu(
        rencontre, par=request.user, saisi=form.saisi, temoins=temoins_de(request.POST), libelles=form.libelles
    )


_AJOUTS = {
    "suivi": (SuiviForm, actions_suivis.noter_suivi),
    "contribution": (ContributionForm, actions.consigner_contribution),
}


def _ajouts(rencontre, donnees=None):
    return {nom: form_class(donnees, rencontre=rencontre, prefix=nom) for nom, (form_class, _) in _AJOUTS.items()}


def _ajouter(par, rencontre, ajouts, geste):
    """Fait chaque ajout commencé, quel que soit le bouton : ce qui est saisi ne se perd pas ; un ajout fait se vide."""
    for nom, (form_class, agir) in _AJOUTS.items():
        ajout = ajouts[nom]
        if (ajout.has_changed() or geste == f"ajouter_{nom}") and not ajout.is_valid():
            continue
        if ajout.has_changed():
            agir(rencontre, par=par, **ajout.cleaned_data)
        ajouts[nom] = form_class(rencontre=rencontre, prefix=nom)


def _faire(par, rencontre, geste, cible):
    """Fait le geste d’un bouton et rend la page où continuer, ou None."""
    if geste in {"ajouter_suivi", "ajouter_contribution"}:
        return _page_de("rencontre_ecrire", rencontre) + f"#{geste}"
    if geste in {"publier", "presences"}:
        return _page_de(f"rencontre_{geste}", rencontre)
    retraits = {
        "retirer_suivi": (rencontre.suivis, actions_suivis.retirer_suivi),
        "retirer_contribution": (rencontre.contributions, actions.retirer_contribution),
    }
    if geste in retraits:
        lignes, retirer = retraits[geste]
        if ligne := _ligne(lignes, cible):
            retirer(ligne, par=par)
    if geste == "clore_suivi" and (suivi := _ligne(rencontre.communaute.suivis, cible)):
        return _page_de("suivi_clore", suivi)
    return None


def _ligne(lignes, cible):
    try:
        return lignes.filter(uuid=uuids.UUID(cible)).first()
    except ValueError:
        return None


def _page(request, rencontre, form, ajouts, conflits=(), refus=(), statut=200):
    lignes = list(rencontre.participations.all())
    suivis, contributions = list(rencontre.suivis.select_related("personne")), list(rencontre.contributions.all())
    contexte = {
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "form": form,
        "rangees": [
            {
                "numero": numero,
                "point": point,
                "champ": champ,
                "suivis": [suivi for suivi in suivis if suivi.point_id == point.pk],
                "contributions": [ligne for ligne in contributions if ligne.point_id == point.pk],
            }
            for numero, point, champ in form.rangees()
        ],
        "autres_suivis": [suivi for suivi in suivis if suivi.point_id is None],
        "autres_contributions": [ligne for ligne in contributions if ligne.point_id is None],
        "anterieurs": suivis_ouverts(rencontre),
        "presents": sum(ligne.presente is True for ligne in lignes),
        "absents": sum(ligne.presente is False for ligne in lignes),
        "sans_reponse": sum(ligne.presente is None for ligne in lignes),
        "conflits": conflits,
        "refus": refus,
        **{f"form_{nom}": ajout for nom, ajout in ajouts.items()},
    }
    return render(request, "cdp/compte_rendu_ecrire.html", contexte, status=statut)


# — Les présences


@require_http_methods(["GET", "POST"])
def presences(request, uuid):
    """Qui était là, et les heures réelles : une page courte, faite pour le téléphone (R-396, R-397)."""
    rencontre = _a_ecrire(request, uuid)
    form, ajout = PresencesForm(donnees(request), rencontre=rencontre), _ajout_presence(rencontre, donnees(request))
    if request.method == "GET":
        return _deja_ailleurs(request, rencontre) or _page_presences(request, rencontre, form, ajout)
    geste, _, cible = request.POST.get("geste", "enregistrer").partition(":")
    refus = []
    if form.is_valid():
        try:
            _noter(request.user, rencontre, form, geste, cible)
            if ajout.has_changed() or geste == "ajouter":
                if ajout.is_valid():
                    actions.ajouter_presence(rencontre, par=request.user, **ajout.cleaned_data)
                    ajout = _ajout_presence(rencontre)
            else:
                ajout = _ajout_presence(rencontre)
        except ErreurMetier as erreur:
            refus = [erreur]
        if not (refus or ajout.is_bound):
            messages.success(request, "Les présences sont enregistrées.")
            return redirect("cdp:rencontre_presences", rencontre.uuid)
    return _page_presences(request, rencontre, form, ajout, refus)


@transaction.atomic
def _noter(par, rencontre, form, geste, cible):
    actions.noter_presences(rencontre, form.presences(tous=geste == "tous_presents"), par=par)
    if form.moment:
        debut, fin = form.moment
        actions.corriger_horaire(rencontre, par=par, debut=debut, fin=fin)
    retirables = rencontre.participations.filter(est_invite=True)
    if geste == "retirer" and cible.isascii() and cible.isdigit() and (ligne := retirables.filter(pk=cible).first()):
        actions.retirer_presence(ligne, par=par)


def _ajout_presence(rencontre, donnees=None):
    return AjoutPresenceForm(donnees, rencontre=rencontre, prefix="ajout")


def _page_presences(request, rencontre, form, ajout, refus=()):
    contexte = {
        "rencontre": rencontre,
        "communaute": rencontre.communaute,
        "form": form,
        "ajout": ajout,
        "rangees": form.rangees(),
        "restent": sum(ligne.presente is None for ligne in form.lignes),
        "refus": refus,
    }
    return render(request, "cdp/presences.html", contexte, status=409 if refus else 200)


# — Publier, corriger, adopter


def _publier(rencontre, *, par, raison="", lu="", **_):
    return actions.publier_compte_rendu(rencontre, par=par, raison=raison, lu=lu)


def _a_publier(rencontre):
    contenu = actions.contenu_compte_rendu(rencontre)
    return {
        "communaute": rencontre.communaute,
        "contenu": lisible(contenu),
        "empreinte_lue": empreinte_de(contenu),
        "contributions": list(rencontre.contributions.select_related("auteur")),
        "ouvert_a": _ouvert_a(rencontre.communaute),
    }


def _vers_le_compte_rendu(passage):
    return _page_de("rencontre_compte_rendu", passage.rencontre)


_verbe = partial(vue_du_verbe, DROITS_RENCONTRE, RENCONTRE)

publier = _verbe(
    "publier",
    _publier,
    "Le compte rendu est publié\xa0: les membres en sont avisés, et son PDF se prépare.",
    "cdp/compte_rendu_publier.html",
    contexte=_a_publier,
    form_class=PublicationForm,
    retour=_vers_le_compte_rendu,
)
rouvrir = _verbe(
    "rouvrir",
    actions.rouvrir_compte_rendu,
    "Le compte rendu est rouvert\xa0: corrigez-le, puis publiez-le de nouveau.",
    "cdp/compte_rendu_rouvrir.html",
    contexte=lambda rencontre: {"communaute": rencontre.communaute},
    retour=lambda passage: _page_de("rencontre_ecrire", passage.rencontre),
)
adopter = _verbe(
    "adopter",
    actions.adopter_compte_rendu,
    "Le compte rendu est adopté.",
    "cdp/compte_rendu_adopter.html",
    contexte=lambda rencontre: {"communaute": rencontre.communaute},
    retour=_vers_le_compte_rendu,
)
