"""Douze mois, puis l’extrait, le détail de son rapport et son relevé d’annulation se détruisent ; le journal reste."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from encadrement.fichiers.actions import detruire
from encadrement.importations.models import Importation
from encadrement.importations.regles import CONSERVATION_MOIS
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne
from encadrement.socle.temps import ajouter_mois

MOTIF = f"Conservation échue\xa0: {CONSERVATION_MOIS} mois"


def purger():
    """Détruit ce qui a plus de douze mois et rend combien d’importations ; le dossier surveillé se vide de même."""
    limite = ajouter_mois(timezone.now(), -CONSERVATION_MOIS)
    echues = list(Importation.objects.filter(cree_le__lt=limite, fichier__retire_le=None).values_list("pk", flat=True))
    for pk in echues:
        _detruire(pk)
    _vider_le_dossier(limite.timestamp())
    return len(echues)


@transaction.atomic
def _detruire(pk):
    systeme = Personne.objects.systeme()
    importation = Importation.objects.select_for_update(of=("self",)).select_related("fichier").get(pk=pk)
    if importation.fichier.retire_le is not None:
        return
    detruire(importation.fichier, par=systeme, motif=MOTIF)
    importation.rapport |= {"sections": []}
    importation.retour = {}
    importation.save(update_fields=["rapport", "retour"])
    consigner("importations.detruire", importation, par=systeme)


def _vider_le_dossier(limite):
    if not settings.IMPORTATIONS_DOSSIER:
        return
    for chemin in Path(settings.IMPORTATIONS_DOSSIER).glob("*/*"):
        if chemin.parent.name in ("traites", "refuses") and chemin.lstat().st_ctime < limite:
            chemin.unlink()
