"""`manage.py demarrer` : la base, la démonstration, le serveur web et le travailleur, jusqu’à Ctrl-C."""

import errno
import fcntl
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from encadrement.outils.processus import Equipe
from encadrement.outils.troupe import MOT_DE_PASSE, comptes
from encadrement.personnes.models import Personne

ATTENTE = 60


class Command(BaseCommand):
    help = "Prépare la base, puis lance le serveur web et le travailleur ; Ctrl-C arrête tout."
    requires_migrations_checks = False

    def handle(self, *args, **options):
        self.hote = os.environ.get("HOTE") or "127.0.0.1"
        self.port = _port()
        _exiger_port_libre(self.hote, self.port)
        settings.VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (settings.VAR / "demarrer.verrou").open("w") as verrou:
            _exiger_seul(verrou)
            self._preparer()
            self._servir()

    def _preparer(self):
        """Met la base à jour et, si elle est vide, y joue la démonstration."""
        if _base_en_retard():
            self.stdout.write("Préparation de la base…")
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        if not Personne.objects.actives().exists():
            self.stdout.write("Chargement de la démonstration…")
            call_command("demo", stdout=self.stdout)

    def _servir(self):
        equipe = Equipe(settings.VAR / "journaux")
        signal.signal(signal.SIGTERM, _interrompre)
        signal.signal(signal.SIGHUP, _interrompre)
        try:
            equipe.lancer("web", self._commande_web(), PORT=str(self.port))
            equipe.lancer("travailleur", _commande_travailleur(), PORT=str(self.port))
            self._attendre_sante(equipe)
            self._annoncer()
            while not equipe.tombe():
                time.sleep(0.5)
            self._signaler_chute(equipe)
        except KeyboardInterrupt:
            self.stdout.write("\nArrêt en cours…")
        finally:
            # Un second Ctrl-C pendant l’arrêt laisserait des processus derrière.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            equipe.arreter()
        self.stdout.write("Tout est arrêté.")

    def _commande_web(self):
        adresse = f"[{self.hote}]:{self.port}" if ":" in self.hote else f"{self.hote}:{self.port}"
        return [
            *(sys.executable, "-m", "gunicorn", "encadrement.wsgi:application"),
            *("--bind", adresse, "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"),
            *("--pid", str(settings.VAR / "web.pid"), "--graceful-timeout", "5", "--log-level", "warning"),
        ]

    def _attendre_sante(self, equipe):
        limite = time.monotonic() + ATTENTE
        while time.monotonic() < limite:
            if equipe.tombe():
                self._signaler_chute(equipe)
            if _en_sante(self._adresse()):
                return
            time.sleep(0.2)
        raise CommandError(f"L’application ne répond pas après {ATTENTE} s ; voyez {equipe.journal('web')}.")

    def _signaler_chute(self, equipe):
        nom = equipe.tombe()
        raise CommandError(f"Le processus « {nom} » s’est arrêté :\n{equipe.derniers_mots(nom)}")

    def _adresse(self):
        hote = "127.0.0.1" if self.hote in {"0.0.0.0", "::"} else self.hote  # noqa: S104  (comparer, non écouter)
        return f"http://{hote}:{self.port}/"

    def _annoncer(self):
        ecrire = self.stdout.write
        ecrire(f"\n  Encadrement clinique répond à {self._adresse()}\n")
        troupe = comptes()
        if troupe:
            ecrire(f"  Comptes de démonstration (mot de passe de tous : {MOT_DE_PASSE}) :\n")
            largeur = max(len(compte.nom) for compte in troupe)
            for compte in troupe:
                ecrire(f"    {compte.matricule}  {compte.nom:<{largeur}}  {compte.titre}")
        ecrire(f"\n  Courriels et journaux : {settings.VAR}")
        ecrire("  Ctrl-C pour arrêter.\n")
        self.stdout.flush()


def _base_en_retard():
    executeur = MigrationExecutor(connection)
    return bool(executeur.migration_plan(executeur.loader.graph.leaf_nodes()))


def _commande_travailleur():
    var = settings.VAR
    # --purge : un coup de pouce resté là d’une autre fois n’apprend rien, le balayage reprend tout de la base.
    return [
        *(sys.executable, "-m", "celery", "-A", "encadrement", "worker", "--beat", "--purge", "--concurrency", "1"),
        *("--loglevel", "warning", "--schedule", str(var / "metronome"), "--pidfile", str(var / "travailleur.pid")),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def _port():
    brut = os.environ.get("PORT") or "8000"
    if not brut.isdigit() or not 0 < int(brut) < 65536:
        raise CommandError(f"PORT vaut « {brut} » : donnez un nombre de 1 à 65535.")
    return int(brut)


def _exiger_port_libre(hote, port):
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((hote, port))
        except OSError as erreur:
            raison = "est déjà pris par un autre programme" if erreur.errno == errno.EADDRINUSE else "n’est pas permis"
            raise CommandError(
                f"Le port {port} de {hote} {raison}. Choisissez-en un autre : PORT={_voisin(port)} ./demarrer"
            ) from erreur


def _voisin(port):
    return port + 1 if 1024 <= port < 65535 else 8000


def _exiger_seul(verrou):
    try:
        fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as erreur:
        raise CommandError(
            f"L’application tourne déjà à partir de {settings.VAR} : arrêtez-la, ou donnez un autre ENCADREMENT_VAR."
        ) from erreur


def _en_sante(adresse):
    try:
        with urllib.request.urlopen(f"{adresse}sante/", timeout=5) as reponse:  # noqa: S310  (adresse de la machine)
            return json.load(reponse).get("etat") == "en santé"
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _interrompre(*_):
    raise KeyboardInterrupt
