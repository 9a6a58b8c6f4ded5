"""Un serveur SMTP (aiosmtpd) qui refuse, traîne avant le contenu, ou meurt après l’avoir reçu, à la demande."""

import asyncio
import contextlib
import email
import email.policy

from aiosmtpd.controller import Controller

BIEN, REFUSE, TRAINE, MEURT = "bien", "refuse", "traine", "meurt"


class Capricieux:
    """`humeurs` : un itérateur qui dit comment traiter chaque message ; épuisé, tout passe."""

    def __init__(self, humeurs, lenteur):
        self._humeurs, self._lenteur = humeurs, lenteur
        self.recus = []
        self._humeur = BIEN

    async def handle_MAIL(self, serveur, session, enveloppe, adresse, options):  # noqa: N802
        self._humeur = next(self._humeurs, BIEN)
        if self._humeur == TRAINE:
            await asyncio.sleep(self._lenteur)
        enveloppe.mail_from = adresse
        return "250 bien"

    async def handle_DATA(self, serveur, session, enveloppe):  # noqa: N802
        if self._humeur == REFUSE:
            return "451 plus tard"
        message = email.message_from_bytes(enveloppe.content, policy=email.policy.default)
        self.recus.append(message["Message-ID"])
        if self._humeur == MEURT:
            serveur.transport.abort()
        return "250 bien"


@contextlib.contextmanager
def serveur_capricieux(port, humeurs=(), lenteur=1.0):
    """Ouvre le serveur sur `port` de la boucle locale et rend ce qu’il a reçu."""
    capricieux = Capricieux(iter(humeurs), lenteur)
    ecoute = Controller(capricieux, hostname="127.0.0.1", port=port)
    ecoute.start()
    try:
        yield capricieux
    finally:
        ecoute.stop()
