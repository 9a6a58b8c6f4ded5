"""Des incidents amenés à l’état voulu par les vraies actions."""

import datetime

from encadrement.incidents import actions
from encadrement.incidents.models import Incident, ZoneIncident
from encadrement.socle.temps import jour_local

SIGNALEMENT = {
    "zone": ZoneIncident.USAGERS,
    "circonstances": "Un rapport envoyé au mauvais destinataire.",
    "renseignements": "Un rapport de trois pages.",
}


def elements():
    """Rend les huit éléments d’un incident sérieux, avis transmis."""
    jour = jour_local()
    return {
        "survenu_du": jour - datetime.timedelta(days=2),
        "connu_le": jour,
        "nombre": 3,
        "risque_serieux": True,
        "prejudice": "Des renseignements sensibles, un destinataire inconnu.",
        "ministre_le": jour,
        "cai_le": jour,
        "personnes_le": jour,
        "mesures": "Courriel rappelé, destinataire joint.",
    }


def signale(d, **champs):
    return actions.signaler_incident(par=d.mentore, **{**SIGNALEMENT, **champs})


def en_analyse(d, **champs):
    incident = signale(d, **champs)
    actions.analyser_incident(incident, par=d.prp)
    return Incident.objects.get(pk=incident.pk)


def complet(d, **champs):
    incident = en_analyse(d)
    actions.ecrire_incident(incident, par=d.prp, **{**elements(), **champs})
    return Incident.objects.get(pk=incident.pk)


def clos(d):
    incident = complet(d)
    actions.clore_incident(incident, par=d.prp)
    return Incident.objects.get(pk=incident.pk)
