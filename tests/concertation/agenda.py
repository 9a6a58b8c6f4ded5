"""Les convocations du comité, relues par deux lecteurs iCalendar : ce qu’un agenda en fait, et qu’aucun code n’y est."""

import icalendar
import vobject

from concertation.models import SituationComplexe
from encadrement.notifications.models import Courriel


def convocations(personne):
    """Rend ce que l’agenda de la personne lit, dans l’ordre : (méthode, UID, SEQUENCE, début, état, résumé)."""
    lues = []
    courriels = Courriel.objects.filter(a=personne, gabarit__startswith="concertation/").exclude(calendrier="")
    for courriel in courriels.order_by("pk"):
        rien_dune_situation(courriel)
        par_vobject, par_icalendar = _vobject(courriel.calendrier), _icalendar(courriel.calendrier)
        assert par_vobject == par_icalendar
        lues.append(par_vobject)
    return lues


def rien_dune_situation(courriel):
    """La convocation ne nomme que le groupe : ni code, ni récit (O-17, N-08)."""
    for situation in SituationComplexe.objects.all():
        assert situation.numero not in courriel.calendrier
        assert str(situation.uuid) not in courriel.calendrier


def _vobject(texte):
    lu = vobject.readOne(texte)
    lu.validate()
    evenement = lu.vevent
    return (
        lu.method.value,
        evenement.uid.value,
        int(evenement.sequence.value),
        evenement.dtstart.value,
        evenement.status.value,
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
        str(evenement["status"]),
        str(evenement["summary"]),
    )
