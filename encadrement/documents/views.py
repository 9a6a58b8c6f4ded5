"""Télécharger un document scellé ; vérifier un fichier ou un code sans rien en révéler."""

import hashlib

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from encadrement.documents.acces_documents import libelle_nature, nom_de_fichier, trouver_document
from encadrement.documents.actions import produire
from encadrement.documents.forms import VerificationForm
from encadrement.documents.verification import TAILLE_MAXIMALE, Verdict, verifier_code, verifier_octets
from encadrement.journal.actions import consigner
from encadrement.socle.erreurs import ErreurMetier

ESSAIS_PERMIS = {"verifier": "30/5m/ip"}
MARGE_DU_FORMULAIRE = 64 * 1024
TONS = {
    Verdict.AUTHENTIQUE: "reussite",
    Verdict.CONNU: "reussite",
    Verdict.ALTERE: "refus",
    Verdict.INCONNU: "attention",
}


@require_GET
@never_cache
def telecharger(request, uuid):
    """Remet le PDF scellé, produit à l’instant s’il ne l’était pas encore ; sinon, la page qui fait patienter."""
    document = trouver_document(request.user, uuid)
    if not document.est_produit:
        document = produire(document)
    if request.htmx:
        return render(request, "encadrement/documents/fragments/preparation.html", {"document": document})
    if not document.est_produit:
        return render(request, "encadrement/documents/preparation.html", {"document": document})
    octets = _lire_intact(document)
    consigner(
        "document.telecharger",
        document.instantane.objet,
        par=request.user,
        details={"numero": document.numero, "nature": document.nature},
    )
    return _remettre(octets, nom_de_fichier(document))


def _lire_intact(document):
    try:
        with document.fichier.open("rb") as fichier:
            octets = fichier.read()
    except FileNotFoundError:
        octets = b""
    if hashlib.sha256(octets).hexdigest() != document.empreinte_pdf:
        raise ErreurMetier(
            f"Le fichier du document {document.numero} n’est plus celui qui a été scellé\xa0: il n’est pas remis. "
            "Avisez la DSM; une copie intacte se trouve dans les sauvegardes."
        )
    return octets


def _remettre(octets, nom):
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=nom)
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    return reponse


@csrf_exempt
@login_not_required
def verifier(request):
    """Refuse d’abord un envoi trop gros, sans le lire ; le jeton du formulaire se vérifie ensuite."""
    # Vérifier le jeton lit le formulaire, donc tout le fichier : la taille annoncée se juge avant.
    taille = request.META.get("CONTENT_LENGTH") or "0"
    if not taille.isdigit() or int(taille) > TAILLE_MAXIMALE + MARGE_DU_FORMULAIRE:
        form = VerificationForm()
        phrase = "Ce fichier dépasse 10\xa0Mo\xa0: ce n’est pas un de nos documents."
        return render(request, "encadrement/documents/verifier.html", {"form": form, "refus": phrase}, status=413)
    return _verifier(request)


@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def _verifier(request):
    code = request.GET.get("code", "")[:40]
    form = VerificationForm(initial={"code": code})
    contexte = {"form": form}
    if request.method == "POST" or code:
        if not _sous_la_limite(request):
            contexte["refus"] = "Trop de vérifications en peu de temps\xa0: attendez quelques minutes."
            return render(request, "encadrement/documents/verifier.html", contexte, status=429)
        if request.method == "POST":
            contexte["form"] = form = VerificationForm(request.POST, request.FILES)
            if form.is_valid():
                contexte |= _constater(form.cleaned_data)
        else:
            contexte |= _presenter(verifier_code(code))
    return render(request, "encadrement/documents/verifier.html", contexte)


def _sous_la_limite(request):
    return ratelimit.consume(
        request, app="encadrement.documents", action="verifier", config=ESSAIS_PERMIS, limit_get=True
    )


def _constater(donnees):
    fichier = donnees["fichier"]
    if fichier is None:
        return _presenter(verifier_code(donnees["code"]))
    octets = fichier.read()
    return _presenter(verifier_octets(octets)) | {"est_pdf": b"%PDF-" in octets[:1024], "fichier_depose": True}


def _presenter(constat):
    return {
        "constat": constat,
        "ton": TONS[constat.verdict],
        "libelle": libelle_nature(constat.document) if constat.document else "",
        "nombre_signatures": constat.document.instantane.signatures.count() if constat.document else 0,
        "est_pdf": True,
        "fichier_depose": False,
    }
