"""Un faux ClamAV : une vraie prise, le vrai protocole, et les pannes qu’on lui demande."""

import contextlib
import socket
import struct
import threading

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FauxClamd(threading.Thread):
    """Répond comme clamd à INSTREAM ; `panne` vaut "muet", "coupe", "trop_long", "charabia" ou ""."""

    def __init__(self, prise, panne="", maximum=25 * 1024 * 1024):
        super().__init__(daemon=True)
        self.prise, self.panne, self.maximum = prise, panne, maximum
        self.recus = []
        self.fini = threading.Event()

    def run(self):
        while not self.fini.is_set():
            try:
                client, _ = self.prise.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                client.settimeout(5)
                self._servir(client)

    def _servir(self, client):
        if self.panne == "coupe":
            return
        assert _lire(client, 10) == b"zINSTREAM\0"
        recu = b""
        while longueur := struct.unpack(">I", _lire(client, 4))[0]:
            recu += _lire(client, longueur)
            if len(recu) > self.maximum:
                client.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.recus.append(recu)
        if self.panne == "muet":
            self.fini.wait(5)
        elif self.panne == "goutte":
            # Une réponse qui n’en finit pas : un délai par lecture ne la couperait jamais.
            while not self.fini.wait(0.05):
                client.sendall(b"s")
        elif self.panne == "charabia":
            client.sendall(b"stream: peut-etre\0")
        else:
            client.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in recu else b"stream: OK\0")


def _lire(client, nombre):
    recu = b""
    while len(recu) < nombre:
        morceau = client.recv(nombre - len(recu))
        if not morceau:
            raise ConnectionResetError
        recu += morceau
    return recu


@contextlib.contextmanager
def faux_clamd(settings, adresse, **options):
    """Fait tourner un FauxClamd à `adresse` (un chemin, ou None pour TCP) et y branche les réglages."""
    if adresse is None:
        prise = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD_ADRESSE = f"tcp://127.0.0.1:{prise.getsockname()[1]}"
    else:
        prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        prise.bind(str(adresse))
        prise.listen()
        settings.CLAMD_ADRESSE = f"unix://{adresse}"
    settings.ANTIVIRUS = "encadrement.fichiers.clamd.examiner"
    clamd = FauxClamd(prise, **options)
    clamd.start()
    try:
        yield clamd
    finally:
        clamd.fini.set()
        prise.shutdown(socket.SHUT_RDWR)
        prise.close()
        clamd.join(10)
