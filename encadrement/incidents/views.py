"""Signaler un incident, tenir le registre, imprimer l’avis prérempli (O-11, O-12)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from encadrement.exports.views import repondre_export
from encadrement.incidents import actions
from encadrement.incidents.droits import DROITS_INCIDENT
from encadrement.incidents.forms import FiltreRegistre, RegistreForm, SignalementForm
from encadrement.incidents.models import Incident
from encadrement.incidents.regles import REGIMES, avis_a_transmettre
from encadrement.incidents.trajectoire import INCIDENT
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie, vue_du_verbe

PAR_PAGE = 25
COLONNES = (
    "Numéro",
    "État",
    "Renseignements",
    "Signalé le",
    "1. Renseignements visés",
    "2. Circonstances",
    "3. Survenu du",
    "3. Au",
    "4. Connu le",
    "5. Personnes concernées",
    "6. Risque de préjudice sérieux",
    "6. Ce qui mène à le conclure",
    "7. Avis au ministre",
    "7. Avis à la CAI",
    "7. Avis aux personnes",
    "7. Avis public",
    "8. Mesures prises",
)


@require_http_methods(["GET", "POST"])
def signaler(request):
    """Dire ce qui s’est passé ; le responsable de la protection des renseignements en est avisé aussitôt."""
    DROITS_INCIDENT.exiger(request.user, "signaler", None)
    form = SignalementForm(donnees(request))
    if form.is_bound and form.is_valid():
        saisi = {champ: form.cleaned_data[champ] for champ in actions.SIGNALES}
        incident = actions.signaler_incident(par=request.user, **saisi)
        messages.success(request, f"Merci. Le signalement {incident.numero} est transmis.")
        lit = DROITS_INCIDENT.peut(request.user, "voir", incident)
        return redirect(incident if lit else "accueil:a_faire")
    contexte = {"form": form, "lit": DROITS_INCIDENT.peut(request.user, "voir", None)}
    return render(request, "encadrement/incidents/signaler.html", contexte)


def _registre(request):
    """Rend (filtre, incidents) que la personne peut lire, selon l’adresse."""
    DROITS_INCIDENT.exiger(request.user, "voir", None)
    filtre = FiltreRegistre(request.GET)
    filtre.is_valid()
    choisis = {champ: valeur for champ, valeur in filtre.cleaned_data.items() if valeur}
    return filtre, DROITS_INCIDENT.objets(request.user).filter(**choisis).select_related("signale_par")


@require_GET
def registre(request):
    """Le registre : numéro, zone, dates, état ; ce qui s’est passé se lit fiche par fiche."""
    filtre, incidents = _registre(request)
    contexte = {
        "filtre": filtre,
        "page": Paginator(incidents, PAR_PAGE).get_page(request.GET.get("page")),
        "ecrit": DROITS_INCIDENT.peut(request.user, "modifier", None),
    }
    return render(request, "encadrement/incidents/registre.html", contexte)


@require_GET
def exporter(request):
    """Le registre entier, ses huit éléments, en classeur ou en CSV ; l’export est consigné."""
    filtre, incidents = _registre(request)
    return repondre_export(
        request,
        "Registre des incidents de confidentialité",
        COLONNES,
        map(_ligne, incidents),
        quoi="incidents.registre",
        filtre=filtre.cleaned_data,
    )


def _ligne(incident):
    return (
        incident.numero,
        incident.get_etat_display(),
        incident.get_zone_display(),
        incident.cree_le,
        incident.renseignements,
        incident.circonstances,
        incident.survenu_du,
        incident.survenu_au,
        incident.connu_le,
        incident.nombre,
        incident.risque_serieux,
        incident.prejudice,
        incident.ministre_le,
        incident.cai_le,
        incident.personnes_le,
        incident.avis_public,
        incident.mesures,
    )


def _contexte(incident):
    # La transmission ne se suit que si le risque est sérieux, ou pas encore jugé.
    return {
        "incident": incident,
        "avis": [(avis, getattr(incident, avis.champ)) for avis in avis_a_transmettre(incident.zone)],
        "regime": REGIMES[incident.zone],
    }


@require_GET
def voir(request, uuid):
    """La fiche d’un incident : les huit éléments, ce qui manque pour clore, à qui vont les avis."""
    incident = DROITS_INCIDENT.trouver(request.user, uuid=uuid)
    actions.lire_incident(incident, par=request.user)
    contexte = {
        **_contexte(incident),
        "modifiable": incident.est_modifiable and DROITS_INCIDENT.peut(request.user, "modifier", incident),
        "manques": INCIDENT["clore"].manques(incident),
    }
    return render(request, "encadrement/incidents/incident.html", contexte)


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Écrire au registre ; incomplet, il s’enregistre quand même."""
    incident = DROITS_INCIDENT.trouver(request.user, uuid=uuid)
    DROITS_INCIDENT.exiger(request.user, "modifier", incident)
    form = RegistreForm(donnees(request), initial=RegistreForm.valeurs_de(incident))

    def contexte():
        actions.lire_incident(incident, par=request.user, pourquoi="tenue du registre")
        return _contexte(incident)

    return page_de_saisie(
        request,
        "encadrement/incidents/modifier.html",
        form,
        agir=lambda: actions.ecrire_incident(
            incident, par=request.user, **{champ: form.cleaned_data[champ] for champ in Incident.ECRITS}
        ),
        succes="Le registre est à jour.",
        retour=incident,
        contexte=contexte,
    )


@require_GET
def avis(request, uuid):
    """L’avis prérempli, à imprimer ou à copier : ce que le règlement demande d’y mettre, tiré du registre."""
    incident = DROITS_INCIDENT.trouver(request.user, uuid=uuid)
    DROITS_INCIDENT.exiger(request.user, "modifier", incident)
    actions.lire_incident(incident, par=request.user, pourquoi="avis à transmettre")
    contexte = {**_contexte(incident), "aujourdhui": jour_local(), "retour": reverse("incidents:incident", args=[uuid])}
    return render(request, "encadrement/incidents/avis.html", contexte)


_verbe = partial(vue_du_verbe, DROITS_INCIDENT, INCIDENT)

analyser = _verbe("analyser", actions.analyser_incident, "L’analyse est commencée.")
clore = _verbe(
    "clore",
    actions.clore_incident,
    "L’incident est clos.",
    "encadrement/incidents/clore.html",
)
