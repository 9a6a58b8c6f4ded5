"""Un incident signalé que personne n’analyse se relance : la loi veut des avis sans tarder (O-11)."""

from encadrement.incidents.droits import DROITS_INCIDENT
from encadrement.incidents.models import EtatIncident, Incident
from encadrement.notifications.attentes import AttenteDEtat, attentes_d_etat, est_dans_le_meme_etat, par_acte

_ATTENTES = (
    AttenteDEtat(
        Incident,
        EtatIncident.SIGNALE,
        "analyser l’incident",
        par_acte(DROITS_INCIDENT, "clore"),
        par_acte(DROITS_INCIDENT, "voir"),
    ),
)


def echeances(jour):
    """Rend les incidents signalés que le jour `jour` peut faire relancer."""
    return attentes_d_etat(_ATTENTES, jour)


tient_encore = est_dans_le_meme_etat
