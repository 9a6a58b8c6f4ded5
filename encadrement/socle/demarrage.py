"""Refuser de démarrer, en clair : ce que `manage.py check` trouve de grave arrête aussi le web et les travailleurs."""

import sys

from django.conf import settings
from django.core.checks import run_checks

# gunicorn ne relance pas un processus qui sort ainsi, et systemd non plus (RestartPreventExitStatus).
REFUS_DE_DEMARRER = 3


def exiger_les_controles():
    """Quitte si un contrôle grave échoue ; sans effet en mode essai, qui crée ce qui lui manque."""
    if settings.MODE_ESSAI:
        return
    graves = [message for message in run_checks() if message.is_serious() and not message.is_silenced()]
    if graves:
        refuser(sorted((message.id, message.msg, message.hint or "") for message in graves))


def refuser(raisons):
    """Écrit les raisons, [(identifiant, ce qui ne va pas, quoi faire…), …], et quitte sans trace Python."""
    compte = "une chose à corriger" if len(raisons) == 1 else f"{len(raisons)} choses à corriger"
    lignes = [f"L’application ne démarre pas : {compte}."]
    for identifiant, quoi, *suite in raisons:
        lignes += ["", f"  {identifiant}  {quoi}", *(f"      {ligne}" for ligne in suite if ligne)]
    # Le métronome a déjà détourné `sys.stderr` vers ses journaux : ceci doit paraître quand même.
    sortie = sys.__stderr__ or sys.stderr
    sortie.write("\n".join([*lignes, "", "Chaque réglage est décrit dans docs/exploitation.md.", ""]))
    sortie.flush()
    raise SystemExit(REFUS_DE_DEMARRER)
