"""Un PDF téléchargé, jugé par des outils qui ne sont pas les nôtres : qpdf, pyHanko, poppler."""

import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from encadrement.documents.sceau import signataire


def texte(octets):
    """Rend le texte du PDF, espaces aplanies."""
    pages = PdfReader(io.BytesIO(octets)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


def exiger_valide(octets, dossier):
    """Échoue si qpdf, pyHanko ou pdfsig trouve à redire au fichier."""
    chemin = dossier / "telecharge.pdf"
    chemin.write_bytes(octets)
    assert "No syntax or stream encoding errors found" in _dire("qpdf", "--check", chemin)
    # Playwright tient la boucle d’événements de ce fil ; pyHanko veut la sienne.
    with ThreadPoolExecutor(max_workers=1) as fil:
        constat = fil.submit(_valider, octets, signataire().signing_cert).result()
    assert constat.intact
    assert constat.valid
    assert constat.bottom_line
    assert "Signature is Valid" in _dire("pdfsig", "-nocert", chemin)


def _valider(octets, racine):
    (signature,) = PdfFileReader(io.BytesIO(octets)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[racine], allow_fetching=False))


def _dire(outil, *arguments):
    chemin = shutil.which(outil)
    assert chemin, f"{outil} manque : apt-get install qpdf poppler-utils"
    return subprocess.run([chemin, *arguments], capture_output=True, text=True, check=True).stdout


def un_octet_change(octets):
    """Rend le fichier avec un seul octet différent, au milieu."""
    milieu = len(octets) // 2
    return octets[:milieu] + bytes([octets[milieu] ^ 0x01]) + octets[milieu + 1 :]
