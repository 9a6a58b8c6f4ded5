"""`manage.py demarrer` : des phrases claires, et aucun processus laissé derrière."""

import os
import signal
import socket
import sys
import time

import pytest
from django.core.management import CommandError, call_command

from encadrement.outils import troupe
from encadrement.outils.processus import Equipe
from tests.factories import PersonneFactory

TETU = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('prêt', flush=True); time.sleep(60)"
AVEC_ENFANT = (
    "import subprocess, sys, time; "
    "enfant = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(enfant.pid, flush=True); time.sleep(60)"
)


def _vivant(numero):
    try:
        os.kill(numero, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{numero}/stat") as etat:
        return etat.read().rpartition(")")[2].split()[0] != "Z"


def _attendre(condition):
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_un_port_pris_est_dit_en_francais(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as prise:
        monkeypatch.setenv("PORT", str(prise.getsockname()[1]))
        with pytest.raises(CommandError, match="déjà pris") as refus:
            call_command("demarrer")
    assert "PORT=" in str(refus.value)


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_un_port_illisible_est_dit_en_francais(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="de 1 à 65535"):
        call_command("demarrer")


def test_un_processus_qui_tombe_est_nomme_avec_ses_derniers_mots(tmp_path):
    equipe = Equipe(tmp_path)
    equipe.lancer("web", [sys.executable, "-c", "raise SystemExit('plus de mémoire')"])
    assert _attendre(equipe.tombe)
    assert equipe.tombe() == "web"
    assert "plus de mémoire" in equipe.derniers_mots("web")
    equipe.arreter()


def test_larret_tue_aussi_les_tetus_et_la_descendance(tmp_path, monkeypatch):
    monkeypatch.setattr("encadrement.outils.processus.DELAI_ARRET", 0.5)
    equipe = Equipe(tmp_path)
    equipe.lancer("tetu", [sys.executable, "-c", TETU])
    equipe.lancer("pere", [sys.executable, "-c", AVEC_ENFANT])
    assert _attendre(lambda: equipe.derniers_mots("tetu") and equipe.derniers_mots("pere"))
    enfant = int(equipe.derniers_mots("pere"))
    equipe.arreter()
    assert all(processus.poll() is not None for processus in equipe.processus.values())
    assert equipe.processus["tetu"].returncode == -signal.SIGKILL
    assert _attendre(lambda: not _vivant(enfant))


def test_la_connexion_ne_montre_que_les_comptes_qui_existent(db):
    assert troupe.comptes() == []
    matricule, nom, titre = troupe.COMPTES[0]
    PersonneFactory(matricule=matricule)
    (compte,) = troupe.comptes()
    assert (compte.matricule, compte.nom, compte.titre) == (matricule, nom, titre)
