"""Examiner, déposer, retirer un fichier ; effacer ce qu’une transaction annulée a laissé sur le disque."""

import contextlib
import datetime
import hashlib
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from encadrement.fichiers import antivirus
from encadrement.fichiers.models import DOSSIER, Examen, Fichier
from encadrement.fichiers.noms import lire_nom
from encadrement.fichiers.reconnaissance import reconnaitre
from encadrement.fichiers.refus import FichierRefuse, en_mo
from encadrement.journal.actions import consigner
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier

ORPHELIN_APRES = datetime.timedelta(days=1)
_MORCEAU = 64 * 1024

_journal = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Inspecte:
    """Un contenu téléversé qui a passé tous les contrôles : ce que `deposer` peut garder sans le revoir."""

    flux: File
    nom: str
    sorte: str
    taille: int
    empreinte: str
    examen: str

    def __str__(self):
        return self.nom


def inspecter(televerse):
    """Rend l’Inspecte d’un contenu téléversé ; lève FichierRefuse, une phrase, au premier contrôle manqué."""
    if isinstance(televerse, Inspecte):
        return televerse
    nom, annoncee = lire_nom(televerse.name or "")
    if not televerse.size:
        raise FichierRefuse("Ce fichier est vide\xa0: vérifiez que c’est le bon.")
    if televerse.size > settings.FICHIER_TAILLE_MAXIMALE:
        raise FichierRefuse(
            f"Ce fichier fait {en_mo(televerse.size)}\xa0: la limite est de {en_mo(settings.FICHIER_TAILLE_MAXIMALE)}."
        )
    flux = televerse.file
    possibles = reconnaitre(flux)
    if annoncee not in possibles:
        vraie = min(possibles, key=str)
        raise FichierRefuse(
            f"Ce fichier se termine par .{nom.rpartition('.')[2]}, mais son contenu est d’une autre sorte "
            f"({vraie.label})\xa0: donnez-lui l’extension .{vraie.value} ou déposez le bon fichier."
        )
    return Inspecte(flux, nom, annoncee.value, televerse.size, _empreinte(flux), _examiner(flux))


def _empreinte(flux):
    flux.seek(0)
    empreinte = hashlib.sha256()
    while morceau := flux.read(_MORCEAU):
        empreinte.update(morceau)
    flux.seek(0)
    return empreinte.hexdigest()


def _examiner(flux):
    if not antivirus.est_configure():
        return Examen.EN_ATTENTE
    if virus := antivirus.chercher_un_virus(flux):
        _journal.warning("virus_refuse", virus=virus[:100])
        raise FichierRefuse("L’antivirus a reconnu un virus dans ce fichier\xa0: il n’a pas été déposé.")
    return Examen.SAIN


@transaction.atomic
def deposer(contenu_televerse, *, par):
    """Garde un contenu téléversé (ou l’Inspecte d’un FichierField) et rend son Fichier (B-05, F-12)."""
    inspecte = inspecter(contenu_televerse)
    fichier = Fichier(
        nom=inspecte.nom,
        sorte=inspecte.sorte,
        taille=inspecte.taille,
        empreinte=inspecte.empreinte,
        depose_par=par,
        examen=inspecte.examen,
        examine_le=None if inspecte.examen == Examen.EN_ATTENTE else timezone.now(),
    )
    inspecte.flux.seek(0)
    try:
        fichier.contenu.save(inspecte.nom, File(inspecte.flux), save=False)
    except OSError as panne:
        _journal.error("stockage_indisponible", erreur=type(panne).__name__)
        raise FichierRefuse(
            "Le fichier n’a pas pu être gardé. Ce que vous avez écrit l’est; déposez-le de nouveau dans quelques minutes."
        ) from panne
    fichier.save()
    consigner(
        "fichier.deposer",
        fichier,
        par=par,
        details={"sorte": fichier.sorte, "taille": fichier.taille, "empreinte": fichier.empreinte},
    )
    return fichier


@transaction.atomic
def retirer(fichier, *, par, motif=""):
    """Retire un fichier : il n’est plus servi, sa trace reste (N-10)."""
    fichier = Fichier.objects.select_for_update().get(pk=fichier.pk)
    if fichier.retire_le is not None:
        raise ErreurMetier("Ce fichier est déjà retiré.")
    fichier.retire_le, fichier.retire_par, fichier.motif_retrait = timezone.now(), par, motif
    fichier.save(update_fields=["retire_le", "retire_par", "motif_retrait"])
    consigner("fichier.retirer", fichier, par=par)
    return fichier


@transaction.atomic
def detruire(fichier, *, par, motif):
    """Retire un fichier et en lâche le contenu, qu’`effacer_les_orphelins` efface du stockage ; sa trace reste (N-10)."""
    if fichier.retire_le is None:
        fichier = retirer(fichier, par=par, motif=motif)
    # Par la base : Django écrirait un texte vide, et un seul fichier pourrait l’être.
    Fichier.objects.filter(pk=fichier.pk).update(contenu=None)
    consigner("fichier.detruire", fichier, par=par, details={"empreinte": fichier.empreinte})
    return fichier


def ouvrir(fichier):
    """Rend le contenu ouvert d’un fichier qu’on peut remettre ; lève ErreurMetier s’il est retiré, refusé ou altéré."""
    if fichier.est_present and fichier.examen == Examen.EN_ATTENTE and antivirus.est_configure():
        fichier = examiner_de_nouveau(fichier)
    if fichier.retire_le is not None:
        raise ErreurMetier("Ce fichier a été retiré\xa0: il n’est plus remis.")
    if fichier.examen == Examen.REFUSE:
        raise ErreurMetier("L’antivirus a reconnu un virus dans ce fichier\xa0: il n’est pas remis.")
    flux = _ouvrir_le_contenu(fichier)
    if _empreinte(flux) != fichier.empreinte:
        flux.close()
        raise ErreurMetier("Ce fichier n’est plus celui qui a été déposé\xa0: il n’est pas remis. Avisez la DSM.")
    return flux


def _ouvrir_le_contenu(fichier):
    try:
        return default_storage.open(fichier.contenu.name)
    except OSError as panne:
        _journal.error("stockage_indisponible", erreur=type(panne).__name__)
        raise ErreurMetier("Ce fichier ne peut pas être lu pour l’instant. Avisez la DSM.") from panne


@transaction.atomic
def examiner_de_nouveau(fichier):
    """Fait examiner un fichier déposé quand aucun antivirus n’était configuré ; rend le fichier relu."""
    fichier = Fichier.objects.select_for_update().get(pk=fichier.pk)
    if fichier.examen != Examen.EN_ATTENTE:
        return fichier
    with _ouvrir_le_contenu(fichier) as flux:
        fichier.examen = Examen.REFUSE if antivirus.chercher_un_virus(flux) else Examen.SAIN
    fichier.examine_le = timezone.now()
    fichier.save(update_fields=["examen", "examine_le"])
    consigner("fichier.examiner", fichier, par=Personne.objects.systeme(), details={"examen": fichier.examen})
    return fichier


def effacer_les_orphelins():
    """Efface du stockage ce qu’aucun Fichier ne désigne depuis un jour ; rend combien.

    Le contenu s’écrit avant la ligne : une transaction annulée laisse un contenu que plus rien ne désigne.
    """
    efface = 0
    for nom in _contenus_gardes():
        recent = default_storage.get_modified_time(nom) > timezone.now() - ORPHELIN_APRES
        if not recent and not Fichier.objects.filter(contenu=nom).exists():
            default_storage.delete(nom)
            efface += 1
    return efface


def _contenus_gardes():
    with contextlib.suppress(FileNotFoundError):
        for dossier in default_storage.listdir(DOSSIER)[0]:
            for nom in default_storage.listdir(f"{DOSSIER}/{dossier}")[1]:
                yield f"{DOSSIER}/{dossier}/{nom}"
