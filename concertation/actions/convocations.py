"""Qui est convié, de quand à quand il lit, et ce que son agenda en sait (R-218, R-219, R-242, R-250 ; N-02, N-08)."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from concertation.actions.annonces import annoncer_du_comite
from concertation.droits import DROITS_RENCONTRE, DROITS_SITUATION, EXCLU
from concertation.models import (
    FENETRE,
    FENETRE_INVITE,
    EtatComite,
    EtatSituation,
    Nomination,
    ParticipationComite,
    TitreConvie,
)
from concertation.rappels.conviees import convocation
from concertation.trajectoire import SITUATION
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne
from encadrement.socle import coffre
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier

PROLONGATION_MAXIMALE = datetime.timedelta(days=30)


def verrouiller_avec_sa_rencontre(situation, *rencontres):
    """Verrouille la rencontre où la situation est inscrite, celles données, puis la situation ; rend l’inscription.

    Toujours dans cet ordre, celui d’une rencontre qu’on annule : deux gestes simultanés s’attendent au lieu de se bloquer.
    """
    inscription = situation.inscription
    toutes = {rencontre.pk: rencontre for rencontre in rencontres}
    if inscription is not None:
        toutes.setdefault(inscription.rencontre_id, inscription.rencontre)
    for _, rencontre in sorted(toutes.items()):
        rencontre.verrouiller()
    situation.verrouiller()
    return situation.inscription


# — L’inscription à une rencontre


@transaction.atomic
def inscrire_situation(situation, rencontre, *, par, minutes=45):
    """Met la situation à l’ordre du jour ; l’intervenant responsable et les représentants concernés sont conviés (R-250)."""
    verrouiller_avec_sa_rencontre(situation, rencontre)
    passage = situation.franchir(SITUATION["inscrire"], par=par)
    _inscrire(situation, rencontre, minutes)
    _convier_d_office(situation, rencontre)
    a = [situation.demandeur, *DROITS_SITUATION.personnes("attester", situation)]
    _annoncer_l_inscription(situation, a, passage.pk)
    return passage


def _annoncer_l_inscription(situation, a, fait):
    joignables = [personne for personne in a if not EXCLU.tenu_par(personne, situation)]
    annoncer_du_comite("situation_inscrite", situation, joignables, fait)


def _inscrire(situation, rencontre, minutes):
    if rencontre.etat not in {EtatComite.PLANIFIEE, EtatComite.CONVOQUEE} or rencontre.fin <= timezone.now():
        raise ErreurMetier("Cette rencontre est passée ou annulée : choisissez-en une à venir.", exigences=["R-221"])
    rang = rencontre.inscriptions.filter(reportee=False).count() + 1
    with unicite("Cette situation est déjà inscrite à une rencontre."):
        return situation.inscriptions.create(rencontre=rencontre, rang=rang, minutes=minutes)


@transaction.atomic
def desinscrire_situation(situation, *, par):
    """Retire la situation de la rencontre où elle est inscrite ; elle redevient à inscrire et ses accès se ferment."""
    inscription = verrouiller_avec_sa_rencontre(situation)
    passage = situation.franchir(SITUATION["desinscrire"], par=par)
    if inscription is not None:
        inscription.reportee = True
        inscription.save(update_fields=["reportee"])
        fermer_acces(inscription.rencontre.participations.filter(situation=situation, retiree=False))
    return passage


@transaction.atomic
def reporter_situation(situation, rencontre, *, par, motif):
    """Reporte à une autre rencontre : l’ancienne garde la trace, ses accès se ferment, les mêmes gens sont conviés."""
    ancienne = verrouiller_avec_sa_rencontre(situation, rencontre)
    DROITS_SITUATION.exiger(par, "reporter", situation)
    if ancienne is None or ancienne.rencontre_id == rencontre.pk:
        raise ErreurMetier("Choisissez une autre rencontre que celle où la situation est inscrite.")
    passage = situation.franchir(SITUATION["reporter"], par=par, motif=motif)
    ancienne.reportee = True
    ancienne.save(update_fields=["reportee"])
    anciennes = list(ancienne.rencontre.participations.filter(situation=situation, retiree=False))
    fermer_acces(anciennes)
    _inscrire(situation, rencontre, ancienne.minutes)
    for participation in anciennes:
        _creer(situation, rencontre, participation.titre, **_qui(participation))
    a = [situation.demandeur, *(p.personne for p in anciennes if p.personne_id)]
    _annoncer_l_inscription(situation, dict.fromkeys(a), passage.pk)
    return passage


def _qui(participation):
    champs = ("personne", "nom_externe", "organisme", "direction")
    return {champ: getattr(participation, champ) for champ in champs}


# — Les conviés


def representants_prevus(situation, jour):
    """Rend (direction, représentant ou None) pour chaque direction concernée, ce jour-là.

    Le titulaire, sinon son substitut (R-217) ; jamais une personne exclue de la situation.
    """
    nominations = Nomination.objects.en_vigueur(jour).filter(direction__in=situation.directions.all())
    nominations = nominations.exclude(personne__in=_exclus(situation)).select_related("personne")
    choisis = {}
    for nomination in nominations.order_by("est_substitut", "-debut"):
        choisis.setdefault(nomination.direction_id, nomination.personne)
    return [(direction, choisis.get(direction.pk)) for direction in situation.directions.all()]


def _exclus(situation):
    return EXCLU.personnes(situation).values("pk")


def _convier_d_office(situation, rencontre):
    _creer(situation, rencontre, TitreConvie.INTERVENANT, personne=situation.demandeur)
    for direction, personne in representants_prevus(situation, rencontre.jour):
        if personne is not None:
            _creer(situation, rencontre, TitreConvie.REPRESENTANT, personne=personne, direction=direction)


def _creer(situation, rencontre, titre, *, personne=None, nom_externe="", organisme="", direction=None):
    if personne is not None:
        deja = ParticipationComite.objects.filter(
            situation=situation, rencontre=rencontre, personne=personne, retiree=False
        ).first()
        if deja or EXCLU.tenu_par(personne, situation):
            return deja
    participation = ParticipationComite.objects.create(
        situation=situation,
        rencontre=rencontre,
        titre=titre,
        personne=personne,
        nom_externe=nom_externe,
        organisme=organisme,
        direction=direction,
        est_invite=titre == TitreConvie.INVITE,
    )
    if rencontre.etat == EtatComite.CONVOQUEE:
        _ouvrir(participation, f"arrivee-{participation.pk}")
    return participation


@transaction.atomic
def convier(situation, *, par, titre, personne=None, nom_externe="", organisme="", direction=None):
    """Convie une personne de plus à cette situation, et à elle seule ; de l’extérieur, elle vient sans rien lire ici.

    Lève ErreurMetier si la personne ne peut être conviée, sans dire pourquoi (N-02).
    """
    inscription = verrouiller_avec_sa_rencontre(situation)
    DROITS_SITUATION.exiger(par, "convier", situation)
    if inscription is None or situation.etat != EtatSituation.INSCRITE:
        raise ErreurMetier("Inscrivez d’abord la situation à une rencontre.", exigences=["R-250"])
    if personne is None and not nom_externe.strip():
        raise ErreurMetier("Choisissez une personne, ou nommez quelqu’un de l’extérieur.")
    if personne is not None and _est_conviee(inscription, personne):
        raise ErreurMetier(f"{personne} est déjà conviée à cette situation.")
    participation = _creer(
        situation,
        inscription.rencontre,
        titre,
        personne=personne,
        nom_externe=nom_externe,
        organisme=organisme,
        direction=direction,
    )
    if participation is None:
        raise ErreurMetier("Cette personne ne peut pas être conviée à cette situation : choisissez-en une autre.")
    consigner("concertation.convier", situation, par=par, details={"participation": str(participation.uuid)})
    return participation


def _est_conviee(inscription, personne):
    return ParticipationComite.objects.filter(
        situation=inscription.situation_id, rencontre=inscription.rencontre_id, personne=personne, retiree=False
    ).exists()


@transaction.atomic
def retirer_de_la_situation(participation, *, par):
    """N’attend plus cette personne ; son accès se ferme aussitôt (N-05)."""
    situation = participation.situation
    verrouiller_avec_sa_rencontre(situation, participation.rencontre)
    DROITS_SITUATION.exiger(par, "convier", situation)
    participation.refresh_from_db(fields=["retiree"])
    if not participation.retiree:
        fermer_acces([participation])
        consigner("concertation.retirer", situation, par=par, details={"participation": str(participation.uuid)})
    return participation


@transaction.atomic
def prolonger_acces(participation, *, par, jours, motif):
    """Prolonge la fenêtre de lecture, de trente jours au plus ; la raison va au journal, chiffrée par la clé du dossier."""
    situation = participation.situation.verrouiller()
    DROITS_SITUATION.exiger(par, "convier", situation)
    participation.refresh_from_db(fields=["retiree", "ouvre_le", "ferme_le"])
    if participation.retiree or participation.ouvre_le is None:
        raise ErreurMetier("Cette personne n’a pas d’accès à prolonger.")
    if not motif.strip():
        raise ErreurMetier("Écrivez la raison de cette prolongation : elle reste au dossier.")
    duree = datetime.timedelta(days=jours)
    if not datetime.timedelta(0) < duree <= PROLONGATION_MAXIMALE:
        raise ErreurMetier("Prolongez de 1 à 30 jours à la fois.")
    participation.ferme_le = max(participation.ferme_le, timezone.now()) + duree
    participation.save(update_fields=["ferme_le"])
    details = {
        "participation": str(participation.uuid),
        "jours": jours,
        "raison_chiffree": coffre.chiffrer(situation.uuid, motif),
    }
    consigner("concertation.prolonger", situation, par=par, details=details)
    return participation


def lecteurs_prevus(situation):
    """Rend les personnes qui pourront lire le récit une fois les convocations parties : ce que le coordonnateur vérifie."""
    actuels = DROITS_SITUATION.personnes("lire_recit", situation).values("pk")
    conviees = situation.participations.filter(retiree=False, personne__is_active=True)
    return Personne.objects.filter(
        Q(pk__in=actuels) | Q(pk__in=conviees.exclude(personne__in=_exclus(situation)).values("personne"))
    )


# — Ce que la rencontre fait des accès et des agendas


def convoquer_les_conviees(rencontre, fait):
    """Ouvre à chacun ses situations et lui envoie une seule convocation, quel que soit leur nombre."""
    for participation in _vivantes(rencontre):
        _ouvrir_la_fenetre(participation)
    _ecrire_aux_agendas("rencontre_convoquee", rencontre, fait)


def deplacer_les_convocations(rencontre, fait):
    """Les fenêtres et les agendas suivent la nouvelle date."""
    if rencontre.etat != EtatComite.CONVOQUEE:
        return
    for participation in _vivantes(rencontre):
        _ouvrir_la_fenetre(participation)
    _ecrire_aux_agendas("rencontre_deplacee", rencontre, fait)


def annuler_les_convocations(rencontre, fait, par):
    """Ferme les accès, efface les agendas et rend les situations à inscrire ailleurs."""
    convoquees = [p for p in _vivantes(rencontre) if p.ouvre_le and p.personne_id]
    if convoquees:
        _ecrire_aux_agendas("rencontre_annulee", rencontre, fait, annulee=True)
    for inscription in rencontre.inscriptions.filter(reportee=False).select_related("situation"):
        desinscrire_situation(inscription.situation, par=par)


def _vivantes(rencontre):
    return list(rencontre.participations.filter(retiree=False).select_related("personne__service", "situation"))


def _ouvrir(participation, fait):
    _ouvrir_la_fenetre(participation)
    if participation.personne_id:
        _ecrire_a_l_agenda("rencontre_convoquee", participation.rencontre, participation.personne, fait)


def _ouvrir_la_fenetre(participation):
    if participation.personne_id is None:
        return
    fenetre = FENETRE_INVITE if participation.titre == TitreConvie.INVITE else FENETRE
    participation.ouvre_le = participation.ouvre_le or timezone.now()
    participation.ferme_le = participation.rencontre.fin + fenetre
    participation.save(update_fields=["ouvre_le", "ferme_le"])


def fermer_acces(participations):
    """Ferme ces accès dès la requête suivante ; qui n’est plus attendu à la rencontre la voit quitter son agenda."""
    participations = list(participations)
    for participation in participations:
        participation.retiree = True
        participation.save(update_fields=["retiree"])
    liberees = [p for p in participations if p.personne_id and p.ouvre_le and p.rencontre.etat == EtatComite.CONVOQUEE]
    for rencontre in {p.rencontre_id: p.rencontre for p in liberees}.values():
        _liberer_les_agendas(rencontre, [p for p in liberees if p.rencontre_id == rencontre.pk])


def _liberer_les_agendas(rencontre, liberees):
    rencontre.verrouiller()
    attendus = {p.personne_id for p in _vivantes(rencontre)}
    attendus |= set(DROITS_RENCONTRE.personnes("convoquer", rencontre).values_list("pk", flat=True))
    liberees = [p for p in liberees if p.personne_id not in attendus]
    if not liberees:
        return
    # Un agenda ignore une version qu’il a déjà : celle-ci doit la dépasser.
    rencontre.sequence += 1
    rencontre.save(update_fields=["sequence"])
    for participation in liberees:
        fait = f"retrait-{participation.pk}"
        _ecrire_a_l_agenda("rencontre_retiree", rencontre, participation.personne, fait, annulee=True)


def _ecrire_aux_agendas(gabarit, rencontre, fait, *, annulee=False):
    personnes = {
        p.personne_id: p.personne
        for p in _vivantes(rencontre)
        if p.personne_id and not EXCLU.tenu_par(p.personne, p.situation)
    }
    # Le coordonnateur anime : son agenda le sait aussi.
    for personne in DROITS_RENCONTRE.personnes("convoquer", rencontre):
        personnes.setdefault(personne.pk, personne)
    for personne in personnes.values():
        _ecrire_a_l_agenda(gabarit, rencontre, personne, fait, annulee=annulee)


def _ecrire_a_l_agenda(gabarit, rencontre, personne, fait, *, annulee=False):
    annoncer_du_comite(
        gabarit,
        rencontre,
        [personne],
        f"{fait}-{rencontre.sequence}",
        calendrier=convocation(rencontre, personne, annulee=annulee),
    )
