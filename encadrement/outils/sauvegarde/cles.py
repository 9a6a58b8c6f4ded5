"""Les clés de situations se gardent à part de la base, et sans passé : une seule copie, remplacée à chaque sauvegarde.

Une copie datée garderait les clés détruites depuis. Le registre des destructions voyage avec la copie : une clé qu’il
nomme n’est jamais remise. Chaque clé y reste chiffrée par les clés de l’établissement, qui n’y sont pas (O-14).
"""

import os
import tarfile
import tempfile
import uuid
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from encadrement.outils.sauvegarde.ecriture import fixer
from encadrement.outils.sauvegarde.refus import RestaurationRefusee, SauvegardeImpossible
from encadrement.socle import coffre

NOM = "encadrement-cles.tar"
_REGISTRE = "destructions.txt"


@dataclass
class Copie:
    """Les clés d’une copie, {nom: jeton}, et le nom de celles qui étaient déjà détruites."""

    jetons: dict = field(default_factory=dict)
    detruites: set = field(default_factory=set)


def sauvegarder_les_cles(dossier):
    """Remplace dans `dossier` la copie des clés par celle du coffre d’aujourd’hui ; rend (chemin, combien de clés).

    Lève SauvegardeImpossible, et garde la copie d’avant, si une clé a disparu du coffre sans y avoir été détruite.
    """
    dossier = Path(dossier).resolve()
    chemin, presentes = dossier / NOM, dict(coffre.cles())
    if chemin.exists():
        precedente = lire(dossier)
        coffre.noter_detruites(precedente.detruites)
        perdues = set(precedente.jetons) - set(presentes) - coffre.detruites()
        if perdues:
            raise SauvegardeImpossible(
                f"{len(perdues)} clé(s) ont disparu du coffre sans y avoir été détruites\xa0: la copie d’avant est gardée. "
                "Remettez-les avec «\xa0restaurer_cles\xa0»."
            )
    try:
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remplacer(chemin, [(f"{nom}.cle", jeton) for nom, jeton in presentes.items()])
    except OSError as panne:
        raise SauvegardeImpossible(f"La copie des clés n’a pas pu s’écrire\xa0: {panne.strerror}.") from panne
    return chemin, len(presentes)


def _remplacer(chemin, membres):
    detruites = "".join(f"{nom}\n" for nom in sorted(coffre.detruites()))
    descripteur, brouillon = tempfile.mkstemp(dir=chemin.parent)
    try:
        with os.fdopen(descripteur, "wb") as flux:
            with tarfile.open(fileobj=flux, mode="w") as archive:
                for nom, octets in [(_REGISTRE, detruites.encode()), *membres]:
                    fiche = tarfile.TarInfo(nom)
                    fiche.size, fiche.mode = len(octets), 0o600
                    archive.addfile(fiche, BytesIO(octets))
            flux.flush()
            os.fsync(flux.fileno())
        os.replace(brouillon, chemin)
    finally:
        Path(brouillon).unlink(missing_ok=True)
    fixer(chemin.parent)


def lire(dossier):
    """Rend la Copie gardée dans `dossier` ; lève RestaurationRefusee si elle est absente ou abîmée."""
    copie = Copie()
    try:
        with tarfile.open(Path(dossier) / NOM) as archive:
            for fiche in archive.getmembers():
                octets = archive.extractfile(fiche).read()
                if fiche.name == _REGISTRE:
                    copie.detruites = set(octets.decode().split())
                else:
                    copie.jetons[str(uuid.UUID(fiche.name.removesuffix(".cle")))] = octets
    except (OSError, tarfile.TarError, ValueError, AttributeError) as erreur:
        raise RestaurationRefusee(f"La copie des clés ({Path(dossier) / NOM}) est absente ou abîmée.") from erreur
    return copie


def restaurer_les_cles(copie, *, detruites=()):
    """Remet au coffre les clés qui y manquent, sauf les détruites ; rend combien, et détruit celles qui traînaient encore.

    `detruites` s’ajoute au registre du coffre et à celui de la copie : rien de ce que l’un des trois nomme ne revient.
    """
    coffre.noter_detruites([*copie.detruites, *detruites])
    for nom in coffre.detruites():
        coffre.detruire_cle(nom)
    return sum(coffre.remettre_cle(nom, jeton) for nom, jeton in copie.jetons.items())
