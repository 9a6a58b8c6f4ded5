"""Sauvegarder : une archive entière, lisible du seul compte, ou rien.

L’ordre fait la cohérence. Un fichier s’écrit avant la ligne qui le désigne et ne change plus : la base figée d’abord, puis
les fichiers qu’elle désigne, qui sont tous là. Les ancres du journal se copient avant la base : elles ne parlent alors que
d’entrées qu’elle contient. Le registre des envois se copie après : il en sait toujours au moins autant qu’elle.
"""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import structlog
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from encadrement.journal.ancres import fichier_des_ancres
from encadrement.notifications.registre import fichier_du_registre
from encadrement.outils.sauvegarde import manifeste, moteurs
from encadrement.outils.sauvegarde.refus import SauvegardeImpossible
from encadrement.outils.sauvegarde.releve import fichiers_designes, relever
from encadrement.version import VERSION

ANCRES, ENVOIS, FICHIERS = "ancres.jsonl", "envois.sqlite3", "fichiers"

_journal = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sauvegarde:
    """L’archive faite et ce qui clochait déjà, une phrase chacun : un fichier absent n’empêche pas de garder le reste."""

    archive: Path
    manifeste: manifeste.Manifeste


def sauvegarder(dossier):
    """Écrit dans `dossier` l’archive de la base et des fichiers, sans aucune clé, et rend la Sauvegarde.

    Lève SauvegardeImpossible si elle ne peut pas être entière.
    """
    dossier = Path(dossier).resolve()
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with _seul(dossier), tempfile.TemporaryDirectory(dir=dossier, prefix=".en-cours-") as chantier:
            faite = _ecrire(dossier, Path(chantier))
    except OSError as panne:
        raise SauvegardeImpossible(
            f"La sauvegarde n’a pas pu s’écrire dans {dossier}\xa0: {panne.strerror}."
        ) from panne
    _journal.info("sauvegarde_faite", archive=faite.archive.name, fichiers=len(faite.manifeste.membres))
    return faite


def _ecrire(dossier, chantier):
    maintenant = timezone.localtime()
    brouillon, moteur = chantier / "archive", moteurs.actuel()
    with _Archive(brouillon) as archive:
        archive.ajouter_chemin(ANCRES, fichier_des_ancres())
        with moteur.figer(chantier / moteur.MEMBRE) as curseur:
            releve, designes = relever(curseur), fichiers_designes(curseur)
        archive.ajouter_chemin(moteur.MEMBRE, chantier / moteur.MEMBRE)
        ecarts = [ecart for nom, condense in designes.items() if (ecart := archive.ajouter_fichier(nom, condense))]
        archive.ajouter_chemin(ENVOIS, _copie_du_registre(chantier))
        bilan = manifeste.Manifeste(
            application=VERSION,
            fait_le=maintenant.isoformat(timespec="seconds"),
            moteur=connection.vendor,
            membres=archive.membres,
            ecarts=ecarts,
            **releve,
        )
        octets = bilan.en_octets()
        archive.ajouter(manifeste.NOM, BytesIO(octets), len(octets))
    finale = dossier / f"encadrement-{maintenant:%Y%m%d-%H%M%S}.tar"
    # Un lien, jamais un remplacement : le nom n’apparaît qu’une fois l’archive entière et sur le disque.
    os.link(brouillon, finale)
    fixer(dossier)
    return Sauvegarde(finale, bilan)


class _Archive:
    """Un tar qu’on remplit en calculant le condensé de chaque membre au passage."""

    def __init__(self, chemin):
        self._flux = os.fdopen(os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._tar = tarfile.TarFile(fileobj=self._flux, mode="w", format=tarfile.PAX_FORMAT)
        self.membres = {}

    def __enter__(self):
        return self

    def __exit__(self, sorte, *_):
        with self._flux:
            if sorte is None:
                self._tar.close()
                self._flux.flush()
                os.fsync(self._flux.fileno())

    def ajouter(self, nom, flux, taille):
        """Ajoute un membre et rend son condensé SHA-256."""
        fiche, lecture = tarfile.TarInfo(nom), LectureComptee(flux)
        fiche.size, fiche.mode, fiche.mtime = taille, 0o600, int(timezone.now().timestamp())
        self._tar.addfile(fiche, lecture)
        self.membres[nom] = {"sha256": lecture.condense(), "taille": taille}
        return lecture.condense()

    def ajouter_chemin(self, nom, chemin):
        if chemin.exists():
            with chemin.open("rb") as flux:
                self.ajouter(nom, flux, os.fstat(flux.fileno()).st_size)

    def ajouter_fichier(self, nom, attendu):
        """Ajoute un fichier du stockage ; rend une phrase s’il manque, ou n’est plus celui que la base connaît."""
        try:
            flux = default_storage.open(nom)
        except OSError:
            return f"{nom}\xa0: la base le désigne, il ne s’ouvre pas."
        with flux:
            trouve = self.ajouter(f"{FICHIERS}/{nom}", flux, flux.size)
        return "" if trouve == attendu else f"{nom}\xa0: son contenu n’est plus celui que la base connaît."


class LectureComptee:
    """Un flux qu’on lit en calculant son condensé."""

    def __init__(self, flux):
        self._flux, self._somme = flux, hashlib.sha256()

    def read(self, taille=-1):
        morceau = self._flux.read(taille)
        self._somme.update(morceau)
        return morceau

    def condense(self):
        return self._somme.hexdigest()


def _copie_du_registre(chantier):
    """Copie le registre des envois, qu’un travailleur peut être en train d’écrire."""
    source, copie = fichier_du_registre(), chantier / ENVOIS
    if source.exists():
        with contextlib.closing(sqlite3.connect(source)) as de, contextlib.closing(sqlite3.connect(copie)) as vers:
            de.backup(vers)
            vers.execute("PRAGMA journal_mode=DELETE")
    return copie


@contextlib.contextmanager
def _seul(dossier):
    """Refuse deux sauvegardes à la fois dans le même dossier ; efface ce qu’une coupure y avait laissé à moitié."""
    with os.fdopen(os.open(dossier / ".verrou", os.O_WRONLY | os.O_CREAT, 0o600), "w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as occupe:
            raise SauvegardeImpossible("Une autre sauvegarde s’écrit déjà dans ce dossier.") from occupe
        for reste in dossier.glob(".en-cours-*"):
            for fichier in reste.iterdir():
                fichier.unlink()
            reste.rmdir()
        yield


def fixer(dossier):
    """Attend que les noms du dossier soient sur le disque."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
