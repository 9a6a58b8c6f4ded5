"""La page « Protection des renseignements » : qui, quoi, comment, combien de temps, tirés de ce qui tourne (O-07, O-08)."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from encadrement.protection import faits
from encadrement.protection.champs import categories
from encadrement.protection.droits import DROITS_ATTESTATION, DROITS_PAGE, DROITS_REVUE, est_attestee


@require_safe
def renseignements(request):
    """Ce que chacun peut lire ; les versions, les comptes et la vérification du journal à ceux qui en répondent."""
    DROITS_PAGE.exiger(request.user, "voir", None)
    contexte = {
        "instant": timezone.now(),
        "personnes": faits.categories_de_personnes(),
        "categories": categories(),
        "journalisation": faits.journalisation(),
        "minutes_entre_ancres": faits.minutes_entre_ancres(),
        "heures_de_session": settings.SESSION_COOKIE_AGE // 3600,
        "attestee": est_attestee(request.user),
        "tient_les_attestations": DROITS_ATTESTATION.peut(request.user, "voir_ensemble", None),
        "tient_la_revue": DROITS_REVUE.peut(request.user, "voir_ensemble", None),
        "en_detail": DROITS_PAGE.peut(request.user, "voir_en_detail", None),
    }
    if contexte["en_detail"]:
        contexte |= {
            "roles": faits.roles_tenus(),
            "versions": faits.versions(),
            "ancre": faits.derniere_ancre(),
            "verification": faits.verification(),
            "cles": len(settings.CLES_CHAMPS),
        }
    return render(request, "encadrement/protection/renseignements.html", contexte)
