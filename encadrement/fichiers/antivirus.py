"""Le crochet de l’antivirus : le réglage ANTIVIRUS nomme une fonction ; vide, aucun fichier n’est examiné.

La fonction reçoit un flux ouvert au début et rend le nom du virus, ou "" s’il n’y en a pas. Elle lève
AntivirusIndisponible (ou OSError) quand elle ne peut pas répondre : le fichier est alors refusé, jamais laissé passer.
"""

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from encadrement.fichiers.refus import FichierRefuse

_journal = structlog.get_logger(__name__)


class AntivirusIndisponible(Exception):
    """L’antivirus n’a pas dit clairement oui ou non."""


def est_configure():
    """Dit si un antivirus est configuré."""
    return bool(settings.ANTIVIRUS)


def chercher_un_virus(flux):
    """Rend le nom du virus trouvé, ou "" ; lève FichierRefuse si l’antivirus ne répond pas."""
    flux.seek(0)
    try:
        virus = import_string(settings.ANTIVIRUS)(flux)
    except (AntivirusIndisponible, OSError) as panne:
        _journal.error("antivirus_indisponible", erreur=type(panne).__name__)
        raise FichierRefuse(
            "L’antivirus ne répond pas\xa0: le fichier n’a pas été déposé. Ce que vous avez écrit est gardé; "
            "déposez le fichier de nouveau dans quelques minutes."
        ) from panne
    finally:
        flux.seek(0)
    return virus
