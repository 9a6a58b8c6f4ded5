"""Une image qu’on remettra à d’autres : elle s’ouvre, elle est de taille raisonnable, et rien ne la suit."""

import threading
import warnings
from contextlib import contextmanager

from PIL import Image, ImageFile, UnidentifiedImageError

from encadrement.fichiers.actions import inspecter
from encadrement.fichiers.refus import FichierRefuse
from encadrement.fichiers.sortes import Sorte

POIDS_MAXIMAL = 500 * 1024
COTE_MAXIMAL = 2000
_FORMATS = {Sorte.PNG: "PNG", Sorte.JPG: "JPEG"}
_FINS = {Sorte.PNG: b"IEND\xaeB`\x82", Sorte.JPG: b"\xff\xd9"}
_VERROU = threading.Lock()


def exiger_une_image_sure(televerse):
    """Rend l’Inspecte d’une image PNG ou JPEG ; lève FichierRefuse, une phrase, pour toute autre."""
    inspecte = inspecter(televerse)
    if inspecte.sorte not in _FORMATS:
        raise FichierRefuse("Déposez une image PNG ou JPEG.")
    if inspecte.taille > POIDS_MAXIMAL:
        raise FichierRefuse("Cette image est trop lourde\xa0: la limite est de 500\xa0ko.")
    inspecte.flux.seek(0)
    octets = inspecte.flux.read()
    inspecte.flux.seek(0)
    # Ce qui suit la fin d’une image ne se voit pas : c’est là qu’on cache autre chose.
    if not octets.endswith(_FINS[inspecte.sorte]):
        raise FichierRefuse("Cette image contient autre chose qu’une image\xa0: enregistrez-la de nouveau.")
    _exiger_qu_elle_s_ouvre(inspecte)
    return inspecte


@contextmanager
def _sans_indulgence():
    """Fait refuser à Pillow une image tronquée : WeasyPrint, dans le même processus, lui demande de les ouvrir."""
    with _VERROU:
        avant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = avant


def _exiger_qu_elle_s_ouvre(inspecte):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(inspecte.flux, formats=[_FORMATS[inspecte.sorte]])
            if max(image.size) > COTE_MAXIMAL:
                raise FichierRefuse(f"Cette image dépasse {COTE_MAXIMAL} points de côté\xa0: réduisez-la.")
            with _sans_indulgence():
                image.load()
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as erreur:
        raise FichierRefuse("Cette image est abîmée\xa0: enregistrez-la de nouveau, puis déposez-la.") from erreur
    finally:
        inspecte.flux.seek(0)
