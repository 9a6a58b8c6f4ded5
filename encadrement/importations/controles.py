"""Au démarrage : le dossier surveillé existe, et le compte de l’application peut le vider."""

import os

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security)
def dossier_surveille(**_):
    """encadrement.W050 : IMPORTATIONS_DOSSIER absent, ou fermé au compte de l’application ; aucun extrait n’entrerait."""
    dossier = settings.IMPORTATIONS_DOSSIER
    if not dossier or (os.path.isdir(dossier) and os.access(dossier, os.R_OK | os.W_OK | os.X_OK)):
        return []
    return [
        Warning(
            "Le dossier surveillé des extraits RH n’existe pas, ou le compte de l’application ne peut pas le vider.",
            hint="IMPORTATIONS_DOSSIER : il y lit, y range et y efface. Voir docs/annuaire.md.",
            id="encadrement.W050",
        )
    ]
