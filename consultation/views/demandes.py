"""La demande de consultation : la retrouver, la lire, en discuter avec le gestionnaire (R-166, R-177 à R-179, R-202)."""

from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from consultation.actions import demandes as actions
from consultation.droits import DROITS_DEMANDE
from consultation.forms.demandes import EN_MARCHE, DiscussionForm, FiltreDemandes, MotifForm, SoumettreForm
from consultation.models import (
    FINALES,
    EtatConsultation,
    RencontreConsultation,
    Sollicitation,
    approbation_exigee,
)
from consultation.trajectoire import DEMANDE, a_qui_le_tour
from encadrement.demandes.droits import DROITS_SERVICE
from encadrement.documents.models import Document
from encadrement.personnes.models import Personne, sans_accents
from encadrement.trajectoire.dessin import boutons
from encadrement.trajectoire.views import vue_du_verbe

PAR_PAGE = 25
# Ce qui ne se montre au dossier que si l’expert a proposé un moment : grisés, ces boutons n’apprendraient rien.
_SUR_LE_MOMENT = {"accepter_moment", "refuser_moment"}
_DISCUSSIONS = ("autoriser", "constater_discussion", "juger_non_pertinente")


@require_safe
def liste(request):
    """Les demandes que la personne peut voir, filtrées par état, par nom ou par numéro ; rien d’autre dans l’adresse."""
    filtre = FiltreDemandes(request.GET)
    filtre.is_valid()
    demandes = _filtrer(DROITS_DEMANDE.objets(request.user), filtre.cleaned_data)
    experts = Sollicitation.objects.en_vigueur().select_related("expert").order_by("-pk")
    demandes = demandes.select_related(
        "demandeur__service__direction__reglage_consultation", "demandeur__superieur"
    ).prefetch_related(Prefetch("sollicitations", queryset=experts, to_attr="en_vigueur"))
    page = Paginator(demandes.order_by("-depuis", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    for demande in page:
        demande.tour = a_qui_le_tour(demande, next(iter(demande.en_vigueur), None))
    contexte = {"page": page, "filtre": filtre, "filtree": any(filtre.cleaned_data.values())}
    return render(request, "consultation/demandes.html", contexte)


def _filtrer(demandes, choix):
    if choix.get("etat") == EN_MARCHE:
        demandes = demandes.exclude(etat__in=FINALES)
    elif choix.get("etat"):
        demandes = demandes.filter(etat=choix["etat"])
    for mot in sans_accents(choix.get("q") or "").split():
        demandes = demandes.filter(Q(demandeur__cle_recherche__contains=mot) | Q(numero__icontains=mot))
    return demandes


@require_POST
def ouvrir(request):
    """Commence une demande, ou mène à celle où rien n’est encore écrit : deux clics n’en font qu’une."""
    demande = actions.ouvrir_demande(par=request.user)
    return redirect("consultation:demande_modifier", demande.uuid)


@require_safe
def voir(request, uuid):
    """Le dossier : où en est la demande, à qui le tour, et ce que chaque échelon a laissé (R-177, R-401)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    demande.demandeur = Personne.objects.avec_poste().select_related("superieur").get(pk=demande.demandeur_id)
    sollicitation = demande.sollicitation
    permis = DROITS_DEMANDE.permis(request.user, demande)
    rencontres = list(rencontres_de(demande))
    attendue = _rencontre_attendue(demande, sollicitation, rencontres)
    gestes = _boutons(demande, request.user, sollicitation, attendue)
    contexte = {
        **a_lire(demande),
        "sollicitation": sollicitation,
        "tour": a_qui_le_tour(demande, sollicitation),
        "rencontre_attendue": attendue,
        "boutons": gestes,
        # Rien à présenter ni à signer encore : écrire est le geste principal.
        "pret": any(geste["possible"] and geste["ton"] == "principal" for geste in gestes),
        "modifiable": demande.est_modifiable and "modifier" in permis,
        "au_formulaire": demande.etat == EtatConsultation.FORMULAIRE,
        "consigne": demande.etat in (EtatConsultation.ACCEPTEE, EtatConsultation.EN_CONTACT)
        and "consigner_rencontre" in permis,
        "discussion": _discussion(demande),
        "sollicitations": demande.sollicitations.select_related("expert"),
        "rencontres": rencontres,
        "analyse": demande.passages.filter(transition="analyser").select_related("par").last(),
        "acheminements": demande.acheminements.all(),
        "service": _service_lisible(request.user, demande),
        "formulaires": _formulaires(demande),
        "est_demandeur": request.user.pk == demande.demandeur_id,
    }
    return render(request, "consultation/demande.html", contexte)


def a_lire(demande):
    """Rend ce que lit celui qui décide : la demande et le groupe qui consulte."""
    return {"demande": demande, "participants": demande.participants.select_related("titre_emploi")}


def rencontres_de(demande):
    """Rend toutes les rencontres de la demande, avec l’expert du CISSS ou celui du RUISSS UL."""
    return (
        RencontreConsultation.objects.filter(Q(sollicitation__demande=demande) | Q(acheminement__demande=demande))
        .select_related("sollicitation__expert", "acheminement")
        .order_by("jour", "pk")
    )


def _rencontre_attendue(demande, sollicitation, rencontres):
    """Rend « a_consigner » ou « a_venir » si la rencontre est ce qu’on attend maintenant, ou une chaîne vide."""
    if demande.etat == EtatConsultation.EN_CONTACT:
        return "" if any(ligne.acheminement_id for ligne in rencontres) else "a_consigner"
    tenue = any(ligne.sollicitation == sollicitation for ligne in rencontres)
    if demande.etat != EtatConsultation.ACCEPTEE or tenue or sollicitation.moment_propose or not sollicitation.moment:
        return ""
    return "a_venir" if sollicitation.moment > timezone.now() else "a_consigner"


def _boutons(demande, personne, sollicitation, attendue):
    caches = _SUR_LE_MOMENT if sollicitation is None or sollicitation.moment_propose is None else ()
    montres = [bouton for bouton in boutons(demande, personne) if bouton["code"] not in caches]
    for bouton in montres:
        if bouton["code"] == "fermer" and attendue:
            # Permis sans rencontre, mais la consigner vient d’abord : un seul geste se montre principal.
            bouton["ton"] = "second"
    # Le tri est stable : ce qu’on attend d’abord, décliner en dernier, le reste dans l’ordre de la trajectoire.
    return sorted(montres, key=lambda bouton: (bouton["ton"] != "principal", bouton["code"] == "decliner"))


def _discussion(demande):
    """Rend le passage qui conclut la discussion avec le gestionnaire, ou None."""
    return demande.passages.filter(transition__in=_DISCUSSIONS).select_related("par", "au_nom_de").last()


def _service_lisible(personne, demande):
    service = demande.demande_comite
    return service if service and DROITS_SERVICE.peut(personne, "voir", service) else None


def _formulaires(demande):
    """Rend les PDF de l’annexe 11, le dernier d’abord : une demande renvoyée en garde un par envoi."""
    return Document.objects.filter(
        instantane__objet_type=ContentType.objects.get_for_model(demande),
        instantane__objet_id=demande.pk,
        instantane__nature="consultation",
    ).order_by("-pk")


def _soumettre(demande, *, par, **_):
    # La relecture rend les textes relus ; ils sont déjà à la demande.
    return actions.soumettre_demande(demande, par=par)


def _contexte_de_la_discussion(demande):
    return {**a_lire(demande), "autorisation_exigee": approbation_exigee(demande.demandeur.direction)}


_verbe = partial(vue_du_verbe, DROITS_DEMANDE, DEMANDE)

soumettre = _verbe(
    "soumettre",
    _soumettre,
    "Votre demande est chez votre gestionnaire\xa0: discutez-en ensemble.",
    "consultation/demande_soumettre.html",
    form_class=SoumettreForm,
    contexte=_contexte_de_la_discussion,
)
reprendre = _verbe("reprendre", actions.reprendre_demande, "Vous pouvez de nouveau écrire votre demande.")
autoriser = _verbe(
    "autoriser",
    actions.autoriser_consultation,
    "La consultation est autorisée\xa0: le demandeur choisit un expert au bottin.",
    "consultation/demande_autoriser.html",
    form_class=DiscussionForm,
    contexte=a_lire,
)
juger_non_pertinente = _verbe(
    "juger_non_pertinente",
    actions.juger_non_pertinente,
    "La consultation est jugée non pertinente; le demandeur lira votre motif.",
    "consultation/demande_juger.html",
    form_class=MotifForm,
    contexte=a_lire,
)
constater_discussion = _verbe(
    "constater_discussion",
    actions.constater_discussion,
    "La discussion est consignée\xa0: choisissez un expert au bottin.",
    "consultation/demande_discuter.html",
    form_class=DiscussionForm,
    contexte=a_lire,
)
retirer = _verbe(
    "retirer",
    actions.retirer_demande,
    "Votre demande est retirée.",
    "consultation/demande_retirer.html",
    contexte=lambda demande: {"sollicitation": demande.sollicitation},
)
