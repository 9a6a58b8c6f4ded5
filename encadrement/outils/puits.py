"""Le puits de courriels d’un essai : reçoit tout, n’envoie rien, écrit chaque courriel, lisible, sur sa sortie.

`python -m aiosmtpd -n -l 0.0.0.0:1025 -c encadrement.outils.puits.Puits`
"""

import sys
from email import message_from_bytes
from email.policy import default


class Puits:
    """Ce qu’aiosmtpd appelle à chaque courriel reçu."""

    @classmethod
    def from_cli(cls, parser, *_):
        return cls()

    async def handle_DATA(self, serveur, session, enveloppe):  # noqa: N802  (le nom qu’attend aiosmtpd)
        courriel = message_from_bytes(enveloppe.content, policy=default)
        corps = courriel.get_body(("plain", "html"))
        sys.stdout.write(f"\n--- à {', '.join(enveloppe.rcpt_tos)}\n{courriel['Subject']}\n\n")
        sys.stdout.write(corps.get_content() if corps else "(vide)")
        sys.stdout.flush()
        return "250 OK"
