"""La réponse d’un enregistrement automatique : ce qui est gardé, ce que l’autre a écrit, ce qui se contredit."""

from django import forms
from django.http import JsonResponse
from django.utils import timezone

from encadrement.socle.champs import nettoyer
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import temoin

PREFIXE_TEMOIN = "temoin-"
PREFIXE_PRECEDENT = "precedent-"


def temoins_de(donnees):
    """Rend {champ: témoins} des champs cachés d’un formulaire reçu.

    Aux témoins de ce que la personne a lu s’ajoutent ceux des textes que sa page a envoyés sans recevoir de réponse :
    s’ils sont arrivés quand même, ce sont encore les siens.
    """
    temoins = {
        cle.removeprefix(PREFIXE_TEMOIN): valeur for cle, valeur in donnees.items() if cle.startswith(PREFIXE_TEMOIN)
    }
    for champ in temoins:
        precedents = donnees.getlist(f"{PREFIXE_PRECEDENT}{champ}")
        temoins[champ] = " ".join([temoins[champ], *(temoin(nettoyer(texte).strip()) for texte in precedents)])
    return temoins


def donnees_a_reprendre(form, valeurs, conflits):
    """Rend les données du formulaire à réafficher après un enregistrement partiel ; `valeurs` sont celles en base.

    Ce qui est refusé ou contredit reste tel que tapé ; le reste montre ce qui est gardé, sinon l’enregistrement suivant
    effacerait ce que l’autre vient d’écrire. Un champ contredit prend un témoin neuf, puisque les deux textes sont
    montrés ; un champ refusé garde le sien.
    """
    contredits = {ecart.champ for ecart in conflits}
    donnees = form.data.copy()
    for champ, valeur in valeurs.items():
        if champ in form.errors:
            continue
        donnees.pop(f"{PREFIXE_TEMOIN}{champ}", None)
        if champ in contredits or champ not in form.fields:
            continue
        if valeur is False and isinstance(form.fields[champ], forms.BooleanField):
            donnees.pop(champ, None)
        else:
            donnees[champ] = "" if valeur is None else form.fields[champ].prepare_value(valeur)
    return donnees


def repondre_au_brouillon(form, enregistrer):
    """Enregistre ce qui se lit du formulaire et rend la réponse JSON attendue par brouillon.js.

    `enregistrer()` écrit et rend (conflits, valeurs en base). 200 : enregistré, avec les nouveaux témoins ; 409 : conflits,
    les deux textes ; 422 : une règle qui refuse, ou une saisie illisible, dite par une phrase (les autres champs sont
    enregistrés).
    """
    form.is_valid()
    try:
        conflits, actuel = enregistrer()
    except ErreurMetier as erreur:
        return JsonResponse({"message": erreur.message}, status=422)
    if conflits:
        return JsonResponse({"conflit": [_conflit(ecart, actuel, form) for ecart in conflits]}, status=409)
    if form.errors:
        champ, messages = next(iter(form.errors.items()))
        libelle = form.fields[champ].label if champ in form.fields else ""
        phrase = f"{libelle} : {messages[0]}" if libelle else messages[0]
        return JsonResponse({"message": f"{phrase} Le reste est enregistré."}, status=422)
    en_commun = [champ for champ in form.cleaned_data if champ in actuel]
    inchanges = [champ for champ in en_commun if _egal(form.cleaned_data[champ], actuel[champ])]
    nouveautes = {
        champ: {
            "envoye": form.data.get(champ, ""),
            "valeur": str(form.fields[champ].prepare_value(actuel[champ]) or ""),
            "temoin": temoin(actuel[champ]),
        }
        for champ in en_commun
        if champ not in inchanges and not isinstance(actuel[champ], bool)
    }
    return JsonResponse(
        {
            "enregistre_le": timezone.now().isoformat(),
            "temoins": {champ: temoin(actuel[champ]) for champ in inchanges},
            "nouveautes": nouveautes,
        }
    )


def _egal(une, autre):
    return temoin(une) == temoin(autre)


def _conflit(ecart, actuel, form):
    champ = form.fields.get(ecart.champ)
    mots = {str(code): str(mot) for code, mot in getattr(champ, "choices", ())}
    return {
        "champ": ecart.champ,
        "libelle": ecart.libelle,
        "le_mien": form.data.get(ecart.champ, ecart.saisi),
        "actuel": _a_l_ecran(champ, actuel.get(ecart.champ)) if champ else ecart.actuel,
        "temoin": temoin(actuel.get(ecart.champ)),
        "par": "l’autre personne",
        # Les mots de chacun, quand la valeur est le code d’un choix.
        "dits": [mots.get(str(form.data.get(ecart.champ))), mots.get(str(actuel.get(ecart.champ)))],
    }


def _a_l_ecran(champ, valeur):
    # Une case décochée s’écrit vide ; le « non » d’un choix a sa propre valeur.
    if valeur is None or (valeur is False and isinstance(champ, forms.BooleanField)):
        return ""
    return str(champ.prepare_value(valeur))
