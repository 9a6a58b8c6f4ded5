"""À importer en premier par un banc : démarre Django, la racine du projet sur le chemin, dans un dossier jetable."""

import os
import sys
import tempfile
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "encadrement.settings.test")
os.environ.setdefault("ENCADREMENT_VAR", tempfile.mkdtemp(prefix="encadrement-bench-"))
django.setup()
