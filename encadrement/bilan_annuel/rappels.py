"""L’échéance d’une recommandation : son responsable avant et après, la DSM quand elle dure (R-024)."""

import datetime

from encadrement.bilan_annuel.droits import DROITS_RECOMMANDATION
from encadrement.bilan_annuel.models import OUVERTES, Recommandation
from encadrement.notifications.attentes import par_acte
from encadrement.notifications.rappels import Echeance, Pas
from encadrement.notifications.series import ChaqueSemaine, Serie
from encadrement.parametres.registre import MAISON

JALON = "échéance"
UN_JOUR = datetime.timedelta(days=1)
# Passé le dernier pas, à travers un arrêt de deux semaines.
_OUBLI = 60


def _responsable(recommandation):
    return [recommandation.responsable]


CHAQUE_SEMAINE = ChaqueSemaine(
    "bilan_annuel.rappels.chaque_semaine",
    "Recommandation en retard, chaque semaine",
    MAISON,
    _responsable,
    origine=4,
    maximum=6,
    exigences=("R-024",),
)
RELANCES = Serie(
    "bilan_annuel.rappels",
    "Recommandation du bilan annuel",
    MAISON,
    (
        Pas(-14, "J-14", _responsable),
        Pas(0, "J", _responsable),
        Pas(
            21,
            "J+21 DSM",
            par_acte(DROITS_RECOMMANDATION, "abandonner"),
            gabarit="bilan_annuel/rappel_recommandation_retard",
        ),
    ),
    ("le responsable", "de nouveau, puis chaque semaine", "la DSM en est avisée"),
    ensuite=CHAQUE_SEMAINE,
    exigences=("R-024",),
)


def echeances(jour):
    """Rend les recommandations que le jour `jour` peut faire relancer."""
    dues = (RELANCES.premier_jour_du(jour, _OUBLI * UN_JOUR), RELANCES.dernier_jour_du(jour) + UN_JOUR)
    pas = RELANCES.reglee()
    ouvertes = Recommandation.objects.filter(etat__in=OUVERTES, echeance__range=dues).order_by()
    for recommandation in ouvertes.only("uuid", "echeance").iterator(chunk_size=500):
        yield Echeance(recommandation, JALON, recommandation.echeance, pas, "bilan_annuel/rappel_recommandation")


def tient_encore(echeance):
    """Dit, une fois relue sous verrou, si la recommandation est encore à mener pour le même jour."""
    return echeance.objet.est_ouverte and echeance.objet.echeance == echeance.jour_du
