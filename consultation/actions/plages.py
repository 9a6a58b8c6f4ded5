"""Les plages de disponibilité d’un expert très sollicité : les offrir, les réserver, les rendre (R-176)."""

import datetime
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from consultation.droits import DROITS_FICHE
from consultation.models import EN_VIGUEUR, Plage
from encadrement.journal.actions import consigner
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier

PLAGES_MAXIMUM = 60
DUREE_MAXIMALE = datetime.timedelta(hours=8)
_DEJA = "Une de ces plages est déjà à votre horaire : retirez-la d’abord, ou choisissez une autre heure."


class PlagePrise(ErreurMetier):
    """Quelqu’un vient de réserver cette plage ; `suivantes` sont celles qui restent."""

    def __init__(self, suivantes):
        suite = "Voici les suivantes." if suivantes else "Proposez plutôt vos disponibilités à l’expert."
        super().__init__(f"Cette plage vient d’être réservée par quelqu’un d’autre. {suite}")
        self.suivantes = suivantes


@transaction.atomic
def offrir_plages(fiche, creneaux, *, par, lieu=""):
    """Rend visibles des plages, une par créneau (`debut`, `fin`), et les rend ; celles du passé sont refusées (R-176)."""
    fiche.verrouiller()
    DROITS_FICHE.exiger(par, "tenir_plages", fiche)
    if not fiche.est_publiee:
        raise ErreurMetier("Une fois inscrit au bottin, vous pourrez y montrer vos plages.")
    if len(creneaux) > PLAGES_MAXIMUM:
        raise ErreurMetier(f"Offrez au plus {PLAGES_MAXIMUM} plages à la fois.")
    if any(creneau.debut <= timezone.now() for creneau in creneaux):
        raise ErreurMetier("Une plage commence plus tard que maintenant : choisissez une date à venir.")
    _refuser_les_chevauchements(fiche, creneaux)
    with unicite(_DEJA):
        plages = [
            Plage.objects.create(
                fiche=fiche,
                debut=creneau.debut,
                minutes=round((creneau.fin - creneau.debut).total_seconds() / 60),
                lieu=lieu,
            )
            for creneau in creneaux
        ]
    consigner("consultation.plage.offrir", fiche, par=par, details={"nombre": len(plages)})
    return plages


def se_chevauchent(creneau, autre):
    """Dit si deux moments (`debut`, `fin`) se recoupent ; se suivre n’est pas se recouper."""
    return creneau.debut < autre.fin and autre.debut < creneau.fin


def _refuser_les_chevauchements(fiche, creneaux):
    # La fiche est verrouillée : rien ne s’ajoute à l’horaire entre cette lecture et l’écriture.
    en_ordre = sorted(creneaux, key=lambda creneau: creneau.debut)
    offertes = fiche.plages.filter(retiree=False, debut__gt=timezone.now() - DUREE_MAXIMALE)
    if any(se_chevauchent(*voisines) for voisines in pairwise(en_ordre)) or any(
        se_chevauchent(creneau, plage) for plage in offertes for creneau in creneaux
    ):
        raise ErreurMetier(_DEJA)


@transaction.atomic
def retirer_plage(plage, *, par):
    """Retire une plage encore libre ; réservée, c’est la demande qu’il faut décliner ou déplacer."""
    plage = Plage.objects.select_for_update(of=("self",)).select_related("fiche").get(pk=plage.pk)
    DROITS_FICHE.exiger(par, "tenir_plages", plage.fiche)
    if plage.sollicitations.filter(reponse__in=EN_VIGUEUR).exists():
        raise ErreurMetier("Cette plage est réservée : répondez à la demande, ou proposez un autre moment.")
    if not plage.retiree:
        plage.retiree = True
        plage.save(update_fields=["retiree"])
        consigner("consultation.plage.retirer", plage.fiche, par=par)
    return plage


def reserver(plage, fiche):
    """Rend la plage, verrouillée jusqu’à la fin de la transaction ; lève PlagePrise si elle n’est plus libre."""
    plage = Plage.objects.select_for_update(of=("self",)).get(pk=plage.pk)
    if plage.fiche_id != fiche.pk:
        raise ErreurMetier("Cette plage est celle d’un autre expert : choisissez-en une de celui-ci.")
    if not Plage.objects.libres().filter(pk=plage.pk).exists():
        raise PlagePrise(list(fiche.plages.libres()[:5]))
    return plage


def rendre_la_plage(sollicitation, reponse):
    """Referme la sollicitation avec cette réponse ; la plage qu’elle tenait redevient libre."""
    sollicitation.reponse = reponse
    sollicitation.moment_propose = None
    sollicitation.save(update_fields=["reponse", "moment_propose"])
