"""Cacher une situation à quelqu’un, l’exception à deux, et qui a lu (O-04, O-05, N-02, N-03, X-7)."""

from django.db import transaction
from django.utils import timezone

from concertation.actions.annonces import annoncer, annoncer_du_comite
from concertation.actions.convocations import fermer_acces, verrouiller_avec_sa_rencontre
from concertation.droits import DEMANDEUR, DROITS_EXCEPTION, DROITS_SITUATION, EXCLU
from concertation.models import DUREE_EXCEPTION, AccesExceptionnel, DeclarationInteret, Exclusion, SituationComplexe
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_du_fil
from encadrement.socle.erreurs import ErreurMetier


@transaction.atomic
def exclure(situation, *, par, personne=None, service=None, direction=None, avis_le=None):
    """Cache la situation à une personne, à un service ou à une direction ; l’effet vaut dès la requête suivante (O-05).

    Lève ErreurMetier si l’exclusion viserait l’intervenant responsable lui-même.
    """
    verrouiller_avec_sa_rencontre(situation)
    DROITS_SITUATION.exiger(par, "exclure", situation)
    _exiger_possible(situation, personne, service, direction)
    qui = {"personne": personne, "service": service, "direction": direction}
    if deja := situation.exclusions.filter(levee_le=None, **qui).first():
        return deja
    exclusion = Exclusion.objects.create(
        situation=situation,
        avis_le=avis_le,
        posee_par=par,
        **qui,
    )
    _retirer_des_conviees(situation)
    consigner("concertation.exclure", situation, par=par, details={"exclusion": str(exclusion.uuid)})
    return exclusion


def _exiger_possible(situation, personne, service, direction):
    demandeur = situation.demandeur
    vise = (
        personne == demandeur
        or (service is not None and service.pk == demandeur.service_id)
        or (direction is not None and direction == demandeur.direction)
    )
    if vise:
        raise ErreurMetier(
            "L’intervenant responsable ne peut pas être exclu : c’est lui qui porte la situation. Si la personne s’y "
            "oppose, retirez la demande."
        )


@transaction.atomic
def declarer(situation, *, par, en_conflit):
    """La personne déclare un lien, ou qu’il n’y en a pas ; un lien l’exclut aussitôt (N-03)."""
    verrouiller_avec_sa_rencontre(situation)
    DROITS_SITUATION.exiger(par, "declarer", situation)
    DeclarationInteret.objects.update_or_create(situation=situation, personne=par, defaults={"en_conflit": en_conflit})
    consigner("concertation.declarer", situation, par=par, details={"en_conflit": en_conflit})
    if en_conflit:
        _exclure_qui_declare(situation, par)


def _exclure_qui_declare(situation, personne):
    """Exclut qui vient de déclarer un lien ; les coordonnateurs apprennent qu’il faut quelqu’un d’autre (N-03)."""
    if DEMANDEUR.tenu_par(personne, situation):
        raise ErreurMetier("Vous portez cette situation : confiez-la à un collègue, puis retirez votre demande.")
    exclusion = Exclusion.objects.create(situation=situation, personne=personne, declaree=True, posee_par=personne)
    _retirer_des_conviees(situation)
    a = DROITS_SITUATION.personnes("convier", situation)
    annoncer("lien_declare", situation, a, f"exclusion {exclusion.pk}")
    return exclusion


def _retirer_des_conviees(situation):
    exclus = EXCLU.personnes(situation).values("pk")
    conviees = situation.participations.filter(retiree=False, personne__in=exclus)
    fermer_acces(conviees.select_related("personne", "rencontre"))
    _retirer_du_fil(situation, exclus)


def _retirer_du_fil(situation, exclus):
    """Ce qui annonçait la situation aux personnes exclues quitte leur fil, et ce qui attendait ne part plus (N-02)."""
    lies = (situation.orientations, situation.acces_exceptionnels)
    uuids = [situation.uuid, *(uuid for objets in lies for uuid in objets.values_list("uuid", flat=True))]
    retirer_du_fil(uuids, exclus)


@transaction.atomic
def lever_exclusion(exclusion, *, par):
    """Lève une exclusion ; qui a déclaré un lien reste exclu tant qu’il ne l’a pas dit lui-même levé."""
    situation = exclusion.situation.verrouiller()
    DROITS_SITUATION.exiger(par, "exclure", situation)
    if exclusion.declaree:
        raise ErreurMetier("Cette personne a déclaré un lien : son exclusion ne se lève pas.")
    if exclusion.levee_le is None:
        exclusion.levee_le = timezone.now()
        exclusion.save(update_fields=["levee_le"])
        consigner("concertation.lever", situation, par=par, details={"exclusion": str(exclusion.uuid)})
    return exclusion


# — L’exception : deux personnes, un motif, soixante minutes


@transaction.atomic
def demander_exception(numero, *, par, motif):
    """Demande à lire en urgence une situation et rend la demande, ou None si rien ne peut être demandé (X-7).

    Qui demande ne voit aucune différence entre un code inconnu, une situation d’où il est exclu et une demande reçue.
    """
    DROITS_EXCEPTION.exiger(par, "demander", None)
    if not motif.strip():
        raise ErreurMetier("Écrivez le motif : une autre personne décidera d’après lui.")
    situation = SituationComplexe.objects.filter(numero=numero.strip().upper()).first()
    if situation is None or EXCLU.tenu_par(par, situation):
        return None
    demande = AccesExceptionnel.objects.create(situation=situation, personne=par, motif=motif)
    consigner("concertation.exception.demander", situation, par=par, details={"demande": str(demande.uuid)})
    a = DROITS_EXCEPTION.personnes("approuver", demande)
    annoncer_du_comite("exception_demandee", demande, a, "demande")
    return demande


@transaction.atomic
def approuver_exception(demande, *, par):
    """Une seconde personne approuve : la situation s’ouvre soixante minutes ; le responsable de la protection le sait."""
    demande = AccesExceptionnel.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    DROITS_EXCEPTION.exiger(par, "approuver", demande)
    if demande.approuve_le is not None:
        raise ErreurMetier("Cet accès est déjà approuvé.")
    if not demande.attend:
        raise ErreurMetier(
            "Cette demande date de plus de vingt-quatre heures : l’urgence est passée, elle ne vaut plus."
        )
    demande.approuve_par, demande.approuve_le = par, timezone.now()
    demande.ferme_le = demande.approuve_le + DUREE_EXCEPTION
    demande.save(update_fields=["approuve_par", "approuve_le", "ferme_le"])
    consigner("concertation.exception.approuver", demande.situation, par=par, details={"demande": str(demande.uuid)})
    a = [demande.personne, *DROITS_EXCEPTION.personnes("approuver", demande)]
    annoncer_du_comite("exception_approuvee", demande, a, "approbation")
    return demande
