"""Les échelons de la DSM : le formulaire, l’analyse, le RUISSS UL, un autre expert, le comité (R-181 à R-183, R-208, R-210)."""

from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from consultation.actions import dsm as actions
from consultation.actions.contenu import contenu_a_signer
from consultation.actions.experts import reorienter_vers_expert
from consultation.droits import DROITS_COMMUNICATIONS, DROITS_DEMANDE
from consultation.forms.demandes import MotifForm
from consultation.forms.dsm import (
    AbsenceForm,
    AcheminementForm,
    AnalyseForm,
    ContactForm,
    FiltreCommunications,
    ReorientationForm,
    TransmissionForm,
)
from consultation.models import Acheminement
from consultation.trajectoire import DEMANDE
from encadrement.exports.views import repondre_export
from encadrement.signatures.models import empreinte_de
from encadrement.trajectoire.views import page_du_verbe, vue_du_verbe

PAR_PAGE = 25
ENGAGEMENT = (
    "J’ai relu cette demande\xa0: j’en ai discuté avec mon gestionnaire, elle ne nomme aucun usager, et je la transmets à "
    "la DSM."
)


def _lue(demande):
    """Rend ce que lit celui qui décide : le formulaire de l’annexe 11, tel qu’il est signé."""
    return {"demande": demande, "contenu": contenu_a_signer(demande)}


def _vers_le_formulaire(passage):
    return reverse("consultation:demande_modifier", args=[passage.demande.uuid])


_verbe = partial(vue_du_verbe, DROITS_DEMANDE, DEMANDE)


# — 4 : le formulaire de la DSM

demander_dsm = _verbe(
    "demander_dsm",
    actions.demander_a_la_dsm,
    "Le formulaire de la DSM est ouvert\xa0: ce que vous aviez écrit y est déjà.",
    "consultation/demande_demander_dsm.html",
    retour=_vers_le_formulaire,
)
constater_absence = _verbe(
    "constater_absence",
    actions.constater_absence,
    "Le formulaire de la DSM est ouvert\xa0: ce que vous aviez écrit y est déjà.",
    "consultation/demande_constater_absence.html",
    form_class=AbsenceForm,
    retour=_vers_le_formulaire,
)


@require_http_methods(["GET", "HEAD", "POST"])
def transmettre(request, uuid):
    """Relire l’annexe 11, s’engager, confirmer son identité : la DSM reçoit la demande signée (R-181, R-208)."""
    demande = DROITS_DEMANDE.trouver(request.user, uuid=uuid)
    contenu = contenu_a_signer(demande)
    return page_du_verbe(
        request,
        demande,
        DEMANDE["transmettre"],
        # La relecture rend les textes relus ; ils sont déjà à la demande.
        agir=lambda confirmation, **_: actions.transmettre_a_la_dsm(
            demande, par=request.user, confirmation=confirmation
        ),
        succes="Votre demande est signée et transmise à la DSM.",
        form_class=TransmissionForm,
        gabarit="consultation/demande_transmettre.html",
        contexte={"demande": demande, "contenu": contenu},
        engagement=ENGAGEMENT,
        empreinte=empreinte_de(contenu),
        retour=demande,
    )


renvoyer = _verbe(
    "renvoyer",
    actions.renvoyer_demande,
    "La demande est renvoyée au demandeur, avec votre commentaire.",
    "consultation/demande_renvoyer.html",
    form_class=MotifForm,
    contexte=_lue,
)


# — 5 et 6 : l’analyse, puis le RUISSS UL, un expert du CISSS ou le comité

analyser = _verbe(
    "analyser",
    actions.analyser_demande,
    "L’analyse est notée\xa0: acheminez la demande, ou réorientez-la.",
    "consultation/demande_analyser.html",
    form_class=AnalyseForm,
    contexte=_lue,
)
acheminer = _verbe(
    "acheminer",
    actions.acheminer_au_ruisss,
    "La demande est acheminée au RUISSS UL; la communication est au registre.",
    "consultation/demande_acheminer.html",
    form_class=AcheminementForm,
    contexte=_lue,
    retour=lambda acheminement: acheminement.demande.get_absolute_url(),
)
reorienter_expert = _verbe(
    "reorienter_expert",
    reorienter_vers_expert,
    "La demande est chez l’expert du CISSS; le demandeur en est avisé.",
    "consultation/demande_reorienter_expert.html",
    form_class=ReorientationForm,
    contexte=_lue,
    retour=lambda sollicitation: sollicitation.demande.get_absolute_url(),
)
reorienter_comite = _verbe(
    "reorienter_comite",
    actions.reorienter_vers_comite,
    "La demande au comité est ouverte au nom du demandeur, déjà remplie\xa0: il la relit et la transmet.",
    "consultation/demande_reorienter_comite.html",
    form_class=MotifForm,
    contexte=_lue,
)
etablir_contact = _verbe(
    "etablir_contact",
    actions.etablir_contact,
    "Le contact est noté\xa0: le demandeur consigne ses rencontres et fermera la consultation.",
    form_class=ContactForm,
)
constater_sans_reponse = _verbe(
    "constater_sans_reponse",
    actions.constater_sans_reponse,
    "La demande revient à l’analyse\xa0: réorientez-la, ou acheminez-la de nouveau.",
    form_class=MotifForm,
)
clore = _verbe(
    "clore",
    actions.clore_sans_nouvelles,
    "La consultation est close; le demandeur lira votre motif.",
    form_class=MotifForm,
)


# — Le registre des communications (O-03)

_COLONNES = (
    "Date",
    "Demande",
    "Destinataire",
    "Finalité",
    "Justification",
    "Acheminée par",
    "Expert du RUISSS UL",
    "Établissement",
    "Contact établi le",
)


@require_safe
def communications(request):
    """Tout ce qui est sorti vers le RUISSS UL : quand, à qui, à quelle fin, pourquoi, par qui ; à l’écran ou exporté."""
    DROITS_COMMUNICATIONS.exiger(request.user, "voir_ensemble", None)
    filtre = FiltreCommunications(request.GET)
    filtre.is_valid()
    choix = filtre.cleaned_data
    lignes = Acheminement.objects.select_related("demande", "achemine_par").order_by("-achemine_le", "-pk")
    if choix.get("du"):
        lignes = lignes.filter(achemine_le__date__gte=choix["du"])
    if choix.get("au"):
        lignes = lignes.filter(achemine_le__date__lte=choix["au"])
    if "format" in request.GET:
        return repondre_export(
            request,
            "Communications au RUISSS UL",
            _COLONNES,
            map(_cellules, lignes),
            quoi="consultation.communications",
            filtre=choix,
        )
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "consultation/communications.html", {"page": page, "filtre": filtre})


def _cellules(ligne):
    return (
        localtime(ligne.achemine_le).date(),
        ligne.demande.numero,
        ligne.destinataire,
        ligne.finalite,
        ligne.justification,
        str(ligne.achemine_par),
        ligne.expert_externe,
        ligne.organisme,
        ligne.contact_le,
    )
