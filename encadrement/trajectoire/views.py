"""La page commune des verbes : elle explique, agit, et garde tout ce qui est saisi quand une règle refuse."""

from django.contrib import messages
from django.shortcuts import redirect, render

from encadrement.signatures.forms import SignatureForm
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.forms import VerbeForm


def page_du_verbe(
    request,
    objet,
    transition,
    *,
    agir,
    succes,
    form_class=VerbeForm,
    gabarit="encadrement/trajectoire/verbe.html",
    contexte=None,
    engagement="",
    empreinte="",
    retour=None,
    initial=None,
):
    """Montre puis pose un verbe : GET explique, POST agit par `agir(**donnees)` et redirige vers le dossier.

    `engagement` (texte) ajoute le bloc de signature ; la `confirmation` est alors passée à `agir`. Un refus des règles
    réaffiche la page (409) avec les raisons et tout ce qui était saisi.
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
            **(contexte or {}),
        },
        status=statut,
    )


def _destination(retour, resultat, objet):
    if callable(retour):
        return retour(resultat)
    return retour or objet
