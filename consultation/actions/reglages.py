"""Les réglages d’une direction et le matériel des experts : la DSM tient la mesure (R-193, R-198, R-202, Q-17)."""

from django.db import transaction
from django.utils import timezone

from consultation.droits import DROITS_MATERIEL, DROITS_REGLAGE
from consultation.models import Materiel, ReglageDirection
from encadrement.fichiers.actions import deposer, retirer
from encadrement.journal.actions import consigner
from encadrement.socle.erreurs import ErreurMetier


@transaction.atomic
def regler_direction(direction, *, par, approbation, motif):
    """Dit si, dans cette direction, le gestionnaire autorise la consultation ou si la discussion suffit (Q-17)."""
    DROITS_REGLAGE.exiger(par, "regler", None)
    reglage, _ = ReglageDirection.objects.update_or_create(
        direction=direction, defaults={"approbation": approbation, "motif": motif, "modifie_par": par}
    )
    consigner(
        "consultation.reglage.poser",
        par=par,
        chaine="consultation:reglages",
        details={"direction": direction.pk, "approbation": str(approbation)},
    )
    return reglage


@transaction.atomic
def deposer_materiel(*, par, titre, description="", contenu=None, lien=""):
    """Ajoute du matériel pour les experts : un fichier examiné, ou un lien (R-198)."""
    DROITS_MATERIEL.exiger(par, "tenir", None)
    if contenu is None and not lien:
        raise ErreurMetier("Déposez un fichier, ou donnez un lien.")
    materiel = Materiel.objects.create(
        titre=titre,
        description=description,
        lien=lien,
        fichier=deposer(contenu, par=par) if contenu is not None else None,
        depose_par=par,
    )
    consigner("consultation.materiel.deposer", materiel, par=par)
    return materiel


@transaction.atomic
def retirer_materiel(materiel, *, par):
    """Retire du matériel ; sa trace reste au journal."""
    DROITS_MATERIEL.exiger(par, "tenir", materiel)
    if materiel.retire_le is not None:
        return materiel
    materiel.retire_le = timezone.now()
    materiel.save(update_fields=["retire_le"])
    if materiel.fichier_id:
        retirer(materiel.fichier, par=par)
    consigner("consultation.materiel.retirer", materiel, par=par)
    return materiel
