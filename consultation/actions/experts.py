"""Le troisième échelon : un expert du CISSS, sa réponse, le moment, la rencontre, l’avis (R-174 à R-176, R-180, R-204)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from consultation.actions.annonces import annoncer
from consultation.actions.moments import convenir, liberer
from consultation.actions.plages import rendre_la_plage, reserver
from consultation.droits import DROITS_DEMANDE
from consultation.models import (
    MINUTES_MAXIMUM,
    EtatConsultation,
    RencontreConsultation,
    ReponseExpert,
    Sollicitation,
)
from consultation.regles import fiche_disponible
from consultation.trajectoire import DEMANDE
from encadrement.journal.actions import consigner
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local


@transaction.atomic
def choisir_expert(demande, *, par, fiche, plage=None):
    """La demande va à un expert du bottin, sur une de ses plages s’il en montre (R-176, R-180).

    Lève PlagePrise si quelqu’un vient de réserver la plage, ErreurMetier si l’expert n’est pas disponible.
    """
    demande.verrouiller()
    return _solliciter(demande, "choisir_expert", par=par, fiche=fiche, plage=plage)


@transaction.atomic
def reorienter_vers_expert(demande, *, par, fiche, motif):
    """L’APPR connaît un expert du CISSS qui peut répondre : la demande y va, telle quelle (R-210)."""
    demande.verrouiller()
    sollicitation = _solliciter(demande, "reorienter_expert", par=par, fiche=fiche, motif=motif)
    annoncer("demande_reorientee", demande, [demande.demandeur], f"expert {sollicitation.pk}")
    return sollicitation


def _solliciter(demande, code, *, par, fiche, plage=None, **options):
    DROITS_DEMANDE.exiger(par, code, demande)
    _exiger_expert(demande, fiche)
    passage = demande.franchir(DEMANDE[code], par=par, **options)
    plage = reserver(plage, fiche) if plage else None
    with unicite("Cette demande est déjà chez un expert, ou cette plage vient d’être réservée."):
        sollicitation = Sollicitation.objects.create(
            demande=demande,
            expert=fiche.personne,
            expertise=fiche.expertise,
            plage=plage,
            moment=plage.debut if plage else None,
            lieu=plage.lieu if plage else "",
        )
    annoncer("demande_chez_expert", demande, [fiche.personne], passage.pk)
    return sollicitation


def _exiger_expert(demande, fiche):
    if raison := fiche_disponible(fiche):
        raise ErreurMetier(raison, exigences=fiche_disponible.exigences)
    if fiche.personne_id == demande.demandeur_id or demande.participants.filter(pk=fiche.personne_id).exists():
        raise ErreurMetier("On ne se consulte pas soi-même : choisissez un autre expert.", exigences=["R-170"])
    if demande.sollicitations.filter(expert=fiche.personne, reponse=ReponseExpert.DECLINEE).exists():
        raise ErreurMetier("Cet expert a déjà décliné cette demande : choisissez-en un autre.", exigences=["R-180"])


@transaction.atomic
def changer_expert(demande, *, par):
    """Sans attendre davantage, le demandeur choisit un autre expert ; la plage redevient libre."""
    sollicitation = _en_vigueur(demande, "changer_expert", par)
    passage = demande.franchir(DEMANDE["changer_expert"], par=par)
    liberer(sollicitation)
    rendre_la_plage(sollicitation, ReponseExpert.REPRISE)
    # L’expert ne lit plus la demande : le lien mène à ses autres consultations.
    annoncer("demande_retiree", demande, [sollicitation.expert], passage.pk, url=reverse("consultation:demandes"))
    return passage


@transaction.atomic
def accepter_demande(demande, *, par):
    """L’expert accepte ; le moment réservé devient convenu (R-174, R-180)."""
    sollicitation = _en_vigueur(demande, "accepter", par)
    passage = demande.franchir(DEMANDE["accepter"], par=par)
    sollicitation.reponse = ReponseExpert.ACCEPTEE
    sollicitation.save(update_fields=["reponse"])
    annoncer("demande_acceptee", demande, [demande.demandeur], passage.pk)
    if sollicitation.moment:
        convenir(sollicitation, sollicitation.moment, sollicitation.lieu, fait=passage.pk)
    return passage


@transaction.atomic
def decliner_demande(demande, *, par, motif):
    """L’expert décline ; le demandeur lit le motif et en choisit un autre, ou va à la DSM (R-181)."""
    sollicitation = _en_vigueur(demande, "decliner", par)
    passage = demande.franchir(DEMANDE["decliner"], par=par, motif=motif)
    liberer(sollicitation)
    sollicitation.motif = motif
    sollicitation.save(update_fields=["motif"])
    rendre_la_plage(sollicitation, ReponseExpert.DECLINEE)
    annoncer("demande_declinee", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def proposer_moment(demande, *, par, moment, lieu=""):
    """L’expert propose un moment ; le demandeur l’accepte ou en demande un autre (R-174)."""
    sollicitation = _en_vigueur(demande, "proposer_moment", par)
    if moment <= timezone.now():
        raise ErreurMetier("Proposez un moment à venir.")
    passage = demande.franchir(DEMANDE["proposer_moment"], par=par)
    sollicitation.moment_propose, sollicitation.lieu = moment, lieu
    sollicitation.save(update_fields=["moment_propose", "lieu"])
    annoncer("moment_propose", demande, [demande.demandeur], passage.pk)
    return passage


@transaction.atomic
def accepter_moment(demande, *, par):
    """Le moment proposé est convenu ; il entre à l’agenda des deux (R-174)."""
    sollicitation = _en_vigueur(demande, "accepter_moment", par)
    passage = demande.franchir(DEMANDE["accepter_moment"], par=par)
    moment = sollicitation.moment_propose
    deja_convenu = sollicitation.reponse == ReponseExpert.ACCEPTEE and sollicitation.moment is not None
    sollicitation.reponse, sollicitation.moment_propose = ReponseExpert.ACCEPTEE, None
    if sollicitation.plage and sollicitation.plage.debut != moment:
        # La plage réservée ne sert plus : quelqu’un d’autre peut la prendre.
        sollicitation.plage = None
    sollicitation.save(update_fields=["reponse", "moment_propose", "plage"])
    convenir(sollicitation, moment, sollicitation.lieu, fait=passage.pk, deja_convenu=deja_convenu)
    return passage


@transaction.atomic
def refuser_moment(demande, *, par, disponibilites):
    """Ce moment ne convient pas ; l’expert lit les disponibilités du demandeur et en propose un autre."""
    sollicitation = _en_vigueur(demande, "refuser_moment", par)
    passage = demande.franchir(DEMANDE["refuser_moment"], par=par)
    sollicitation.moment_propose = None
    sollicitation.save(update_fields=["moment_propose"])
    demande.disponibilites = disponibilites
    demande.save(update_fields=["disponibilites"])
    annoncer("moment_refuse", demande, [sollicitation.expert], passage.pk)
    return passage


def _en_vigueur(demande, code, par):
    """Verrouille la demande et rend la sollicitation en vigueur ; lève ErreurMetier si aucun expert ne l’a plus.

    Le droit d’abord : où en est la demande ne se dit qu’à qui peut poser ce verbe.
    """
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, code, demande)
    sollicitation = demande.sollicitation
    if sollicitation is None:
        raise ErreurMetier("Cette demande n’est plus chez un expert : rouvrez-la pour voir où elle en est.")
    return sollicitation


# — La rencontre et l’avis


@transaction.atomic
def consigner_rencontre(demande, *, par, jour, minutes, mode):
    """Consigne une rencontre, avec l’expert du CISSS ou, une fois en contact, celui du RUISSS UL (R-174, R-188)."""
    demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "consigner_rencontre", demande)
    if jour > jour_local():
        raise ErreurMetier("Cette rencontre n’a pas encore eu lieu : consignez-la une fois tenue.")
    avec = _avec_qui(demande)
    if RencontreConsultation.objects.filter(**avec).minutes() + minutes > MINUTES_MAXIMUM:
        raise ErreurMetier(
            "Une consultation ne dépasse pas 100 heures : vérifiez les durées. Un suivi plus long est du mentorat.",
            exigences=["R-168", "R-175"],
        )
    with unicite("Cette rencontre est déjà consignée."):
        rencontre = RencontreConsultation.objects.create(
            jour=jour, minutes=minutes, mode=mode, consignee_par=par, **avec
        )
    consigner("consultation.rencontre.consigner", demande, par=par, details={"minutes": minutes})
    return rencontre


@transaction.atomic
def retirer_rencontre(rencontre, *, par):
    """Retire une rencontre consignée par erreur, tant que la consultation est en cours."""
    demande = (rencontre.sollicitation or rencontre.acheminement).demande.verrouiller()
    DROITS_DEMANDE.exiger(par, "consigner_rencontre", demande)
    if rencontre.sollicitation != _avec_qui(demande).get("sollicitation"):
        raise ErreurMetier("Cette rencontre compte déjà dans une consultation terminée.")
    supprimees, _ = RencontreConsultation.objects.filter(pk=rencontre.pk).delete()
    # Le second de deux clics a attendu ici : il n’y a plus rien à retirer.
    if supprimees:
        consigner("consultation.rencontre.retirer", demande, par=par)


def _avec_qui(demande):
    if demande.etat == EtatConsultation.ACCEPTEE:
        return {"sollicitation": demande.sollicitation}
    if demande.etat == EtatConsultation.EN_CONTACT:
        return {"acheminement": demande.acheminement}
    raise ErreurMetier(
        "Une rencontre se consigne une fois la demande acceptée par l’expert, ou le contact établi avec le RUISSS UL."
    )


@transaction.atomic
def rendre_avis(demande, *, par, avis, raison=""):
    """L’expert rend son avis : des pistes, jamais une décision à la place du demandeur (R-167, R-204)."""
    sollicitation = _en_vigueur(demande, "rendre_avis", par)
    passage = demande.franchir(DEMANDE["rendre_avis"], par=par, raison=raison)
    sollicitation.avis, sollicitation.reponse = avis, ReponseExpert.RENDUE
    sollicitation.moment_propose = None
    sollicitation.save(update_fields=["avis", "reponse", "moment_propose"])
    annoncer("avis_rendu", demande, [demande.demandeur, *demande.participants.all()], passage.pk)
    return passage
