"""Les orientations que leur responsable doit appliquer : celles d’un plan établi, même ramené depuis au comité (R-244, R-254)."""

from django.db.models import Exists, OuterRef, Q

from concertation.models import OUVERTES, EtatSituation, Orientation, PassageSituation
from concertation.trajectoire import SITUATION

# Un plan ramené au comité garde ses orientations : elles restent à appliquer en attendant.
_VIVANTES = (EtatSituation.EN_SUIVI, EtatSituation.RECEVABLE, EtatSituation.INSCRITE, EtatSituation.PRESENTEE)


def confiees():
    """Rend les orientations ouvertes dont le plan a été établi depuis qu’elles sont écrites."""
    etabli = PassageSituation.objects.filter(
        situation=OuterRef("situation"), transition=SITUATION["etablir_plan"].code, quand__gte=OuterRef("cree_le")
    )
    en_suivi = Q(situation__etat=EtatSituation.EN_SUIVI)
    return Orientation.objects.filter(en_suivi | Exists(etabli), etat__in=OUVERTES, situation__etat__in=_VIVANTES)


def est_confiee(orientation):
    """Dit si l’orientation, relue, attend encore son responsable."""
    return confiees().filter(pk=orientation.pk).exists()
