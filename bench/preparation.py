"""À importer en premier par un banc : démarre Django, la racine du projet sur le chemin, dans un dossier jetable."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "encadrement.settings.test")
if "ENCADREMENT_VAR" not in os.environ:
    os.environ["ENCADREMENT_VAR"] = tempfile.mkdtemp(prefix="encadrement-bench-")
    atexit.register(shutil.rmtree, os.environ["ENCADREMENT_VAR"], ignore_errors=True)
django.setup()
