"""Les processus d’un démarrage d’essai : lancés ensemble, arrêtés ensemble, jamais orphelins."""

import ctypes
import os
import signal
import subprocess
import sys
import time

_PR_SET_PDEATHSIG = 1
DELAI_ARRET = 7.0


class Equipe:
    """Des processus enfants ; chacun écrit dans son propre fichier de `dossier_journaux`."""

    def __init__(self, dossier_journaux):
        self.dossier = dossier_journaux
        self.dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.processus = {}

    def lancer(self, nom, commande, **environnement):
        """Lance `commande` sous `nom`, dans son propre groupe, avec l’environnement complété."""
        with self.journal(nom).open("wb") as sortie:
            self.processus[nom] = subprocess.Popen(
                commande,
                env={**os.environ, **environnement},
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_mourir_avec_le_parent if sys.platform == "linux" else None,
            )

    def journal(self, nom):
        return self.dossier / f"{nom}.log"

    def tombe(self):
        """Rend le nom d’un processus arrêté de lui-même, ou une chaîne vide."""
        return next((nom for nom, enfant in self.processus.items() if enfant.poll() is not None), "")

    def derniers_mots(self, nom, lignes=15):
        return "\n".join(self.journal(nom).read_text(errors="replace").splitlines()[-lignes:])

    def arreter(self):
        """Demande l’arrêt de tous, attend au plus DELAI_ARRET secondes, puis tue ce qui reste, descendance comprise."""
        for enfant in self.processus.values():
            if enfant.poll() is None:
                enfant.terminate()
        limite = time.monotonic() + DELAI_ARRET
        for enfant in self.processus.values():
            try:
                enfant.wait(max(0.1, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _tuer_le_groupe(enfant.pid)
            enfant.wait()


def _tuer_le_groupe(groupe):
    try:
        os.killpg(groupe, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _mourir_avec_le_parent():
    # Si la commande est tuée net (SIGKILL), le noyau arrête ses enfants : aucun serveur ne reste derrière.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
