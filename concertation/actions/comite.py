"""Le comité : nommer ses représentants, établir son calendrier, tenir ses rencontres (R-217, R-221 à R-223, R-235, R-239)."""

import datetime

from django.db import transaction
from django.utils import timezone

from concertation.actions.annonces import annoncer_du_comite
from concertation.actions.convocations import (
    annuler_les_convocations,
    convoquer_les_conviees,
    deplacer_les_convocations,
)
from concertation.actions.satisfaction import demander_la_satisfaction
from concertation.droits import DROITS_NOMINATION, DROITS_RENCONTRE
from concertation.models import Nomination, RencontreComite
from concertation.rappels.echeances import DELAI_DE_DEPOT
from concertation.regles import pouvoir_decisionnel
from concertation.trajectoire import COMITE
from encadrement.journal.actions import consigner
from encadrement.parametres.lecture import valeur
from encadrement.rencontres.models import Mode
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

CHAMPS_MOMENT = ("debut", "fin", "mode", "lieu", "lien", "depot_le")
_DEJA_PRIS = "Une rencontre du comité commence déjà à ce moment : choisissez une autre heure."


# — Les représentants


@transaction.atomic
def nommer_representant(direction, personne, *, par, pouvoir, est_substitut=False, debut=None, fin=None):
    """Une direction nomme son représentant, ou un substitut ; la DSM l’accepte ensuite (R-217, R-239, N-12)."""
    nomination = Nomination(
        direction=direction,
        personne=personne,
        est_substitut=est_substitut,
        pouvoir=pouvoir,
        debut=debut or jour_local(),
        fin=fin,
        proposee_par=par,
    )
    DROITS_NOMINATION.exiger(par, "nommer", nomination)
    if raison := pouvoir_decisionnel(nomination):
        raise ErreurMetier(raison, exigences=pouvoir_decisionnel.exigences)
    nomination.save(force_insert=True)
    consigner("concertation.nommer", nomination, par=par)
    a = DROITS_NOMINATION.personnes("approuver", nomination)
    annoncer_du_comite("nomination_a_accepter", nomination, a, "nomination")
    return nomination


@transaction.atomic
def accepter_nomination(nomination, *, par):
    """La DSM accepte la nomination ; elle vaut dès son premier jour (N-12)."""
    nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    DROITS_NOMINATION.exiger(par, "approuver", nomination)
    if par.pk == nomination.proposee_par_id:
        raise ErreurMetier("Une autre personne que celle qui nomme doit accepter la nomination.")
    if nomination.approuvee_le is not None:
        raise ErreurMetier("Cette nomination est déjà acceptée.")
    nomination.approuvee_par, nomination.approuvee_le = par, timezone.now()
    nomination.save(update_fields=["approuvee_par", "approuvee_le"])
    consigner("concertation.accepter_nomination", nomination, par=par)
    annoncer_du_comite("nomination_acceptee", nomination, [nomination.personne], "acceptation")
    return nomination


@transaction.atomic
def terminer_nomination(nomination, *, par):
    """Met fin à la nomination hier : dès la requête suivante, le représentant ne l’est plus (N-05)."""
    nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    DROITS_NOMINATION.exiger(par, "terminer", nomination)
    hier = jour_local() - datetime.timedelta(days=1)
    if nomination.fin is None or nomination.fin > hier:
        nomination.debut = min(nomination.debut, hier)
        nomination.fin = hier
        nomination.save(update_fields=["debut", "fin"])
        consigner("concertation.terminer_nomination", nomination, par=par)
    return nomination


# — Le calendrier


def depot_par_defaut(debut):
    """Rend le dernier jour pour déposer une demande à une rencontre : quatorze jours avant, au départ (R-228, Q-20)."""
    return jour_local(debut) - datetime.timedelta(days=valeur(DELAI_DE_DEPOT))


@transaction.atomic
def planifier_rencontres(creneaux, *, par, mode=Mode.VIRTUELLE, lieu="", lien="", est_supplementaire=False):
    """Établit le calendrier : une rencontre par créneau, chacune avec sa date limite de dépôt (R-221, R-223, R-235)."""
    DROITS_RENCONTRE.exiger(par, "planifier", None)
    with unicite(_DEJA_PRIS):
        rencontres = [
            RencontreComite.objects.create(
                debut=creneau.debut,
                fin=creneau.fin,
                mode=mode,
                lieu=lieu,
                lien=lien,
                depot_le=depot_par_defaut(creneau.debut),
                est_supplementaire=est_supplementaire,
            )
            for creneau in creneaux
        ]
    consigner("concertation.planifier", par=par, chaine="concertation:calendrier", details={"nombre": len(rencontres)})
    return rencontres


@transaction.atomic
def convoquer_rencontre(rencontre, *, par):
    """Envoie les convocations et ouvre à chacun les situations où il est convié, et celles-là seulement (R-250)."""
    passage = rencontre.franchir(COMITE["convoquer"], par=par)
    convoquer_les_conviees(rencontre, passage.pk)
    return passage


@transaction.atomic
def deplacer_rencontre(rencontre, *, par, **moment):
    """Change la date, le mode ou le lieu ; les agendas et les fenêtres d’accès suivent (R-221)."""
    rencontre.verrouiller()
    DROITS_RENCONTRE.exiger(par, "deplacer", rencontre)
    change = "debut" in moment and moment["debut"] != rencontre.debut
    ecrits = [champ for champ in CHAMPS_MOMENT if champ in moment]
    # La date de dépôt ne s’inscrit à l’agenda de personne.
    aux_agendas = any(moment[champ] != getattr(rencontre, champ) for champ in ecrits if champ != "depot_le")
    for champ in ecrits:
        setattr(rencontre, champ, moment[champ])
    if change and "depot_le" not in moment:
        rencontre.depot_le = depot_par_defaut(rencontre.debut)
        ecrits.append("depot_le")
    rencontre.sequence += aux_agendas
    with unicite(_DEJA_PRIS):
        rencontre.save(update_fields=[*ecrits, "sequence"])
    passage = rencontre.franchir(COMITE["deplacer"], par=par)
    if aux_agendas:
        deplacer_les_convocations(rencontre, passage.pk)
    return passage


@transaction.atomic
def tenir_rencontre(rencontre, *, par, presentes=()):
    """Note la rencontre comme tenue et qui y était ; reste à établir un plan pour chaque situation (R-225, R-253)."""
    passage = rencontre.franchir(COMITE["tenir"], par=par)
    presentes = {participation.pk for participation in presentes}
    for participation in rencontre.participations.filter(retiree=False):
        participation.presente = participation.pk in presentes
        participation.save(update_fields=["presente"])
    demander_la_satisfaction(rencontre)
    return passage


@transaction.atomic
def annuler_rencontre(rencontre, *, par, motif):
    """Annule la rencontre ; ses situations redeviennent à inscrire, ses accès se ferment, les agendas s’effacent."""
    passage = rencontre.franchir(COMITE["annuler"], par=par, motif=motif)
    rencontre.sequence += 1
    rencontre.save(update_fields=["sequence"])
    annuler_les_convocations(rencontre, passage.pk, par)
    return passage
