"""D’OÙ VERS OÙ : signalé, en analyse, clos."""

from encadrement.incidents import regles as r
from encadrement.incidents.droits import DROITS_INCIDENT
from encadrement.incidents.models import EtatIncident, Incident
from encadrement.trajectoire.transition import Trajectoire, options, table

E = EtatIncident
INCIDENT = table(
    DROITS_INCIDENT,
    [
        ("analyser", [E.SIGNALE], E.EN_ANALYSE, options("Commencer l’analyse", ton="principal", attendue=True)),
        (
            "clore",
            [E.EN_ANALYSE],
            E.CLOS,
            options("Clore l’incident", ton="principal", attendue=True, conditions=r.HUIT_ELEMENTS),
        ),
    ],
)
TRAJECTOIRE_INCIDENT = Trajectoire(
    Incident,
    etapes=(E.SIGNALE, E.EN_ANALYSE, E.CLOS),
    transitions=INCIDENT.values(),
    url="incidents:incident_{code}",
)
