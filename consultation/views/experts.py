"""L’expert du CISSS : le choisir, sa réponse, le moment, la rencontre, l’avis (R-174 à R-176, R-180, R-204, R-207)."""

from functools import partial

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from consultation.actions import experts as actions
from consultation.actions.plages import PlagePrise
from consultation.droits import DROITS_DEMANDE
from consultation.forms.demandes import MotifForm
from consultation.forms.experts import (
    D_UN_EXPERT,
    D_UNE_PLAGE,
    AutreMomentForm,
    AvisForm,
    ChoixExpertForm,
    MomentForm,
    RechercheExpert,
    RencontreForm,
)
from consultation.models import (
    Ampleur,
    EtatConsultation,
    FicheExpert,
    ModeConsultation,
    Plage,
    RencontreConsultation,
    ReponseExpert,
    Sollicitation,
    chercher_fiches,
)
from consultation.trajectoire import DEMANDE
from consultation.views.demandes import a_lire, rencontres_de
from encadrement.acces.matrice import Invisible
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie, page_du_verbe, vue_du_verbe

EXPERTS_MONTRES = 20
PLAGES_MONTREES = 4


# — Choisir


@require_http_methods(["GET", "HEAD", "POST"])
def choisir_expert(request, uuid):
    """Le bottin, restreint aux experts disponibles : en choisir un, ou une de ses plages (R-176, R-180, R-207).

    La recherche arrive par POST : dans l’adresse, elle dirait le sujet de la demande (Q-19).
    """
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    DROITS_DEMANDE.exiger(request.user, "choisir_expert", demande)
    if request.POST.get("geste") == "chercher":
        return _chercher(request, demande)
    prises = []

    def agir(**saisi):
        try:
            return actions.choisir_expert(demande, par=request.user, **saisi)
        except PlagePrise as prise:
            prises.append((prise, saisi["fiche"]))
            raise

    return page_du_verbe(
        request,
        demande,
        DEMANDE["choisir_expert"],
        agir=agir,
        succes="Votre demande est chez l’expert\xa0: il l’acceptera, proposera un moment ou déclinera.",
        form_class=ChoixExpertForm,
        gabarit="consultation/demande_choisir_expert.html",
        # Lu au moment d’afficher : la plage que quelqu’un vient de prendre n’y est plus.
        contexte=lambda: _choix(request, demande, prises),
    )


def _chercher(request, demande):
    transition = DEMANDE["choisir_expert"]
    contexte = {
        "objet": demande,
        "transition": transition,
        "form": ChoixExpertForm(objet=demande, transition=transition),
        "refus": transition.refus(demande),
        **_choix(request, demande, []),
    }
    return render(request, "consultation/demande_choisir_expert.html", contexte)


def _choix(request, demande, prises):
    recherche = RechercheExpert(donnees(request))
    texte = recherche.cleaned_data.get("q", "") if recherche.is_valid() else ""
    # Venu de la fiche d’un expert, on le retrouve en tête, déjà choisi.
    voulu = f"{D_UN_EXPERT}{request.GET.get('expert', '')}"
    fiches = sorted(_disponibles(demande, texte), key=lambda fiche: fiche.choix != voulu)
    suivantes, chez = ([], None)
    if prises:
        prise, chez = prises[0]
        suivantes = _a_choisir(prise.suivantes)
    return {
        **a_lire(demande),
        "recherche": recherche,
        "texte": texte,
        "fiches": fiches[:EXPERTS_MONTRES],
        "autres": max(0, len(fiches) - EXPERTS_MONTRES),
        "suivantes": suivantes,
        "chez": chez,
        "choisi": "" if prises else request.POST.get("choix", voulu),
        "de_groupe": demande.ampleur == Ampleur.GROUPE,
    }


def _disponibles(demande, texte):
    """Rend les fiches à proposer : ceux qui connaissent le sujet d’abord."""
    libres = Plage.objects.libres().order_by("debut", "pk")[:PLAGES_MONTREES]
    fiches = (
        FicheExpert.objects.pour(demande)
        .select_related("personne__titre_emploi", "personne__service", "personne__installation")
        .prefetch_related("sujets", Prefetch("plages", queryset=libres, to_attr="libres"))
        .order_by("personne__nom", "personne__prenom", "pk")
    )
    trouvees = chercher_fiches(fiches, texte)
    for fiche in trouvees:
        fiche.connait_le_sujet = any(sujet.pk == demande.sujet_id for sujet in fiche.sujets.all())
        fiche.choix = f"{D_UN_EXPERT}{fiche.uuid}"
        _a_choisir(fiche.libres)
    # Le tri est stable : l’ordre de la recherche tient dans chaque part.
    return trouvees if texte else sorted(trouvees, key=lambda fiche: not fiche.connait_le_sujet)


def _a_choisir(plages):
    for plage in plages:
        plage.choix = f"{D_UNE_PLAGE}{plage.uuid}"
    return plages


# — Répondre


def _avec_la_sollicitation(demande):
    return {**a_lire(demande), "sollicitation": demande.sollicitation}


_verbe = partial(vue_du_verbe, DROITS_DEMANDE, DEMANDE, contexte=_avec_la_sollicitation)

changer_expert = _verbe(
    "changer_expert",
    actions.changer_expert,
    "L’expert n’a plus à répondre\xa0: choisissez-en un autre.",
    "consultation/demande_changer_expert.html",
)
accepter = _verbe(
    "accepter",
    actions.accepter_demande,
    "La demande est acceptée; le demandeur en est avisé.",
    "consultation/demande_accepter.html",
)
proposer_moment = _verbe(
    "proposer_moment",
    actions.proposer_moment,
    "Le moment est proposé au demandeur.",
    "consultation/demande_moment.html",
    form_class=MomentForm,
)
accepter_moment = _verbe(
    "accepter_moment",
    actions.accepter_moment,
    "Le moment est convenu; il s’inscrit à vos deux agendas.",
    "consultation/demande_accepter_moment.html",
)
rendre_avis = _verbe(
    "rendre_avis",
    actions.rendre_avis,
    "Votre avis est rendu; le demandeur dira ce qu’il a changé.",
    "consultation/demande_avis.html",
    form_class=AvisForm,
)


@require_http_methods(["GET", "HEAD", "POST"])
def refuser_moment(request, uuid):
    """Ce moment ne convient pas : dire quand c’est possible (R-174)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["refuser_moment"],
        agir=lambda **saisi: actions.refuser_moment(demande, par=request.user, **saisi),
        succes="L’expert lira vos disponibilités et proposera un autre moment.",
        form_class=AutreMomentForm,
        gabarit="consultation/demande_refuser_moment.html",
        contexte=_avec_la_sollicitation(demande),
        initial={"disponibilites": demande.disponibilites},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decliner(request, uuid):
    """Décliner, en disant pourquoi : le demandeur en choisira un autre, ou ira à la DSM (R-181)."""
    if _vient_de_decliner(request.user, uuid):
        # Qui vient de décliner ne voit plus la demande : son second clic ne doit pas l’inquiéter.
        messages.info(request, "C’est déjà noté\xa0: vous avez décliné cette demande.")
        return redirect("consultation:demandes")
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["decliner"],
        agir=lambda **saisi: actions.decliner_demande(demande, par=request.user, **saisi),
        succes="Vous avez décliné; le demandeur lira votre motif.",
        form_class=MotifForm,
        gabarit="consultation/demande_decliner.html",
        contexte=_avec_la_sollicitation(demande),
        retour=reverse("consultation:demandes"),
    )


def _vient_de_decliner(personne, uuid):
    siennes = Sollicitation.objects.filter(demande__uuid=uuid, expert=personne)
    return (
        siennes.filter(reponse=ReponseExpert.DECLINEE).exists()
        and not DROITS_DEMANDE.objets(personne).filter(uuid=uuid).exists()
    )


# — Les rencontres


@require_http_methods(["GET", "HEAD", "POST"])
def rencontres(request, uuid):
    """Les rencontres tenues, et de quoi en consigner une : l’expert, le demandeur, l’agent de liaison (R-174, R-188)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    DROITS_DEMANDE.exiger(request.user, "consigner_rencontre", demande)
    form = RencontreForm(donnees(request), initial={"jour": jour_local(), "mode": ModeConsultation.TEAMS})
    return page_de_saisie(
        request,
        "consultation/demande_rencontres.html",
        form,
        agir=lambda: actions.consigner_rencontre(demande, par=request.user, **form.champs),
        succes="La rencontre est consignée.",
        retour=reverse("consultation:demande_rencontres", args=[demande.uuid]),
        contexte=lambda: _rencontres(demande),
    )


def _rencontres(demande):
    lignes = list(rencontres_de(demande))
    # Celles d’avant l’avis comptent déjà dans une consultation terminée.
    en_cours = {
        EtatConsultation.ACCEPTEE: lambda ligne: ligne.sollicitation == demande.sollicitation,
        EtatConsultation.EN_CONTACT: lambda ligne: ligne.acheminement_id is not None,
    }.get(demande.etat)
    for ligne in lignes:
        ligne.retirable = bool(en_cours and en_cours(ligne))
    return {
        "demande": demande,
        "rencontres": lignes,
        "minutes": sum(ligne.minutes for ligne in lignes),
        "ouvert": en_cours is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def retirer_rencontre(request, uuid):
    """Retirer une rencontre consignée par erreur, tant que la consultation est en cours."""
    rencontre = (
        RencontreConsultation.objects.select_related("sollicitation__demande", "acheminement__demande")
        .filter(uuid=uuid)
        .first()
    )
    demande = (rencontre.sollicitation or rencontre.acheminement).demande if rencontre else None
    if demande is None or not DROITS_DEMANDE.peut(request.user, "voir", demande):
        raise Invisible(acte="consultation.rencontre.retirer", objet=demande)
    DROITS_DEMANDE.exiger(request.user, "consigner_rencontre", demande)
    refus = []
    if request.method == "POST":
        try:
            actions.retirer_rencontre(rencontre, par=request.user)
        except ErreurMetier as erreur:
            refus = [erreur]
        else:
            messages.success(request, "La rencontre est retirée.")
            return redirect("consultation:demande_rencontres", demande.uuid)
    contexte = {"rencontre": rencontre, "demande": demande, "refus": refus}
    return render(request, "consultation/demande_rencontre_retirer.html", contexte, status=409 if refus else 200)
