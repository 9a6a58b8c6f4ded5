"""De quoi écrire une extraction RH en une ligne ; les deux fichiers d’exemple."""

import io
from pathlib import Path

from encadrement.importations.lecture import COLONNES

DOSSIER = Path(__file__).parent
PROPRE = DOSSIER / "rh-propre.csv"
BRUTE = DOSSIER / "rh-extraction-brute.csv"
_VALEURS = (
    "20001;Cyr;Guylaine;guylaine.cyr@cisss.exemple;1230;Ergothérapeute;Direction A;Service A;CLSC A;"
    "Côte-de-Gaspé;;2012-04-03;2020-05-05;Actif;O;OEQ;12345"
)
_MODELE = dict(zip(COLONNES, _VALEURS.split(";"), strict=True))


def rangee(**remplace):
    """Rend une ligne d’extraction ; chaque argument remplace une colonne."""
    return ";".join({**_MODELE, **remplace}.values())


def extrait(*rangees):
    """Rend un fichier binaire d’extraction, avec l’en-tête."""
    return io.BytesIO("\r\n".join([";".join(COLONNES), *rangees]).encode("utf-8-sig"))
