"""Les convocations d’une consultation, relues par un autre lecteur iCalendar que celui qui les écrit, et par lui aussi."""

import icalendar
import vobject

from encadrement.notifications.models import Courriel


def convocations(personne):
    """Rend ce qu’un agenda lit, dans l’ordre d’envoi : (méthode, UID, SEQUENCE, début, lieu, résumé)."""
    lues = []
    courriels = Courriel.objects.filter(a=personne, gabarit__startswith="consultation/moment_").exclude(calendrier="")
    for courriel in courriels.order_by("pk"):
        par_vobject, par_icalendar = _vobject(courriel.calendrier), _icalendar(courriel.calendrier)
        assert par_vobject == par_icalendar
        lues.append(par_vobject)
    return lues


def _vobject(texte):
    lu = vobject.readOne(texte)
    lu.validate()
    evenement = lu.vevent
    lieu = evenement.location.value if hasattr(evenement, "location") else ""
    return (
        lu.method.value,
        evenement.uid.value,
        int(evenement.sequence.value),
        evenement.dtstart.value,
        lieu,
        evenement.summary.value,
    )


def _icalendar(texte):
    lu = icalendar.Calendar.from_ical(texte)
    (evenement,) = lu.walk("VEVENT")
    return (
        str(lu["method"]),
        str(evenement["uid"]),
        int(evenement["sequence"]),
        evenement.decoded("dtstart"),
        str(evenement.get("location", "")),
        str(evenement["summary"]),
    )
