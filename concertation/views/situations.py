"""La demande au comité : la retrouver, la lire, la présenter, l’attester, la recevoir ou la réorienter (R-220 à R-258)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concertation.actions import recits
from concertation.actions import situations as actions
from concertation.droits import DROITS_SITUATION
from concertation.forms.situations import (
    EN_MARCHE,
    LIBELLES,
    AttesterForm,
    FiltreSituations,
    MotifForm,
    RecevoirForm,
    RelectureForm,
    ReorienterForm,
)
from concertation.models import FINALES, EtatSituation, Inscription, ParticipationComite
from concertation.trajectoire import SITUATION, TRAJECTOIRE_SITUATION, a_qui_le_tour
from concertation.views.zone import en_zone
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.demandes.models import Volet
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.dessin import boutons, condition_attendue
from encadrement.trajectoire.views import page_du_verbe

PAR_PAGE = 25
# Ce que la page du plan de concertation pose ; le dossier y mène, sans les répéter.
_AU_PLAN = {"presenter", "etablir_plan", "representer", "fermer"}
_DECISIONS = ("recevoir", "reorienter")
# Les motifs des décisions se lisent au même endroit, et se consignent du même coup.
MOTIFS = "motifs des décisions"
A_PLAN = (EtatSituation.PRESENTEE, EtatSituation.EN_SUIVI, EtatSituation.FERMEE)


# — Retrouver, ouvrir


@require_safe
@en_zone
def liste(request):
    """Les situations que la personne peut voir, par codes ; rien de ce qu’elles disent, ni ici ni dans l’adresse."""
    filtre = FiltreSituations(request.GET)
    filtre.is_valid()
    situations = _filtrer(DROITS_SITUATION.objets(request.user), filtre.cleaned_data, request.user)
    situations = situations.select_related("demandeur__superieur").prefetch_related("directions", _inscriptions())
    page = Paginator(situations.order_by("-depuis", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    attendues = _attendues(request.user, [situation.pk for situation in page])
    for situation in page:
        situation.tour, situation.a_moi = a_qui_le_tour(situation), situation.pk in attendues
    contexte = {"page": page, "filtre": filtre, "filtree": any(filtre.cleaned_data.values())}
    return render(request, "concertation/situations.html", contexte)


def _filtrer(situations, choix, personne):
    if choix.get("etat") == EN_MARCHE:
        situations = situations.exclude(etat__in=FINALES)
    elif choix.get("etat"):
        situations = situations.filter(etat=choix["etat"])
    if choix.get("direction"):
        situations = situations.filter(directions=choix["direction"])
    if choix.get("qui") == "tour":
        situations = situations.filter(condition_attendue(personne, TRAJECTOIRE_SITUATION))
    elif choix.get("qui") == "miennes":
        situations = situations.filter(demandeur=personne)
    return situations


def _inscriptions():
    en_vigueur = Inscription.objects.filter(reportee=False).select_related("rencontre")
    return Prefetch("inscriptions", queryset=en_vigueur, to_attr="en_vigueur")


def _attendues(personne, cles):
    attendues = condition_attendue(personne, TRAJECTOIRE_SITUATION)
    return set(DROITS_SITUATION.objets(personne).filter(attendues, pk__in=cles).values_list("pk", flat=True))


@require_POST
@en_zone
def ouvrir(request):
    """Commence une demande sous un code, ou mène à celle où rien n’est encore écrit : deux clics n’en font qu’une."""
    situation = actions.ouvrir_situation(par=request.user)
    return redirect("concertation:situation_modifier", situation.uuid)


@require_POST
@en_zone
def ouvrir_depuis(request, uuid):
    """Poursuit ici une demande née d’une consultation confiée au comité : rien à ressaisir (R-220)."""
    demande_service = DROITS_SERVICE.trouver(request.user, uuid=uuid, volet=Volet.COMITE)
    DROITS_SERVICE.exiger(request.user, "modifier", demande_service)
    try:
        situation = actions.reprendre_demande_service(demande_service, par=request.user)
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
        return redirect(demande_service)
    suite = "concertation:situation_modifier" if situation.est_modifiable else "concertation:situation"
    return redirect(suite, situation.uuid)


# — Le dossier


@require_safe
@en_zone
def voir(request, uuid):
    """Le dossier : où en est la situation, à qui le tour, ce qu’elle dit, qui est convié (R-403)."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    permis = DROITS_SITUATION.permis(request.user, situation)
    situation.demandeur = Personne.objects.avec_poste().select_related("superieur").get(pk=situation.demandeur_id)
    inscription = situation.inscription
    contexte = {
        "situation": situation,
        "permis": permis,
        "lu": "lire_recit" in permis,
        "recit": _lire(request, situation) if "lire_recit" in permis else None,
        "boutons": _boutons(situation, request.user),
        "modifiable": situation.est_modifiable and "modifier" in permis,
        "directions": situation.directions.all(),
        "decision": situation.passages.filter(transition__in=_DECISIONS).select_related("par").last(),
        "inscription": inscription,
        "conviees": _conviees(situation, inscription) if "lire_recit" in permis else (),
        "a_plan": _a_plan(situation, permis),
        "themes": situation.themes.all() if "classer" in permis else (),
    }
    return render(request, "concertation/situation.html", contexte)


def _a_plan(situation, permis):
    """Dit si le plan s’ouvre du dossier : à qui l’écrit dès l’inscription, aux autres dès qu’il y a quelque chose à lire.

    Ramenée au comité, une situation redevient recevable et garde le plan de la première fois.
    """
    if situation.etat == EtatSituation.INSCRITE and "ecrire_plan" in permis:
        return True
    return "lire_plan" in permis and (situation.etat in A_PLAN or situation.orientations.exists())


def _boutons(situation, personne):
    montres = [bouton for bouton in boutons(situation, personne) if bouton["code"] not in _AU_PLAN | {"detruire"}]
    # Le tri est stable : ce qu’on attend d’abord, le reste dans l’ordre de la trajectoire.
    return sorted(montres, key=lambda bouton: bouton["ton"] != "principal")


def _conviees(situation, inscription):
    if inscription is None:
        return ParticipationComite.objects.none()
    conviees = situation.participations.filter(rencontre=inscription.rencontre, retiree=False)
    return conviees.select_related("personne", "direction")


def _lire(request, situation, *, pourquoi="consultation du dossier", motifs=True):
    """Rend [(libellé, texte)] du récit, une fois la lecture consignée ; les motifs en sont quand la page les montre."""
    champs = (*actions.CHAMPS_DU_RECIT, *((MOTIFS,) if motifs else ()))
    return en_clair(recits.lire_recit(situation, par=request.user, champs=champs, pourquoi=pourquoi))


def en_clair(recit):
    return [(libelle, recit[champ]) for champ, libelle in LIBELLES.items() if recit[champ]]


# — Présenter, attester, répondre


def _verbe(code, agir, succes, *, form_class=MotifForm, gabarit=None, lu="", retour=None):
    """Rend la vue d’un verbe ; `lu` dit pourquoi sa page montre le récit, vide si elle ne le montre pas."""

    @require_http_methods(["GET", "POST"])
    @en_zone
    def vue(request, uuid):
        situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
        DROITS_SITUATION.exiger(request.user, code, situation)
        # On ne décide pas d’une situation sans pouvoir la lire.
        if lu and recits.doit_declarer(request.user, situation):
            raise recits.DeclarationRequise(situation)
        return page_du_verbe(
            request,
            situation,
            SITUATION[code],
            agir=lambda **saisi: agir(situation, par=request.user, **saisi),
            succes=succes,
            form_class=form_class,
            gabarit=gabarit or f"concertation/situation_{code}.html",
            contexte=lambda: {
                "situation": situation,
                "directions": situation.directions.all(),
                "recit": _lire(request, situation, pourquoi=lu, motifs=False) if lu else None,
            },
            retour=retour,
        )

    return vue


def _vers_l_accueil(_):
    # Renvoyée, la demande est de nouveau en rédaction : son auteur seul la voit.
    return reverse("concertation:accueil")


@require_http_methods(["GET", "POST"])
@en_zone
def soumettre(request, uuid):
    """Relire ce que le gestionnaire lira, puis le lui présenter (R-227, R-257)."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, "soumettre", situation)
    recit = recits.lire_recit(
        situation, par=request.user, champs=actions.CHAMPS_DU_RECIT, pourquoi="relecture avant de présenter"
    )
    return page_du_verbe(
        request,
        situation,
        SITUATION["soumettre"],
        agir=lambda **_: actions.soumettre_situation(situation, par=request.user),
        succes="Votre demande est chez votre gestionnaire.",
        form_class=partial(RelectureForm, recit=recit),
        gabarit="concertation/situation_soumettre.html",
        contexte={"situation": situation, "directions": situation.directions.all(), "recit": en_clair(recit)},
    )


attester = _verbe(
    "attester",
    actions.attester_demarches,
    "Les démarches sont attestées\xa0: le coordonnateur du comité reçoit la demande.",
    form_class=AttesterForm,
    lu="attestation des démarches préalables",
)
renvoyer = _verbe(
    "renvoyer",
    actions.renvoyer_situation,
    "La demande est renvoyée, avec votre commentaire.",
    retour=_vers_l_accueil,
)
demander_precisions = _verbe(
    "demander_precisions",
    actions.demander_precisions,
    "La demande revient à l’intervenant, avec ce que vous lui demandez.",
    retour=_vers_l_accueil,
)
recevoir = _verbe(
    "recevoir",
    actions.declarer_recevable,
    "La demande est recevable\xa0: inscrivez-la à une rencontre.",
    form_class=RecevoirForm,
    lu="analyse de la recevabilité",
)
reorienter = _verbe(
    "reorienter",
    actions.reorienter_situation,
    "La demande n’est pas recevable; l’intervenant lira pourquoi et où aller.",
    form_class=ReorienterForm,
    lu="analyse de la recevabilité",
)
retirer = _verbe("retirer", actions.retirer_situation, "Votre demande est retirée.")
