"""Le dossier surveillé : un fichier, une importation ; traité, il est déplacé, daté."""

import shutil
import time
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from encadrement.acces.attribues import PILOTE
from encadrement.importations.depots import DejaImporte, importer_du_dossier
from encadrement.importations.lecture import FichierIllisible
from encadrement.journal.actions import consigner
from encadrement.notifications.actions import notifier
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier

# Un fichier que quelqu’un copie encore : on attend que rien n’y bouge.
AU_REPOS = 60
_journal = structlog.get_logger(__name__)


def importer_le_dossier():
    """Importe chaque extrait au repos du dossier, du plus ancien au plus récent ; rend combien ont été traités.

    Un fichier que le système refuse d’ouvrir ou de déplacer n’arrête pas les autres : sa panne est levée à la fin.
    """
    if not settings.IMPORTATIONS_DOSSIER:
        return 0
    dossier = Path(settings.IMPORTATIONS_DOSSIER)
    traites, pannes = 0, []
    extraits = (chemin for chemin in dossier.glob("*.csv") if chemin.is_file() and not chemin.is_symlink())
    for chemin in sorted(extraits, key=lambda chemin: chemin.stat().st_mtime):
        if time.time() - chemin.stat().st_mtime >= AU_REPOS:
            try:
                _importer(chemin)
                traites += 1
            except OSError as panne:
                pannes.append(panne)
    if pannes:
        raise pannes[0]
    return traites


def _importer(chemin):
    etat = chemin.stat()
    cle = f"{chemin.name[:120]}:{etat.st_mtime_ns}:{etat.st_size}"
    try:
        importer_du_dossier(chemin, cle=cle)
    except DejaImporte:
        _ranger(chemin, "traites")
    except ErreurMetier as refus:
        # La phrase peut nommer quelqu’un : au journal technique, seulement la sorte de refus.
        _journal.warning("extrait_refuse", sorte=type(refus).__name__)
        _aviser_le_pilote(chemin.name, cle, refus)
        _ranger(chemin, "refuses", refus.message)
    else:
        _ranger(chemin, "traites")


@transaction.atomic
def _aviser_le_pilote(nom, cle, refus):
    """Un extrait refusé ne laisse aucune importation : sans ceci, l’organigramme vieillirait sans que personne le sache."""
    systeme = Personne.objects.systeme()
    consigner("importations.refuser", par=systeme, chaine="importations.rh", details={"fichier": nom})
    notifier(
        "importations/extrait_refuse",
        systeme,
        a=PILOTE.personnes(None),
        cle=cle,
        url=reverse("importations:liste"),
        # Ce qui rend un fichier illisible ne nomme personne; le reste se lit dans « refuses ».
        contexte={"fichier": nom, "raison": refus.message if isinstance(refus, FichierIllisible) else ""},
    )


def _ranger(chemin, sous_dossier, raison=""):
    ou = chemin.parent / sous_dossier
    ou.mkdir(mode=0o700, exist_ok=True)
    neuf = ou / f"{timezone.localtime():%Y-%m-%d-%H%M%S}-{chemin.name}"
    shutil.move(chemin, neuf)
    if raison:
        neuf.with_suffix(".raison.txt").write_text(raison + "\n", encoding="utf-8")
