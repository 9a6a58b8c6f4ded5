"""Les suites décidées en rencontre : noter, corriger, clore (R-390, R-398)."""

from django.db import transaction

from cdp.actions.comptes_rendus import exiger_ecriture
from cdp.droits import DROITS_SUIVI
from cdp.models import SuiviCdp
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import retirer_relances
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

CHAMPS_SUIVI = ("texte", "personne", "nom_externe", "echeance", "echeance_dite")


@transaction.atomic
def noter_suivi(rencontre, *, par, texte, point=None, **champs):
    """Note une suite à faire, avec son responsable et son échéance, datée ou dite en toutes lettres."""
    exiger_ecriture(rencontre, par)
    if not texte.strip():
        raise ErreurMetier("Dites ce qui est à faire.")
    if rencontre.suivis.filter(texte__iexact=texte.strip(), point=point).exists():
        raise ErreurMetier("Ce suivi est déjà noté.")
    return SuiviCdp.objects.create(
        communaute=rencontre.communaute, rencontre=rencontre, point=point, texte=texte.strip(), note_par=par, **champs
    )


@transaction.atomic
def modifier_suivi(suivi, *, par, **champs):
    """Corrige un suivi encore ouvert."""
    suivi = _verrouiller(suivi)
    DROITS_SUIVI.exiger(par, "modifier", suivi)
    for champ in CHAMPS_SUIVI:
        if champ in champs:
            setattr(suivi, champ, champs[champ])
    suivi.save(update_fields=[champ for champ in CHAMPS_SUIVI if champ in champs])
    retirer_relances(suivi)
    return suivi


@transaction.atomic
def retirer_suivi(suivi, *, par):
    """Retire un suivi noté par erreur, tant que le compte rendu s’écrit ; ensuite, il se clôt."""
    exiger_ecriture(suivi.rencontre, par)
    consigner("cdp.suivi.retirer", suivi.rencontre, par=par, details={"suivi": str(suivi.uuid)})
    suivi.delete()


@transaction.atomic
def clore_suivi(suivi, *, par, issue=""):
    """Le responsable, l’animateur ou le secrétaire clôt le suivi : il ne revient plus à l’ordre du jour."""
    suivi = _verrouiller(suivi)
    titre = DROITS_SUIVI.exiger(par, "clore", suivi)
    suivi.clos_le, suivi.clos_par, suivi.issue = jour_local(), par, issue
    suivi.save(update_fields=["clos_le", "clos_par", "issue"])
    retirer_relances(suivi)
    consigner("cdp.suivi.clore", suivi, par=par, titre=titre.libelle)
    return suivi


def _verrouiller(suivi):
    suivi = SuiviCdp.objects.select_for_update(of=("self",)).select_related("communaute").get(pk=suivi.pk)
    if not suivi.est_ouvert:
        raise ErreurMetier(f"Ce suivi est clos depuis le {suivi.clos_le:%Y-%m-%d}.")
    return suivi
