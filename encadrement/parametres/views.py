"""Lire les paramètres, en régler un, le remettre à sa valeur d’origine, lire son histoire."""

import json

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from encadrement.fichiers.models import Fichier
from encadrement.fichiers.views import servir
from encadrement.parametres import actions, registre
from encadrement.parametres.droits import DROITS_PARAMETRE
from encadrement.parametres.forms import ParametreForm
from encadrement.parametres.lecture import valeur
from encadrement.parametres.models import VersionParametre
from encadrement.parametres.natures import Image
from encadrement.socle.erreurs import ErreurMetier


@require_GET
def liste(request):
    """Les paramètres, mesure par mesure : la valeur en vigueur, qui l’a réglée et quand; ce que le cadre fixe."""
    DROITS_PARAMETRE.exiger(request.user, "voir", None)
    reglees = {ligne.code: ligne for ligne in VersionParametre.objects.en_vigueur().select_related("par")}
    regle = DROITS_PARAMETRE.permis(request.user, None)
    groupes = [
        (
            groupe,
            [
                {
                    "declare": declare,
                    "mots": declare.nature.en_mots(valeur(declare.code)),
                    "version": reglees.get(declare.code),
                    "se_regle": declare.acte in regle,
                }
                for declare in groupe.parametres
            ],
        )
        for groupe in registre.groupes()
    ]
    return render(
        request, "encadrement/parametres/liste.html", {"groupes": groupes, "lit_les_questionnaires": "regler" in regle}
    )


def _declare(request, code):
    DROITS_PARAMETRE.exiger(request.user, "voir", None)
    if not registre.est_declare(code):
        raise Http404("Ce paramètre n’existe pas.")
    return registre.parametre(code)


@require_http_methods(["GET", "POST"])
def voir(request, code):
    """Un paramètre : ce qu’il vaut, son histoire; le régler montre l’avant et l’après, puis enregistre."""
    declare = _declare(request, code)
    if request.method == "POST":
        DROITS_PARAMETRE.exiger(request.user, declare.acte, None)
    actuelle, histoire = valeur(code), list(VersionParametre.objects.filter(code=code).select_related("par"))
    envoi = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ParametreForm(*envoi, declare=declare, valeur=actuelle, vue=histoire[0].rang if histoire else 0)
    apercu, refus, statut = None, [], 200
    if form.is_bound and form.is_valid():
        choisie = form.cleaned_data["choisie"]
        vu = json.dumps(choisie) if declare.nature.a_un_apercu else ""
        if declare.nature.a_un_apercu and request.POST.get("apercu") != vu:
            apercu = {"vu": vu, "avant": declare.nature.en_mots(actuelle), "apres": declare.nature.en_mots(choisie)}
        else:
            try:
                actions.regler(
                    code,
                    par=request.user,
                    valeur=choisie,
                    motif=form.cleaned_data["motif"],
                    vue=form.cleaned_data["vue"],
                )
            except ErreurMetier as erreur:
                refus, statut = [erreur], 409
            else:
                messages.success(request, "Le paramètre est réglé\xa0: il vaut dès maintenant.")
                return redirect("parametres:parametre", code=code)
    contexte = {
        "declare": declare,
        "mots": declare.nature.en_mots(actuelle),
        "origine": declare.nature.en_mots(declare.origine),
        "est_reglee": bool(histoire) and histoire[0].valeur is not None,
        "image": isinstance(declare.nature, Image) and actuelle,
        "histoire": [_ligne(declare, version) for version in histoire],
        "rang": histoire[0].rang if histoire else 0,
        "se_regle": DROITS_PARAMETRE.peut(request.user, declare.acte, None),
        "form": form,
        "apercu": apercu,
        "refus": refus,
    }
    return render(request, "encadrement/parametres/parametre.html", contexte, status=statut)


def _ligne(declare, version):
    avant, apres = (
        declare.nature.en_mots(declare.origine if gardee is None else declare.nature.relire(gardee))
        for gardee in (version.avant, version.valeur)
    )
    return {"version": version, "avant": avant, "apres": apres}


@require_POST
def origine(request, code):
    """Remettre la valeur d’origine, d’un clic."""
    declare = _declare(request, code)
    DROITS_PARAMETRE.exiger(request.user, declare.acte, None)
    vue = request.POST.get("vue", "")
    try:
        actions.remettre_a_l_origine(code, par=request.user, vue=int(vue) if vue.isdecimal() else -1)
    except ErreurMetier as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le paramètre a repris sa valeur d’origine.")
    return redirect("parametres:parametre", code=code)


@require_GET
def image(request, code):
    """L’image en vigueur d’un paramètre."""
    declare = _declare(request, code)
    actuelle = valeur(code) if isinstance(declare.nature, Image) else ""
    fichier = Fichier.objects.presents().filter(uuid=actuelle).first() if actuelle else None
    if fichier is None:
        raise Http404("Aucune image n’est déposée.")
    return servir(fichier, par=request.user)
