"""Les étages de la maison : on n’importe que vers le bas."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.sources import MESURES, RACINE, SOCLE

CONTRATS = tomllib.loads((RACINE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
# Ce qui n’est pas une pièce : les réglages et les formats de dates se chargent par leur nom, sans import.
HORS_LES_ETAGES = {"settings", "formats", "decisions"}


def _etages():
    etages = next(contrat["layers"] for contrat in CONTRATS if contrat["name"] == "Les étages")
    return {piece.strip() for etage in etages for piece in etage.split("|")}


def test_les_etages_tiennent():
    commande = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    assert fait.returncode == 0, fait.stdout


def test_chaque_piece_du_socle_a_son_etage():
    pieces = {dossier.name for dossier in SOCLE.iterdir() if (dossier / "__init__.py").exists()} - HORS_LES_ETAGES
    assert {f"encadrement.{piece}" for piece in pieces} <= _etages()


def test_chaque_mesure_a_son_etage_et_ses_couches_internes():
    assert set(MESURES) <= _etages()
    ecrites = {mesure for mesure in MESURES if (RACINE / mesure / "models").exists()}
    assert ecrites <= {mesure for contrat in CONTRATS if contrat.get("exhaustive") for mesure in contrat["containers"]}
