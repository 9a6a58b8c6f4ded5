"""La page commune des verbes, et celle d’une saisie ordinaire : expliquer, agir, garder ce qui est saisi si une règle refuse."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from encadrement.signatures.forms import SignatureForm
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.forms import VerbeForm

GABARIT = "encadrement/trajectoire/verbe.html"


def page_du_verbe(
    request,
    objet,
    transition,
    *,
    agir,
    succes,
    form_class=VerbeForm,
    gabarit=GABARIT,
    contexte=None,
    engagement="",
    empreinte="",
    retour=None,
    initial=None,
):
    """Montre puis pose un verbe : GET explique, POST agit par `agir(**donnees)` et redirige vers le dossier.

    `engagement` (texte) ajoute le bloc de signature ; la `confirmation` est alors passée à `agir`. Un refus des règles
    réaffiche la page (409) avec les raisons et tout ce qui était saisi. `contexte`, un dictionnaire ou une fonction, n’est
    demandé que si la page se montre : une lecture confidentielle ne se consigne pas pour rien.
    """
    transition.droits.exiger(request.user, transition.code, objet)
    donnees = request.POST if request.method == "POST" else None
    form = form_class(donnees, objet=objet, transition=transition, initial=initial)
    signature = (
        SignatureForm(donnees, request=request, engagement=engagement, initial={"empreinte": empreinte})
        if engagement
        else None
    )
    refus, statut = transition.refus(objet), 200
    if donnees is not None and form.is_valid() and (signature is None or signature.is_valid()):
        saisi = dict(form.cleaned_data)
        if signature is not None:
            saisi["confirmation"] = signature.confirmation()
        try:
            resultat = agir(**saisi)
        except ErreurMetier as erreur:
            refus, statut = getattr(erreur, "raisons", None) or [erreur], 409
        else:
            messages.success(request, succes)
            return redirect(_destination(retour, resultat, objet))
    return render(
        request,
        gabarit,
        {
            "objet": objet,
            "transition": transition,
            "form": form,
            "signature": signature,
            "refus": refus,
            "avertissements": form.avertissements,
            **((contexte() if callable(contexte) else contexte) or {}),
        },
        status=statut,
    )


def vue_du_verbe(droits, transitions, code, agir, succes, gabarit=GABARIT, *, contexte=None, empreinte=None, **options):
    """Rend la vue d’un verbe ordinaire : trouver le dossier par son `uuid`, puis `agir(dossier, par=, **saisi)`.

    `contexte` et `empreinte` sont des fonctions du dossier ; les autres options sont celles de `page_du_verbe`.
    """

    @require_http_methods(["GET", "POST"])
    def vue(request, uuid):
        objet = droits.trouver(request.user, uuid=uuid)
        return page_du_verbe(
            request,
            objet,
            transitions[code],
            agir=lambda **saisi: agir(objet, par=request.user, **saisi),
            succes=succes,
            contexte=(lambda: contexte(objet)) if contexte else None,
            empreinte=empreinte(objet) if empreinte else "",
            gabarit=gabarit,
            **options,
        )

    return vue


def _destination(retour, resultat, objet):
    if callable(retour):
        return retour(resultat)
    return retour or objet


def page_de_saisie(request, gabarit, form, *, agir, succes, retour, contexte):
    """Montre un formulaire ; valide, agit par `agir()` et redirige ; refusé par une règle, réaffiche la saisie (409).

    `retour` est une adresse, un dossier, ou une fonction qui les rend une fois l’acte posé.

    `contexte()` n’est appelé que si la page se montre : c’est là que se consigne une lecture confidentielle.
    """
    refus, statut = [], 200
    if form.is_bound and form.is_valid():
        try:
            agir()
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            messages.success(request, succes)
            return redirect(retour() if callable(retour) else retour)
    return render(request, gabarit, {"form": form, "refus": refus, **contexte()}, status=statut)


def donnees(request):
    """Rend ce qui est posté, ou None : un envoi vide n’est pas une visite."""
    return request.POST if request.method == "POST" else None
