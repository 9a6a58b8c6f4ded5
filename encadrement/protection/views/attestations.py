"""Attester sa formation, revenir où l’on allait ; consigner celle de quelqu’un, annuler, retrouver (O-09)."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from encadrement.acces.matrice import Invisible
from encadrement.fichiers.views import servir
from encadrement.personnes.models import Personne
from encadrement.protection.actions.attestations import annuler_attestation, attester_formation
from encadrement.protection.droits import DROITS_ATTESTATION, est_attestee
from encadrement.protection.forms import AnnulerForm, AttesterForm, ConsignerForm, FiltreAttestations
from encadrement.protection.models import Attestation, premiere_date_valide
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie

PAR_PAGE = 50


def _fichiers(request):
    return request.FILES if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def miennes(request):
    """Mes attestations, et de quoi en verser une ; `suite` ramène à la page qui l’attendait."""
    form = AttesterForm(donnees(request), _fichiers(request))
    suite = _suite(request)
    return page_de_saisie(
        request,
        "encadrement/protection/attestations.html",
        form,
        agir=lambda: attester_formation(request.user, par=request.user, **form.cleaned_data),
        succes="Votre formation est attestée.",
        retour=suite or reverse("protection:attestations"),
        contexte=lambda: {
            "attestations": Attestation.objects.filter(personne=request.user).select_related(
                "personne", "fichier", "consignee_par"
            ),
            "attestee": est_attestee(request.user),
            "suite": suite,
            "voit_tout": DROITS_ATTESTATION.peut(request.user, "voir_ensemble", None),
        },
    )


def _suite(request):
    """Rend la page d’où l’on venait, si elle est d’ici."""
    suite = request.POST.get("suite") or request.GET.get("suite", "")
    return suite if suite.startswith("/") and url_has_allowed_host_and_scheme(suite, allowed_hosts=None) else ""


@require_safe
def toutes(request):
    """Les attestations de chacun : qui peut entrer, qui devra renouveler, qui ne l’a pas fait."""
    DROITS_ATTESTATION.exiger(request.user, "voir_ensemble", None)
    filtre = FiltreAttestations(request.GET)
    filtre.is_valid()
    attestations = _filtrer(Attestation.objects.all(), filtre.cleaned_data)
    attestations = attestations.select_related("personne", "fichier", "consignee_par")
    page = Paginator(attestations, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "encadrement/protection/attestations_toutes.html", {"filtre": filtre, "page": page})


def _filtrer(attestations, choix):
    jour = jour_local()
    if qui := choix.get("qui"):
        trouvees = Personne.objects.chercher(qui).values("pk")
        attestations = attestations.filter(Q(personne__matricule=qui) | Q(personne__in=trouvees))
    if choix.get("valeur") == "valent":
        attestations = attestations.en_vigueur(jour)
    elif choix.get("valeur") == "renouveler":
        attestations = attestations.en_vigueur(jour).filter(suivie_le__lte=ajouter_mois(jour, -11))
    elif choix.get("valeur") == "echues":
        attestations = attestations.retenues().filter(suivie_le__lt=premiere_date_valide(jour))
    return attestations


@require_http_methods(["GET", "POST"])
def consigner(request):
    """Consigner la formation de quelqu’un, pièce en main."""
    DROITS_ATTESTATION.exiger(request.user, "voir_ensemble", None)
    form = ConsignerForm(donnees(request), _fichiers(request))
    return page_de_saisie(
        request,
        "encadrement/protection/attestation_consigner.html",
        form,
        agir=lambda: attester_formation(par=request.user, **form.cleaned_data),
        succes="La formation est consignée.",
        retour=reverse("protection:attestations_toutes"),
        contexte=dict,
    )


@require_http_methods(["GET", "POST"])
def annuler(request, uuid):
    """Annuler une attestation, avec un motif."""
    attestation = DROITS_ATTESTATION.trouver(request.user, "annuler", uuid=uuid)
    form = AnnulerForm(donnees(request))
    mienne = attestation.personne_id == request.user.pk
    retour = reverse("protection:attestations" if mienne else "protection:attestations_toutes")
    return page_de_saisie(
        request,
        "encadrement/protection/attestation_annuler.html",
        form,
        agir=lambda: annuler_attestation(attestation, par=request.user, **form.cleaned_data),
        succes="L’attestation est annulée.",
        retour=retour,
        contexte=lambda: {"attestation": attestation, "retour": retour, "mienne": mienne},
    )


@require_safe
def fichier(request, uuid):
    """Remet le fichier joint à une attestation."""
    attestation = DROITS_ATTESTATION.trouver(request.user, uuid=uuid)
    if attestation.fichier is None:
        raise Invisible(acte="protection.attestation.fichier", objet=attestation)
    return servir(attestation.fichier, par=request.user)
