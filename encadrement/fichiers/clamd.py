"""ClamAV par sa prise (INSTREAM) : ANTIVIRUS=encadrement.fichiers.clamd.examiner, CLAMD_ADRESSE, CLAMD_DELAI."""

import contextlib
import socket
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings

from encadrement.fichiers.antivirus import AntivirusIndisponible

_MORCEAU = 64 * 1024
_REPONSE_MAXIMALE = 4096


def examiner(flux):
    """Rend le nom du virus que ClamAV trouve dans `flux`, ou "" ; toute autre réponse est une panne."""
    limite = time.monotonic() + settings.CLAMD_DELAI
    with _ouvrir(limite) as prise:
        # ClamAV ferme dès qu’il refuse la suite : sa réponse, si elle est arrivée, dit pourquoi.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _envoyer(prise, flux, limite)
        reponse = _lire(prise, limite)
    if reponse == "stream: OK":
        return ""
    if reponse.startswith("stream: ") and reponse.endswith(" FOUND"):
        return reponse.removeprefix("stream: ").removesuffix(" FOUND")
    raise AntivirusIndisponible(reponse[:200])


def _ouvrir(limite):
    adresse = urlsplit(settings.CLAMD_ADRESSE)
    if adresse.scheme == "tcp":
        return socket.create_connection((adresse.hostname, adresse.port or 3310), timeout=_reste(limite))
    if adresse.scheme != "unix":
        raise AntivirusIndisponible("CLAMD_ADRESSE commence par unix:// ou tcp://")
    prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        prise.settimeout(_reste(limite))
        prise.connect(adresse.path)
    except OSError:
        prise.close()
        raise
    return prise


def _envoyer(prise, flux, limite):
    prise.sendall(b"zINSTREAM\0")
    while morceau := flux.read(_MORCEAU):
        prise.settimeout(_reste(limite))
        prise.sendall(struct.pack(">I", len(morceau)) + morceau)
    prise.sendall(struct.pack(">I", 0))


def _lire(prise, limite):
    reponse = b""
    while not reponse.endswith(b"\0") and len(reponse) < _REPONSE_MAXIMALE:
        prise.settimeout(_reste(limite))
        morceau = prise.recv(_REPONSE_MAXIMALE)
        if not morceau:
            break
        reponse += morceau
    return reponse.rstrip(b"\0\n").decode("utf-8", "replace")


def _reste(limite):
    reste = limite - time.monotonic()
    if reste <= 0:
        raise TimeoutError("ClamAV n’a pas répondu à temps.")
    return reste
