"""L’inscription à une rencontre et les gens conviés : qui vient, de quand à quand chacun lit, combien liront (R-250)."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from concertation.actions import convocations as actions
from concertation.droits import COORD, DEMANDEUR, DROITS_SITUATION, EXCEPTIONNEL, GESTIONNAIRE
from concertation.forms.convocations import ConvierForm, InscrireForm, ProlongerForm, ReporterForm
from concertation.models import EtatSituation, ParticipationComite, TitreConvie
from concertation.trajectoire import SITUATION
from concertation.views.accueil import rencontres_a_venir
from concertation.views.zone import en_zone
from encadrement.acces.matrice import Invisible
from encadrement.trajectoire.views import donnees, page_de_saisie, page_du_verbe

# Le dernier l’emporte : qui tient deux titres lit au plus proche de la situation.
_TITRES = (
    (EXCEPTIONNEL, "accès exceptionnel"),
    (COORD, "coordonnateur du comité"),
    (GESTIONNAIRE, "gestionnaire de l’intervenant, ou son délégué"),
    (DEMANDEUR, "intervenant responsable"),
)


def lecteurs(situation):
    """Rend [(personne, à quel titre)] de qui pourra lire une fois les convocations parties, par nom."""
    titres = {}
    for ligne in situation.participations.filter(retiree=False, personne__isnull=False):
        titres.setdefault(ligne.personne_id, TitreConvie(ligne.titre).label)
    for role, titre in _TITRES:
        titres |= dict.fromkeys(role.personnes(situation).values_list("pk", flat=True), titre)
    return [(personne, titres.get(personne.pk, "")) for personne in actions.lecteurs_prevus(situation)]


# — L’inscription


def _page(request, uuid, code, agir, succes, form_class, contexte=None):
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    rencontres = rencontres_a_venir()
    if (inscription := situation.inscription) is not None:
        rencontres = rencontres.exclude(pk=inscription.rencontre_id)
    return page_du_verbe(
        request,
        situation,
        SITUATION[code],
        agir=lambda rencontre, confirmee=None, **saisi: agir(situation, rencontre, par=request.user, **saisi),
        succes=succes,
        form_class=partial(form_class, rencontres=rencontres, situation=situation),
        gabarit=f"concertation/situation_{code}.html",
        contexte=lambda: {
            "situation": situation,
            "inscription": inscription,
            "rencontres": rencontres,
            "prevus": _prevus(situation, rencontres.first()),
        },
        retour=reverse("concertation:situation_conviees", args=[situation.uuid]),
    )


def _prevus(situation, rencontre):
    """Rend (direction, représentant ou None) à la prochaine rencontre ; un report, lui, garde les gens déjà conviés."""
    return actions.representants_prevus(situation, rencontre.jour) if rencontre is not None else []


@require_http_methods(["GET", "POST"])
@en_zone
def inscrire(request, uuid):
    """Choisir une rencontre à venir ; une demande arrivée après le dépôt, ou une rencontre convoquée, se confirme (R-228)."""
    return _page(
        request,
        uuid,
        "inscrire",
        actions.inscrire_situation,
        "La situation est inscrite\xa0: vérifiez qui est convié.",
        InscrireForm,
    )


@require_http_methods(["GET", "POST"])
@en_zone
def reporter(request, uuid):
    """Choisir une autre rencontre, et dire pourquoi ; les mêmes gens y sont conviés."""
    return _page(
        request,
        uuid,
        "reporter",
        actions.reporter_situation,
        "La situation est reportée, avec les mêmes personnes conviées.",
        ReporterForm,
    )


@require_http_methods(["GET", "POST"])
@en_zone
def desinscrire(request, uuid):
    """Retirer la situation de la rencontre : ses accès se ferment, elle redevient à inscrire."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    return page_du_verbe(
        request,
        situation,
        SITUATION["desinscrire"],
        agir=lambda **_: actions.desinscrire_situation(situation, par=request.user),
        succes="La situation n’est plus inscrite\xa0: les accès des personnes conviées sont fermés.",
        gabarit="concertation/situation_desinscrire.html",
        contexte=lambda: {"situation": situation, "inscription": situation.inscription},
    )


# — Les conviés


@require_http_methods(["GET", "POST"])
@en_zone
def conviees(request, uuid):
    """Qui est convié et jusqu’à quand il lit ; ajouter quelqu’un ; combien de personnes pourront lire, et qui."""
    situation = DROITS_SITUATION.trouver(request.user, uuid=uuid)
    DROITS_SITUATION.exiger(request.user, "convier", situation)
    form = ConvierForm(donnees(request))
    return page_de_saisie(
        request,
        "concertation/conviees.html",
        form,
        agir=lambda: actions.convier(situation, par=request.user, **form.saisi),
        succes="Cette personne est conviée.",
        retour=reverse("concertation:situation_conviees", args=[situation.uuid]),
        contexte=lambda: _contexte(situation),
    )


def _contexte(situation):
    inscription = situation.inscription
    lignes = ParticipationComite.objects.none()
    if inscription is not None:
        lignes = situation.participations.filter(rencontre=inscription.rencontre, retiree=False)
    lignes = list(lignes.select_related("personne__service", "direction"))
    representees = {ligne.direction_id for ligne in lignes if ligne.titre == TitreConvie.REPRESENTANT}
    return {
        "situation": situation,
        "inscription": inscription,
        "lignes": lignes,
        "lecteurs": lecteurs(situation),
        "sans_representant": [d for d in situation.directions.all() if d.pk not in representees],
        "ouverte": inscription is not None and situation.etat == EtatSituation.INSCRITE,
    }


def _trouver_la_participation(request, uuid):
    """Rend la participation et sa situation, à qui peut convier ; sinon, rien n’existe."""
    trouvee = ParticipationComite.objects.select_related("situation", "rencontre", "personne").filter(uuid=uuid).first()
    situation = trouvee.situation if trouvee else None
    if situation is None or not DROITS_SITUATION.peut(request.user, "voir", situation):
        raise Invisible(acte="concertation.situationcomplexe.voir", objet=situation)
    DROITS_SITUATION.exiger(request.user, "convier", situation)
    return trouvee, situation


@require_http_methods(["GET", "POST"])
@en_zone
def retirer(request, uuid):
    """N’attendre plus cette personne : son accès se ferme à la requête suivante."""
    participation, situation = _trouver_la_participation(request, uuid)
    retour = reverse("concertation:situation_conviees", args=[situation.uuid])
    if request.method == "POST":
        actions.retirer_de_la_situation(participation, par=request.user)
        messages.success(request, "Cette personne n’est plus conviée\xa0: son accès est fermé.")
        return redirect(retour)
    contexte = {"participation": participation, "situation": situation, "retour": retour}
    return render(request, "concertation/participation_retirer.html", contexte)


@require_http_methods(["GET", "POST"])
@en_zone
def prolonger(request, uuid):
    """Laisser lire quelques jours de plus, avec une raison."""
    participation, situation = _trouver_la_participation(request, uuid)
    form = ProlongerForm(donnees(request))
    retour = reverse("concertation:situation_conviees", args=[situation.uuid])
    return page_de_saisie(
        request,
        "concertation/participation_prolonger.html",
        form,
        agir=lambda: actions.prolonger_acces(participation, par=request.user, **form.cleaned_data),
        succes="L’accès est prolongé.",
        retour=retour,
        contexte=lambda: {"participation": participation, "situation": situation, "retour": retour},
    )
