"""Le bottin des experts et la fiche de chacun : chercher, se proposer, être identifié, appuyé, inscrit (R-172, R-194, R-195)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from consultation.actions import bottin as actions
from consultation.droits import DROITS_FICHE
from consultation.forms.bottin import (
    AppuiForm,
    FicheForm,
    FiltreBottin,
    IdentificationDeNouveauForm,
    PauseForm,
    RetraitForm,
)
from consultation.models import (
    DemandeConsultation,
    EtatConsultation,
    EtatFicheExpert,
    FicheExpert,
    Materiel,
    SorteExpert,
    chercher_fiches,
)
from consultation.trajectoire import FICHE
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.views import donnees, vue_du_verbe

PAR_PAGE = 20
PLAGES_MONTREES = 12
EN_ATTENTE = (EtatFicheExpert.IDENTIFIEE, EtatFicheExpert.CANDIDATURE, EtatFicheExpert.APPUYEE)


@require_safe
@vary_on_headers("HX-Request")
def bottin(request):
    """Le bottin, ouvert à tous, à chercher en tapant ; chaque filtre est dans l’adresse (R-172, R-195)."""
    filtre = FiltreBottin(request.GET)
    filtre.is_valid()
    publiees = FicheExpert.objects.publiees().avec_prochaine_plage().avec_poste()
    # L’ordre se redit : une annotation fait oublier celui du modèle.
    fiches = filtre.garder(publiees).order_by("personne__nom", "personne__prenom", "pk")
    trouvees = chercher_fiches(fiches, filtre.cleaned_data.get("q"))
    contexte = {
        "page": Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page")),
        "filtre": filtre,
        "justes": sum(not fiche.approchante for fiche in trouvees),
    }
    if request.htmx and not (request.htmx.boosted or request.htmx.history_restore_request):
        return render(request, "consultation/bottin_liste.html", contexte)
    contexte["a_traiter"] = a_traiter(request.user).count()
    return render(request, "consultation/bottin.html", contexte)


@require_GET
def candidatures(request):
    """Ce que la personne a à appuyer ou à inscrire, et ce qui attend quelqu’un d’autre (R-194, R-200)."""
    miennes = a_traiter(request.user)
    ailleurs = DROITS_FICHE.objets(request.user, "voir_candidature").filter(etat__in=EN_ATTENTE)
    contexte = {
        "a_traiter": _avec_gestionnaire(miennes),
        "ailleurs": _avec_gestionnaire(ailleurs.exclude(pk__in=miennes.values("pk")).exclude(personne=request.user)),
    }
    return render(request, "consultation/candidatures.html", contexte)


def a_traiter(personne):
    """Rend les fiches qui attendent cette personne : à appuyer par le gestionnaire, à inscrire par la DSM."""
    a_appuyer = DROITS_FICHE.objets(personne, "appuyer").filter(etat=EtatFicheExpert.CANDIDATURE)
    return a_appuyer | DROITS_FICHE.objets(personne, "inscrire").filter(etat=EtatFicheExpert.APPUYEE)


def _avec_gestionnaire(fiches):
    return fiches.avec_poste().select_related("personne__superieur").order_by("depuis", "pk")


@require_http_methods(["GET", "POST"])
def ma_fiche(request):
    """Devenir expert : ce que cela demande, puis ma fiche, ouverte par un geste et non par une visite."""
    if request.method == "POST":
        fiche = actions.ouvrir_fiche(par=request.user)
    else:
        fiche = FicheExpert.objects.filter(personne=request.user).first()
    if fiche is None:
        return render(request, "consultation/ma_fiche.html", {"sortes": SorteExpert.labels})
    a_ecrire = fiche.etat in (EtatFicheExpert.BROUILLON, EtatFicheExpert.IDENTIFIEE)
    return redirect("consultation:fiche_modifier" if a_ecrire else "consultation:fiche", fiche.uuid)


@require_GET
def fiche(request, uuid):
    """La fiche d’un expert : ce que chacun en lit, ses plages libres, la candidature pour qui la traite (R-176)."""
    fiche = DROITS_FICHE.trouver(request.user, uuid=uuid)
    fiche.personne = Personne.objects.avec_poste().select_related("superieur").get(pk=fiche.personne_id)
    permis = DROITS_FICHE.permis(request.user, fiche)
    contexte = {
        "fiche": fiche,
        "sujets": fiche.sujets.all(),
        "candidature": "voir_candidature" in permis,
        "modifiable": fiche.etat in actions.MODIFIABLES and "modifier" in permis,
        "tient_plages": "tenir_plages" in permis,
        "plages": fiche.plages.libres()[:PLAGES_MONTREES] if fiche.etat == EtatFicheExpert.ACTIVE else [],
        "a_choisir": _demandes_a_confier(request.user, fiche),
        "materiel": "tenir_plages" in permis and Materiel.objects.presents().exists(),
    }
    return render(request, "consultation/fiche.html", contexte)


def _demandes_a_confier(personne, fiche):
    """Rend les consultations de la personne qui attendent le choix d’un expert, si celui-ci peut en être (R-180)."""
    if fiche.etat != EtatFicheExpert.ACTIVE or fiche.personne_id == personne.pk:
        return []
    return DemandeConsultation.objects.filter(demandeur=personne, etat=EtatConsultation.AUTORISEE)


@require_http_methods(["GET", "POST"])
def modifier(request, uuid):
    """Écrire sa fiche : à quel titre, quelle expertise, quels sujets (R-170, R-171)."""
    fiche = DROITS_FICHE.trouver(request.user, uuid=uuid)
    DROITS_FICHE.exiger(request.user, "modifier", fiche)
    if request.method == "GET" and (raison := actions.pourquoi_non_modifiable(fiche)):
        messages.info(request, raison)
        return redirect(fiche)
    form = FicheForm(donnees(request), fiche=fiche)
    refus = []
    if form.is_valid():
        try:
            actions.ecrire_fiche(fiche, par=request.user, **form.saisi)
        except ErreurMetier as erreur:
            refus = getattr(erreur, "raisons", None) or [erreur]
        else:
            messages.success(request, "Votre fiche est enregistrée.")
            return redirect(_apres_l_ecriture(request, fiche), fiche.uuid)
    contexte = {"fiche": fiche, "form": form, "refus": refus, "suite": _SUITES.get(fiche.etat)}
    return render(request, "consultation/fiche_modifier.html", contexte, status=409 if refus else 200)


# Ce qui vient après l’écriture : le bouton, et la page du verbe où il mène.
_SUITES = {
    EtatFicheExpert.BROUILLON: {"libelle": "Enregistrer et soumettre", "url": "consultation:fiche_soumettre"},
    EtatFicheExpert.IDENTIFIEE: {"libelle": "Enregistrer et accepter", "url": "consultation:fiche_completer"},
}


def _apres_l_ecriture(request, fiche):
    suite = _SUITES.get(fiche.etat)
    return suite["url"] if suite and request.POST.get("suite") else "consultation:fiche"


_verbe = partial(vue_du_verbe, DROITS_FICHE, FICHE)

soumettre = _verbe(
    "soumettre",
    actions.soumettre_candidature,
    "Votre candidature est chez votre gestionnaire, qui l’appuiera.",
    gabarit="consultation/fiche_soumettre.html",
)
completer = _verbe(
    "completer",
    actions.completer_fiche,
    "Merci! La DSM vous inscrira au bottin.",
    gabarit="consultation/fiche_completer.html",
)
refuser = _verbe(
    "refuser",
    actions.refuser_offre,
    "C’est noté\u00a0: vous n’êtes pas au bottin.",
    gabarit="consultation/fiche_refuser.html",
)
appuyer = _verbe(
    "appuyer",
    actions.appuyer_candidature,
    "La candidature est appuyée\u00a0: la DSM peut l’inscrire.",
    form_class=AppuiForm,
    gabarit="consultation/fiche_appuyer.html",
)
ecarter = _verbe("ecarter", actions.ecarter_candidature, "La personne lira votre motif et pourra recommencer.")
inscrire = _verbe(
    "inscrire",
    actions.inscrire_expert,
    "L’expert est inscrit au bottin.",
    gabarit="consultation/fiche_inscrire.html",
)
confirmer = _verbe(
    "confirmer",
    actions.confirmer_inscription,
    "L’inscription au bottin est confirmée pour un an.",
    gabarit="consultation/fiche_confirmer.html",
)
mettre_en_pause = _verbe(
    "mettre_en_pause",
    actions.mettre_en_pause,
    "La fiche est en pause\u00a0: elle n’est plus proposée.",
    form_class=PauseForm,
    gabarit="consultation/fiche_mettre_en_pause.html",
)
reprendre = _verbe("reprendre", actions.reprendre_expertise, "L’expert est de nouveau disponible.")
retirer = _verbe(
    "retirer",
    actions.retirer_du_bottin,
    "La fiche est retirée du bottin.",
    form_class=RetraitForm,
    gabarit="consultation/fiche_retirer.html",
)
recommencer = _verbe("recommencer", actions.recommencer_candidature, "Vous pouvez reprendre votre candidature.")


def _identifier_de_nouveau(fiche, *, par, expertise=""):
    return actions.identifier_expert(fiche.personne, par=par, expertise=expertise)


identifier_de_nouveau = _verbe(
    "identifier",
    _identifier_de_nouveau,
    "La personne est avisée\u00a0: elle acceptera, ou déclinera.",
    form_class=IdentificationDeNouveauForm,
    gabarit="consultation/fiche_identifier.html",
)
