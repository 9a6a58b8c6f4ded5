"""Un vrai serveur SMTP, minuscule, sur l’interface locale : il reçoit, ou tombe en panne à l’étape voulue."""

import contextlib
import email
import email.policy
import socketserver
import threading


class Serveur(socketserver.ThreadingTCPServer):
    """`muet_apres_contenu` : reçoit le message mais n’en accuse jamais réception."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        self.recus = []
        self.muet_apres_contenu = False
        self.reponses = {}
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def port(self):
        return self.server_address[1]

    def messages(self):
        return [email.message_from_bytes(brut, policy=email.policy.default) for brut in self.recus]


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self._dire("220 essai")
        for ligne in iter(self.rfile.readline, b""):
            verbe = ligne[:4].decode().upper().strip()
            if verbe == "QUIT":
                self._dire("221 adieu")
                return
            if verbe == "DATA":
                if not self._recevoir():
                    return
            else:
                self._dire(self.server.reponses.get(verbe, "250 bien"))

    def _recevoir(self):
        self._dire("354 allez-y")
        lignes = []
        for ligne in iter(self.rfile.readline, b".\r\n"):
            if not ligne:
                return False
            lignes.append(ligne.removeprefix(b".") if ligne.startswith(b"..") else ligne)
        self.server.recus.append(b"".join(lignes))
        if self.server.muet_apres_contenu:
            self.rfile.readline()
            return False
        self._dire(self.server.reponses.get("DATA", "250 bien"))
        return True

    def _dire(self, ligne):
        self.wfile.write(ligne.encode() + b"\r\n")


@contextlib.contextmanager
def serveur_smtp():
    """Démarre le serveur dans un fil et l’arrête à la sortie."""
    with Serveur() as serveur:
        fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        fil.start()
        try:
            yield serveur
        finally:
            serveur.shutdown()
            fil.join()
