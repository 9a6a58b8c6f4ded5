"""Au démarrage : le sceau de production existe, s’ouvre et n’est pas près d’expirer."""

import datetime

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.utils import timezone

from encadrement.documents.sceau import SceauAbsent, signataire

AVIS_AVANT_EXPIRATION = datetime.timedelta(days=60)


@register(Tags.security)
def sceau_configure(**_):
    """encadrement.E030 : sceau absent en production ; encadrement.W031 : certificat expiré ou bientôt."""
    if settings.MODE_ESSAI and not settings.SCEAU_PKCS12:
        return []
    try:
        certificat = signataire().signing_cert
    except SceauAbsent as erreur:
        return [
            Error(
                str(erreur),
                hint="Indiquez SCEAU_PKCS12 (chemin du PKCS#12 de l’établissement) et SCEAU_PHRASE.",
                id="encadrement.E030",
            )
        ]
    if certificat.not_valid_after <= timezone.now() + AVIS_AVANT_EXPIRATION:
        return [
            Warning(
                f"Le certificat du sceau expire le {certificat.not_valid_after:%Y-%m-%d}.",
                hint="Obtenez-en un nouveau avant cette date : les documents déjà scellés restent valides.",
                id="encadrement.W031",
            )
        ]
    return []
