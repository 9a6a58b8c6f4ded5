"""Ce qui doit marcher pour que rien ne se perde ni ne tarde : chaque contrôle se dit en une phrase et en un nombre.

Aucun ne nomme quelqu’un, ne lit un courriel ni n’ouvre un dossier.
"""

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.db.utils import DatabaseError
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from encadrement.documents.sceau import SceauAbsent, signataire
from encadrement.journal.actions import derniere_verification
from encadrement.notifications.battements import SAUVEGARDE, SILENCE_TOLERE, TRAVAILLEUR, dernier_battement
from encadrement.notifications.models import Courriel, EtatCourriel

BIEN, AVIS, PANNE = "bien", "à surveiller", "en panne"

ATTENTE = {AVIS: 15 * 60, PANNE: 3600}
# Une nuit manquée se rattrape au réveil de la machine; deux, c’est qu’elle ne se fait plus.
SAUVEGARDE_VIEILLE = {AVIS: 26 * 3600, PANNE: 50 * 3600}
DISQUE_LIBRE = {AVIS: 0.15, PANNE: 0.05}
JOURS_DU_SCEAU = {AVIS: 60, PANNE: 7}
JOURS_DU_TLS = {AVIS: 21, PANNE: 7}
# Le journal se vérifie chaque mois (docs/exploitation.md).
VERIFICATION_VIEILLE = 35 * 24 * 3600
DELAI_DU_COURTIER = 2


@dataclass(frozen=True)
class Controle:
    """Un contrôle fait : son nom, son état, ce qu’on en dit, et le nombre dont il juge (secondes, part ou jours)."""

    nom: str
    etat: str
    phrase: str
    valeur: float | None = None


def relever():
    """Rend tous les contrôles, base d’abord ; si elle ne répond pas, ceux qui la lisent ne se font pas."""
    releve = [base()]
    if releve[0].etat == BIEN:
        releve += [courriels(), battement(), sauvegarde(), verification_du_journal()]
    return [*releve, courtier(), disque(), certificat_du_sceau(), *certificat_tls()]


def base():
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except DatabaseError:
        return Controle("base", PANNE, "La base ne répond pas.")
    return Controle("base", BIEN, "La base répond.")


def courtier():
    options = {"socket_timeout": DELAI_DU_COURTIER, "socket_connect_timeout": DELAI_DU_COURTIER}
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **options}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as courtier:
            courtier.ensure_connection(max_retries=1, interval_start=0, timeout=DELAI_DU_COURTIER)
    except (OperationalError, RedisError, OSError):
        return Controle("courtier", PANNE, "Le courtier ne répond pas\xa0: les envois attendent, rien ne se perd.")
    return Controle("courtier", BIEN, "Le courtier répond.")


def courriels():
    en_file = Courriel.objects.filter(etat__in=(EtatCourriel.A_ENVOYER, EtatCourriel.EN_COURS))
    attente = _age(en_file.aggregate(depuis=Min("cree_le"))["depuis"]) or 0
    return Controle(
        "courriels", _trop(attente, ATTENTE), f"Le plus vieux courriel attend depuis {_duree(attente)}.", attente
    )


def battement():
    silence = _age(dernier_battement(TRAVAILLEUR))
    if silence is None:
        return Controle("battement", PANNE, "Le métronome et le travailleur n’ont jamais donné signe de vie.")
    etat = PANNE if silence > SILENCE_TOLERE else BIEN
    phrase = f"Le métronome et le travailleur ont donné signe de vie il y a {_duree(silence)}."
    return Controle("battement", etat, phrase, silence)


def sauvegarde():
    age = _age(dernier_battement(SAUVEGARDE))
    if age is None:
        return Controle("sauvegarde", AVIS, "Aucune sauvegarde entière n’a encore été faite.")
    etat = _trop(age, SAUVEGARDE_VIEILLE)
    return Controle("sauvegarde", etat, f"La dernière sauvegarde entière date d’il y a {_duree(age)}.", age)


def verification_du_journal():
    derniere = derniere_verification()
    if derniere is None:
        return Controle("journal", AVIS, "Le journal n’a jamais été vérifié.")
    age, anomalies = _age(derniere.quand), derniere.details["anomalies"]
    if anomalies:
        return Controle(
            "journal", PANNE, f"La dernière vérification du journal y a trouvé {anomalies} anomalie(s).", age
        )
    etat = AVIS if age > VERIFICATION_VIEILLE else BIEN
    return Controle("journal", etat, f"Le journal a été vérifié il y a {_duree(age)}\xa0: intact.", age)


def disque():
    place = shutil.disk_usage(settings.VAR)
    part = place.free / place.total
    return Controle(
        "disque", _trop_peu(part, DISQUE_LIBRE), f"Le disque des données est libre à {100 * part:.0f}\xa0%.", part
    )


def certificat_du_sceau():
    if settings.MODE_ESSAI and not settings.SCEAU_PKCS12:
        return Controle("sceau", BIEN, "Le sceau est celui de l’essai.")
    try:
        fin = signataire().signing_cert.not_valid_after
    except SceauAbsent as absent:
        return Controle("sceau", PANNE, str(absent))
    return _certificat("sceau", "Le certificat du sceau", fin, JOURS_DU_SCEAU)


def certificat_tls():
    """Rend le contrôle du certificat TLS, dans une liste ; vide si aucun chemin n’est réglé."""
    if not settings.CERTIFICAT_TLS:
        return []
    try:
        fin = x509.load_pem_x509_certificate(Path(settings.CERTIFICAT_TLS).read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return [Controle("tls", PANNE, "Le certificat TLS (CERTIFICAT_TLS) ne se lit pas.")]
    return [_certificat("tls", "Le certificat TLS", fin, JOURS_DU_TLS)]


def _certificat(nom, quoi, fin, seuils):
    jours = (fin - timezone.now()) / datetime.timedelta(days=1)
    return Controle(nom, _trop_peu(jours, seuils), f"{quoi} expire le {fin:%Y-%m-%d}.", jours)


def _age(instant):
    return None if instant is None else max(0.0, (timezone.now() - instant).total_seconds())


def _trop(valeur, seuils):
    return next((etat for etat in (PANNE, AVIS) if valeur > seuils[etat]), BIEN)


def _trop_peu(valeur, seuils):
    return next((etat for etat in (PANNE, AVIS) if valeur < seuils[etat]), BIEN)


def _duree(secondes):
    for unite, taille in (("jour", 86400), ("heure", 3600), ("minute", 60)):
        if secondes >= 2 * taille:
            return f"{secondes // taille:.0f}\xa0{unite}s"
    return f"{secondes:.0f}\xa0s"
