"""Les pannes, jouées pour de vrai : en petit par la suite, en grand par bench/pannes.py.

Chacune rend un Bilan. Un courriel ambigu est compté à part : c’est au pilote d’en décider.
"""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError, InterfaceError
from django.test import Client
from django.utils import timezone

from encadrement.incidents.models import Incident
from encadrement.journal.models import Entree
from encadrement.notifications.actions import notifier
from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.outils.instances import port_libre
from tests.encadrement.supervision.serveur_capricieux import serveur_capricieux

CONTEXTE = {"geste": "approuver l’entente", "dossier": "Entente de mentorat", "jour_du": None}
PATIENCE = 60


@dataclass
class Bilan:
    """Perdus, doublés, en retard : tout est à zéro ; `ambigus` est ce que le registre montre au pilote."""

    combien: int
    perdus: int = 0
    doubles: int = 0
    en_retard: int = 0
    ambigus: int = 0

    @property
    def sans_faute(self):
        return self.combien > 0 and not (self.perdus or self.doubles or self.en_retard)


@contextlib.contextmanager
def envoi_vers(port, delai=0.4):
    """Branche l’envoi de ce processus sur le serveur SMTP d’essai."""
    avant = {nom: getattr(settings, nom) for nom in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_TIMEOUT")}
    neufs = ("encadrement.notifications.smtp.EmailBackend", "127.0.0.1", port, delai)
    for nom, valeur in zip(avant, neufs, strict=True):
        setattr(settings, nom, valeur)
    try:
        yield
    finally:
        for nom, valeur in avant.items():
            setattr(settings, nom, valeur)


def annoncer(personnes, fait):
    with transaction.atomic():
        notifier("notifications/attente", personnes[0], a=personnes, cle=fait, url="/x/", contexte=CONTEXTE)


def tout_expedier(tours):
    """Passe et repasse comme l’horaire, sans attendre le recul de chaque essai."""
    for _ in range(tours):
        Courriel.objects.filter(etat=EtatCourriel.A_ENVOYER).update(pas_avant=timezone.now())
        if not expedier_courriels().reclames:
            return


def compter(recus, apres=0):
    """Compare ce que le serveur a reçu à ce que la boîte d’envoi en dit, pour les courriels écrits après celui-là."""
    fois, etats = Counter(recus), dict(Courriel.objects.filter(pk__gt=apres).values_list("message_id", "etat"))
    partis = {m for m, etat in etats.items() if etat == EtatCourriel.ENVOYE}
    ambigus = {m for m, etat in etats.items() if etat == EtatCourriel.AMBIGU}
    en_file = [m for m, etat in etats.items() if etat in (EtatCourriel.A_ENVOYER, EtatCourriel.EN_COURS)]
    return Bilan(
        combien=len(partis | ambigus) + len(en_file),
        perdus=len(partis - set(fois)),
        doubles=sum(nombre - 1 for nombre in fois.values()),
        en_retard=len(en_file),
        ambigus=len(ambigus),
    )


# --- Le serveur de courriel -------------------------------------------------------------------------------------


def dernier_courriel():
    return Courriel.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def serveur_de_courriel(personnes, humeurs, tours=50):
    """Le serveur refuse, traîne, meurt après le contenu ; rend le Bilan, et ce qu’il a reçu."""
    port, apres = port_libre(), dernier_courriel()
    with envoi_vers(port), serveur_capricieux(port, humeurs) as serveur:
        annoncer(personnes, "capricieux")
        tout_expedier(tours)
    return compter(serveur.recus, apres), serveur.recus


# --- Le courtier ------------------------------------------------------------------------------------------------

TRAVAILLEUR = """
from encadrement.celery import app
from django.conf import settings
settings.EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", {port}, 5
if {cadence}:
    app.conf.beat_schedule = {{"expedier": {{"task": "notifications.expedier", "schedule": {cadence}}}}}
options = ["--beat", "--schedule", str(settings.VAR / "horaire")] if {cadence} else []
solo = ["worker", "--pool", "solo", "--loglevel", "error", "--without-gossip", "--without-mingle"]
app.worker_main([*solo, *options])
"""


@contextlib.contextmanager
def travailleur(port, courtier, var, cadence=0):
    """Un vrai travailleur Celery, relié à ce courtier, qui envoie à ce port ; avec une `cadence`, il bat aussi la mesure."""
    env = {
        **os.environ,
        "ENCADREMENT_VAR": str(var),
        "PGDATABASE": connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "encadrement.settings.test",
        "PYTHONPATH": str(settings.RACINE),
        "CELERY_BROKER_URL": courtier,
    }
    commande = [sys.executable, "-c", TRAVAILLEUR.format(port=port, cadence=cadence)]
    # Ce qu’il dit se garde à côté de ses fichiers.
    with (Path(var) / "travailleur.log").open("ab") as sortie:
        processus = subprocess.Popen(commande, env=env, stdout=sortie, stderr=sortie, start_new_session=True)
    try:
        yield processus
    finally:
        # Le métronome est son enfant : les deux meurent ensemble.
        os.killpg(processus.pid, signal.SIGKILL)
        processus.wait()


def attendre(vrai, patience=PATIENCE):
    """Attend que `vrai()` le soit ; rend ce qu’il en est à la fin."""
    limite = time.monotonic() + patience
    while not (fait := vrai()) and time.monotonic() < limite:
        time.sleep(0.1)
    return fait


def plus_rien_en_file():
    return not Courriel.objects.filter(etat__in=(EtatCourriel.A_ENVOYER, EtatCourriel.EN_COURS)).exists()


# --- La base ----------------------------------------------------------------------------------------------------


def charge(personne, *, fils, actes, couper, essai="Essai"):
    """Des gens signalent des incidents pendant que `couper(fini)` arrête ce qu’il veut ; rend le Bilan des actes.

    Un acte confirmé (302) est là, une fois, avec son entrée au journal et ses courriels; un acte qui ne l’est pas y est
    entier ou n’y est pas.
    """
    client_modele = Client()
    client_modele.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    numeros, confirmes, fini = itertools.count(), set(), threading.Event()

    def agir():
        client = Client(raise_request_exception=False)
        client.cookies = client_modele.cookies
        while (numero := next(numeros)) < actes:
            try:
                donnees = {"zone": "personnel", "circonstances": f"{essai} no {numero}."}
                if client.post("/incidents/signaler/", donnees).status_code == 302:
                    confirmes.add(f"{essai} no {numero}.")
            except (DatabaseError, InterfaceError):
                pass
            finally:
                with contextlib.suppress(DatabaseError, InterfaceError):
                    connection.close()

    equipe = [threading.Thread(target=agir) for _ in range(fils)]
    for fil in equipe:
        fil.start()
    coupeur = threading.Thread(target=lambda: couper(fini))
    coupeur.start()
    for fil in equipe:
        fil.join()
    fini.set()
    coupeur.join()
    connection.close()
    return _bilan_des_actes(confirmes)


def _bilan_des_actes(confirmes):
    presents = Counter(incident.circonstances for incident in Incident.objects.all())
    au_journal = set(Entree.objects.filter(acte="incidents.signaler").values_list("objet_uuid", flat=True))
    annonces = set(Courriel.objects.filter(gabarit="incidents/incident_signale").values_list("objet_uuid", flat=True))
    tous = set(Incident.objects.values_list("uuid", flat=True))
    return Bilan(
        combien=len(confirmes),
        perdus=len(confirmes - set(presents)) + len(tous ^ au_journal) + len(tous ^ annonces),
        doubles=sum(nombre - 1 for nombre in presents.values()),
    )
