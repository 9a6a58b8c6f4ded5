"""La convocation à une rencontre, en iCalendar : ce qu’Outlook inscrit à l’agenda, déplace et retire (RFC 5545, 5546).

Chaque rencontre d’une série est un événement indépendant, à identifiant propre : Outlook perd les exceptions d’un
événement répété. Aucun contenu clinique (N-08) : le nom du groupe, un lieu, un lien.
"""

import datetime
import re
from email.utils import parseaddr
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from dateutil.rrule import YEARLY, rrule, weekday
from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText, vUri

from encadrement.notifications.redaction import adresse_absolue

UNE_HEURE = datetime.timedelta(hours=1)
RAPPEL = datetime.timedelta(minutes=15)
PRODUIT = "-//CISSS de la Gaspésie//Encadrement clinique//FR"
_JOURS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Ce qu’une propriété de texte ne peut porter : les caractères de commande, et les sauts que d’autres lecteurs coupent.
_COMMANDES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_BLANCS = re.compile(r"[ \t\n]+")


def ecrire_convocation(
    *,
    uid,
    sequence,
    resume,
    debut,
    fin,
    organisateur_nom,
    destinataire,
    page,
    lieu="",
    lien="",
    description="",
    annulee=False,
):
    """Rend le texte iCalendar qui convoque `destinataire`, (nom, courriel), ou qui annule si `annulee`.

    `uid` est celui de la rencontre et ne change jamais ; `sequence` monte à chaque déplacement et à l’annulation, sinon
    l’agenda ignore la nouvelle. L’organisateur est toujours l’adresse de l’application : s’il changeait, Outlook
    tiendrait la nouvelle pour un faux. On répond dans l’application, à la `page` de la rencontre, pas à l’organisateur ;
    `lien` est celui de la visioconférence.
    """
    page, lien = _sans_blanc(adresse_absolue(page)), _sans_blanc(lien)
    evenement = Event()
    maintenant = timezone.now().astimezone(datetime.UTC).replace(microsecond=0)
    evenement.add("uid", f"{uid}@{urlsplit(settings.ADRESSE_PUBLIQUE).hostname}")
    evenement.add("sequence", sequence)
    evenement.add("dtstamp", maintenant)
    evenement.add("last-modified", maintenant)
    evenement.add("dtstart", _local(debut))
    evenement.add("dtend", _local(fin))
    evenement.add("summary", _une_ligne(resume))
    evenement.add("status", "CANCELLED" if annulee else "CONFIRMED")
    evenement.add("organizer", _organisateur(organisateur_nom))
    evenement.add("attendee", _convoque(destinataire))
    evenement.add("description", _description(description, lien, page, annulee))
    evenement.add("url", vUri(page))
    if endroit := _une_ligne(lieu) or lien:
        evenement.add("location", endroit)
    _dire_a_l_agenda(evenement, annulee)
    return _calendrier(evenement, debut, "CANCEL" if annulee else "REQUEST")


def convoquer(rencontre, personne, *, groupe, annulee=False):
    """Rend la convocation de `personne` à une rencontre ; `groupe` est le nom de qui se réunit, et le seul sujet dit."""
    return ecrire_convocation(
        uid=rencontre.uuid,
        sequence=rencontre.sequence,
        resume=f"{groupe}\xa0: rencontre",
        debut=rencontre.debut,
        fin=rencontre.fin,
        organisateur_nom=groupe,
        destinataire=(personne.nom_complet, personne.courriel),
        page=rencontre.get_absolute_url(),
        lieu=rencontre.lieu,
        lien=rencontre.lien,
        annulee=annulee,
    )


def _calendrier(evenement, debut, methode):
    calendrier = Calendar()
    calendrier.add("prodid", PRODUIT)
    calendrier.add("version", "2.0")
    calendrier.add("calscale", "GREGORIAN")
    calendrier.add("method", methode)
    calendrier.add_component(_fuseau(timezone.get_default_timezone_name(), _local(debut).year))
    calendrier.add_component(evenement)
    return calendrier.to_ical().decode()


def _dire_a_l_agenda(evenement, annulee):
    """Occupe la plage (ou la libère), en privé, avec un rappel ; personne ne propose une autre heure par l’agenda."""
    evenement.add("class", "PRIVATE")
    evenement.add("transp", "TRANSPARENT" if annulee else "OPAQUE")
    evenement.add("x-microsoft-cdo-busystatus", "FREE" if annulee else "BUSY")
    evenement.add("x-microsoft-disallow-counter", "TRUE")
    if annulee:
        return
    evenement.add("x-microsoft-cdo-intendedstatus", "BUSY")
    rappel = Alarm()
    rappel.add("action", "DISPLAY")
    rappel.add("description", evenement["summary"])
    rappel.add("trigger", -RAPPEL)
    evenement.add_component(rappel)


def _organisateur(nom):
    return _adresse(nom, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _convoque(destinataire):
    personne = _adresse(*destinataire)
    personne.params["CUTYPE"] = vText("INDIVIDUAL")
    personne.params["ROLE"] = vText("REQ-PARTICIPANT")
    personne.params["PARTSTAT"] = vText("NEEDS-ACTION")
    personne.params["RSVP"] = vText("FALSE")
    return personne


def _adresse(nom, courriel):
    adresse = vCalAddress(f"mailto:{_sans_blanc(courriel)}")
    # Un guillemet droit fermerait la valeur du paramètre, et l’échappement de la RFC 6868 n’est pas lu par Outlook.
    adresse.params["CN"] = vText(_une_ligne(nom).replace('"', "”").replace("^", " "))
    return adresse


def _description(description, lien, page, annulee):
    if annulee:
        return f"Cette rencontre est annulée.\n{page}"
    parties = (
        _propre(description).strip(),
        lien and f"Se joindre à distance\xa0:\n{lien}",
        f"Répondre, lire l’ordre du jour, prévenir d’une absence\xa0:\n{page}",
    )
    return "\n\n".join(partie for partie in parties if partie)


def _propre(texte):
    """Rend le texte sans caractère de commande, ses sauts de ligne ramenés à un seul signe."""
    return _COMMANDES.sub("", str(texte).replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def _une_ligne(texte):
    # Pas str.split() : il avalerait aussi l’espace insécable.
    return _BLANCS.sub(" ", _propre(texte)).strip(" ")


def _sans_blanc(texte):
    return "".join(_propre(texte).split())


def _local(instant):
    return timezone.localtime(instant, timezone.get_default_timezone()).replace(microsecond=0)


@lru_cache(maxsize=32)
def _fuseau(nom, annee):
    """Rend le VTIMEZONE d’ici pour une année, tiré de la base des fuseaux : une règle annuelle par changement d’heure.

    Outlook n’y lit que des règles (RRULE) ; une liste de dates (RDATE), il l’ignore, et décale l’heure.
    """
    fuseau = Timezone()
    fuseau.add("tzid", nom)
    changements = list(_changements_d_heure(annee))
    for avant, apres in changements:
        fuseau.add_component(_regime(avant, apres))
    if not changements:
        jour_de_l_an = _local(datetime.datetime(annee, 1, 1, 12, tzinfo=datetime.UTC))
        fuseau.add_component(_observance(jour_de_l_an, jour_de_l_an, jour_de_l_an.replace(tzinfo=None, hour=0)))
    return fuseau


def _regime(avant, apres):
    """Rend l’observance qui commence au changement d’heure ; elle vaut dès l’année d’avant, pour couvrir janvier."""
    # L’heure du passage se dit à l’heure qui finit : 2 h, au printemps comme à l’automne.
    passage = avant.replace(tzinfo=None) + UNE_HEURE
    rang = (passage.day - 1) // 7 + 1
    jour = weekday(passage.weekday(), rang if rang < 5 else -1)
    annuel = rrule(YEARLY, passage.replace(year=passage.year - 1, day=1), bymonth=passage.month, byweekday=jour)
    observance = _observance(avant, apres, annuel[0])
    observance.add("rrule", {"FREQ": "YEARLY", "BYMONTH": passage.month, "BYDAY": f"{jour.n}{_JOURS[jour.weekday]}"})
    return observance


def _observance(avant, apres, debut):
    observance = TimezoneDaylight() if apres.dst() else TimezoneStandard()
    observance.add("tzname", apres.tzname())
    observance.add("tzoffsetfrom", avant.utcoffset())
    observance.add("tzoffsetto", apres.utcoffset())
    observance.add("dtstart", debut)
    return observance


def _changements_d_heure(annee):
    """Rend, pour chaque saut de l’heure locale dans l’année, l’heure qu’il est une heure avant et au moment du saut."""
    instant = datetime.datetime(annee, 1, 1, 12, tzinfo=datetime.UTC)
    heures = (_local(instant + UNE_HEURE * rang) for rang in range(365 * 24))
    return [(avant, apres) for avant, apres in pairwise(heures) if avant.utcoffset() != apres.utcoffset()]
