"""La note de Mozilla Observatory d’une adresse servie, calculée ici : rien n’est demandé à Mozilla.

L’outil est celui de Mozilla (npm), sans ses scripts d’installation, qui iraient chercher deux listes sur le réseau; la
liste des domaines préchargés est vide, donc ce bonus-là n’est jamais compté.
Usage : python bench/observatoire.py HOTE[:PORT] [CERTIFICAT.pem]. Échoue sous la note voulue.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OUTIL = "@mdn/mdn-http-observatory@1.4.8"
NOTE_VOULUE = 130


def installer(dossier):
    """Installe l’outil dans `dossier` et rend le chemin de son programme."""
    npm = shutil.which("npm") or sys.exit("npm manque : apt-get install npm")
    subprocess.run(
        [npm, "install", "--prefix", dossier, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", OUTIL],
        check=True,
    )
    outil = Path(dossier, "node_modules", "@mdn", "mdn-http-observatory")
    (outil / "conf" / "hsts-preload.json").write_text("{}")
    return outil / "src" / "scan.js"


def examiner(programme, hote, certificat):
    """Rend ce que l’outil trouve de `hote`."""
    environnement = {**os.environ, **({"NODE_EXTRA_CA_CERTS": certificat} if certificat else {})}
    fait = subprocess.run(
        [shutil.which("node"), programme, hote], env=environnement, capture_output=True, text=True, check=False
    )
    trouve = json.loads(fait.stdout or "{}")
    if "scan" not in trouve:
        sys.exit(f"{hote} ne répond pas : {trouve.get('error') or fait.stderr}")
    return trouve


def main(hote, certificat=None):
    with tempfile.TemporaryDirectory(prefix="encadrement-observatoire-") as dossier:
        trouve = examiner(installer(dossier), hote, certificat)
    for nom, essai in trouve["tests"].items():
        print(f"{nom:<32}{essai['scoreModifier']:>4}  {essai['result']}")
    note = trouve["scan"]["score"]
    print(f"\n{trouve['scan']['grade']}  {note} (voulu : {NOTE_VOULUE})")
    return note >= NOTE_VOULUE


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
