"""Le serveur web de production, tel que gunicorn lit ses réglages."""

import subprocess
import sys


def test_ce_que_l_application_a_charge_est_fige_avant_que_les_processus_en_naissent():
    """Dans un processus à part : figer ne vaut que pour celui qui va se dédoubler."""
    programme = (
        "import gc; from gunicorn.config import Config; from encadrement import serveur\n"
        "cfg = Config(); cfg.set('preload_app', serveur.preload_app); cfg.set('when_ready', serveur.when_ready)\n"
        "a_relire = len(gc.get_objects()); cfg.when_ready(None)\n"
        "print(cfg.preload_app, gc.get_freeze_count() > a_relire // 2, len(gc.get_objects()) < a_relire // 2)\n"
    )
    fait = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, check=True)
    assert fait.stdout.split() == ["True", "True", "True"]
