"""Les gens d’une communauté : demander, inviter, répondre, nommer, quitter, remplacer (R-116 à R-118, R-467)."""

from functools import partial

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cdp.actions import adhesions as actions
from cdp.actions import heures
from cdp.droits import DROITS_ADHESION, DROITS_COMMUNAUTE
from cdp.forms.adhesions import DemandeForm, InvitationForm, RemplacementForm, RoleForm
from cdp.models import Adhesion, EtatAdhesion, RoleCdp
from cdp.models.decompte import decompte_de
from cdp.regles import MEMBRES_MAXIMUM, MEMBRES_MINIMUM, meme_titre_d_emploi, nombre_de_membres
from cdp.trajectoire import ADHESION
from encadrement.acces.matrice import Invisible
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere, jour_local
from encadrement.trajectoire.transition import RaisonRequise
from encadrement.trajectoire.views import donnees, page_de_saisie, vue_du_verbe

# Qui en est d’abord responsable, puis les autres, par nom.
_ORDRE = {role: rang for rang, role in enumerate((RoleCdp.ANIMATEUR, RoleCdp.SECRETAIRE, RoleCdp.MEMBRE))}


@require_safe
def membres(request, uuid):
    """Qui en est, à quel rôle; pour les responsables, les demandes, les invitations et les départs."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    permis = DROITS_COMMUNAUTE.permis(request.user, communaute)
    lignes = list(communaute.adhesions.exclude(etat=EtatAdhesion.RETIREE).avec_personne().order_by("personne__nom"))
    actives = sorted(
        (ligne for ligne in lignes if ligne.etat == EtatAdhesion.ACTIVE),
        key=lambda ligne: (_ORDRE.get(ligne.role, len(_ORDRE)), ligne.personne.nom, ligne.personne.prenom),
    )
    contexte = {
        "communaute": communaute,
        "permis": permis,
        "membres": actives,
        "mienne": next((ligne for ligne in lignes if _en_cours(ligne) and ligne.personne_id == request.user.pk), None),
        "ecarts": [ecart for regle in (nombre_de_membres, meme_titre_d_emploi) if (ecart := regle(communaute))],
        "minimum": MEMBRES_MINIMUM,
        "maximum": MEMBRES_MAXIMUM,
    }
    if "inviter" in permis:
        contexte["en_attente"] = [
            ligne for ligne in lignes if ligne.etat in {EtatAdhesion.DEMANDEE, EtatAdhesion.INVITEE}
        ]
        contexte["parties"] = [ligne for ligne in lignes if ligne.etat == EtatAdhesion.TERMINEE]
    return render(request, "cdp/adhesions.html", contexte)


def _en_cours(adhesion):
    return adhesion.etat in {EtatAdhesion.ACTIVE, EtatAdhesion.INVITEE, EtatAdhesion.DEMANDEE}


@require_http_methods(["GET", "HEAD", "POST"])
def demander(request, uuid):
    """Demander à être membre : la participation est volontaire (R-116)."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "demander_adhesion", communaute)
    form = DemandeForm(donnees(request))
    return page_de_saisie(
        request,
        "cdp/adhesion_demander.html",
        form,
        agir=lambda: actions.demander_adhesion(communaute, par=request.user, **form.cleaned_data),
        succes="Votre demande est chez l’animateur.",
        retour=communaute,
        contexte=lambda: {"communaute": communaute, "animateurs": communaute.animateurs()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def inviter(request, uuid):
    """Inviter une personne, nommée par son nom ou son matricule; elle accepte ou décline (R-116, R-383, R-467)."""
    communaute = DROITS_COMMUNAUTE.trouver(request.user, uuid=uuid)
    DROITS_COMMUNAUTE.exiger(request.user, "inviter", communaute)
    form = InvitationForm(donnees(request))
    refus, ecarts, statut = [], [], 200
    if form.is_valid():
        saisi = dict(form.cleaned_data)
        try:
            actions.inviter(communaute, saisi.pop("personne"), par=request.user, **saisi)
        except RaisonRequise as erreur:
            ecarts, statut = erreur.raisons, 409
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            return redirect("cdp:communaute_membres", communaute.uuid)
    contexte = {"communaute": communaute, "form": form, "refus": refus, "avertissements": ecarts}
    return render(request, "cdp/adhesion_inviter.html", contexte, status=statut)


@require_safe
def voir(request, uuid):
    """Une adhésion : où elle en est, ses présences et ses heures de l’année pour qui peut les voir."""
    adhesion = DROITS_ADHESION.trouver(request.user, uuid=uuid)
    permis = DROITS_ADHESION.permis(request.user, adhesion)
    annee = AnneeFinanciere.du(jour_local())
    vecue = adhesion.etat in {EtatAdhesion.ACTIVE, EtatAdhesion.TERMINEE}
    contexte = {
        "communaute": adhesion.communaute,
        "adhesion": adhesion,
        "permis": permis,
        "annee": annee,
        "compte": decompte_de(adhesion.communaute, adhesion.personne, annee)
        if vecue and "voir_presences" in permis
        else None,
        # Le motif d’intérêt est écrit pour les responsables, non pour le parrain.
        "lit_la_demande": bool({"accepter", "annuler", "retirer"} & permis),
        "peut_nommer": adhesion.etat == EtatAdhesion.ACTIVE
        and DROITS_COMMUNAUTE.peut(request.user, "nommer", adhesion.communaute),
    }
    return render(request, "cdp/adhesion.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def nommer(request, uuid):
    """Donner un rôle à un membre : animateur, seul ou en duo, secrétaire, expert de contenu (R-117, R-465)."""
    adhesion = Adhesion.objects.avec_personne().select_related("communaute").filter(uuid=uuid).first()
    if adhesion is None or not DROITS_COMMUNAUTE.peut(request.user, "voir", adhesion.communaute):
        raise Invisible(acte="cdp.adhesion.nommer", objet=adhesion)
    communaute = adhesion.communaute
    DROITS_COMMUNAUTE.exiger(request.user, "nommer", communaute)
    form = RoleForm(donnees(request), initial={"role": adhesion.role})
    return page_de_saisie(
        request,
        "cdp/adhesion_nommer.html",
        form,
        agir=lambda: actions.nommer(communaute, adhesion, par=request.user, **form.cleaned_data),
        succes="Le rôle est donné; la personne en est avisée.",
        retour=reverse("cdp:communaute_membres", args=[communaute.uuid]),
        contexte=lambda: {"communaute": communaute, "adhesion": adhesion},
    )


_verbe = partial(vue_du_verbe, DROITS_ADHESION, ADHESION, gabarit="cdp/verbe.html")

accepter = _verbe(
    "accepter",
    actions.accepter_adhesion,
    "La personne est membre de la communauté.",
    gabarit="cdp/adhesion_repondre.html",
)
refuser = _verbe(
    "refuser",
    actions.refuser_adhesion,
    "La demande est refusée; la personne lira votre motif.",
    gabarit="cdp/adhesion_repondre.html",
)
retirer = _verbe("retirer", actions.retirer_demande, "Votre demande est retirée.")
accepter_invitation = _verbe(
    "accepter_invitation",
    actions.accepter_invitation,
    "Vous êtes membre de la communauté.",
    gabarit="cdp/adhesion_accepter.html",
    retour=lambda passage: passage.adhesion.communaute,
)
decliner = _verbe(
    "decliner",
    actions.decliner_invitation,
    "C’est noté\xa0: vous déclinez l’invitation.",
    gabarit="cdp/adhesion_decliner.html",
    retour="cdp:accueil",
)
annuler = _verbe("annuler", actions.annuler_invitation, "L’invitation est reprise.")
quitter = _verbe(
    "quitter",
    actions.quitter,
    "Vous avez quitté la communauté; l’animateur et le parrain en sont avisés.",
    gabarit="cdp/adhesion_quitter.html",
    retour="cdp:accueil",
)
remplacer = _verbe(
    "remplacer",
    actions.remplacer,
    "Le départ est consigné.",
    form_class=RemplacementForm,
    gabarit="cdp/adhesion_remplacer.html",
)
reconduire = _verbe(
    "reconduire",
    actions.reconduire_mandat,
    "Le mandat d’animateur est reconduit pour un an.",
    gabarit="cdp/adhesion_reconduire.html",
)


@require_POST
def attester(request, uuid):
    """Obtenir l’attestation de présence d’un membre pour une année financière (R-461)."""
    adhesion = DROITS_ADHESION.trouver(request.user, "voir_presences", uuid=uuid)
    DROITS_ADHESION.exiger(request.user, "attester", adhesion)
    demandee = request.POST.get("annee", "")
    annee = (
        AnneeFinanciere(int(demandee))
        if demandee.isascii() and demandee.isdigit() and len(demandee) == 4
        else AnneeFinanciere.du(jour_local())
    )
    document = heures.attester_presence(adhesion, annee, par=request.user)
    return redirect("documents:telecharger", document.uuid)
