"""Lire une archive : tout se vérifie et s’extrait à côté avant que quoi que ce soit ne soit remplacé."""

import tarfile
from pathlib import Path

from encadrement.outils.sauvegarde import manifeste
from encadrement.outils.sauvegarde.ecriture import LectureComptee
from encadrement.outils.sauvegarde.refus import RestaurationRefusee

_MORCEAU = 1024 * 1024


def lire_manifeste(archive):
    """Rend le manifeste d’une archive ; lève RestaurationRefusee si ce n’en est pas une, entière."""
    with _ouverte(archive) as tar:
        return _manifeste(tar)


def extraire(archive, dossier):
    """Extrait l’archive dans `dossier` et rend son manifeste ; lève RestaurationRefusee au premier octet changé."""
    with _ouverte(archive) as tar:
        lu = _manifeste(tar)
        presents = {fiche.name: fiche for fiche in tar.getmembers() if fiche.name != manifeste.NOM}
        if set(presents) != set(lu.membres):
            raise RestaurationRefusee("L’archive ne contient pas exactement ce que dit son manifeste.")
        for nom, attendu in lu.membres.items():
            if _extraire(tar, presents[nom], dossier) != attendu["sha256"]:
                raise RestaurationRefusee(f"{nom} a changé depuis la sauvegarde\xa0: cette archive est abîmée.")
    return lu


def _ouverte(archive):
    try:
        return tarfile.open(archive)
    except (OSError, tarfile.TarError) as erreur:
        raise RestaurationRefusee(f"{archive} n’est pas une archive lisible.") from erreur


def _manifeste(tar):
    try:
        fiche = tar.getmember(manifeste.NOM)
        return manifeste.lire(tar.extractfile(fiche).read())
    except (KeyError, AttributeError, OSError, tarfile.TarError) as erreur:
        raise RestaurationRefusee(
            "Cette archive n’a pas de manifeste\xa0: elle est étrangère ou incomplète."
        ) from erreur


def _extraire(tar, fiche, dossier):
    """Écrit un membre, lisible du seul compte, et rend son condensé."""
    destination = (Path(dossier) / fiche.name).resolve()
    if not fiche.isfile() or not destination.is_relative_to(Path(dossier).resolve()):
        raise RestaurationRefusee(f"{fiche.name} n’a pas sa place dans une archive.")
    destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lecture = LectureComptee(tar.extractfile(fiche))
    with destination.open("xb") as sortie:
        destination.chmod(0o600)
        while morceau := lecture.read(_MORCEAU):
            sortie.write(morceau)
    return lecture.condense()
