"""Le message tel qu’il part : texte et HTML, en-têtes simples, composé en un dixième de milliseconde.

Le module `email` de Python prend l’essentiel du temps d’un envoi à replier des en-têtes que nous connaissons d’avance.
Ici, un seul destinataire, deux parties, aucune pièce jointe : les octets s’écrivent directement. Une frontière tirée
du Message-ID donne les mêmes octets à chaque essai.
"""

import base64
import re
from email.header import Header
from email.utils import formatdate
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

LIGNE_MAXIMALE = 990
# Une adresse ordinaire s’écrit telle quelle ; toute autre passe par la vérification complète de Django.
_ADRESSE_SIMPLE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)
_SAUT = re.compile(r"[\r\n]")


class Message(EmailMultiAlternatives):
    """Un message à un seul destinataire ; `message()` suffit aux courriers SMTP, fichiers et mémoire de Django."""

    def __init__(self, *, objet, texte, html, a, message_id, connection=None):
        super().__init__(
            subject=objet,
            body=texte,
            to=[a],
            connection=connection,
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        )
        self.html = html
        if html:
            self.attach_alternative(html, "text/html")

    @property
    def destinataire(self):
        """L’adresse du destinataire, propre à l’enveloppe ; lève ValueError si elle est illisible."""
        adresse = self.to[0]
        if _ADRESSE_SIMPLE.fullmatch(adresse):
            return adresse
        adresse = sanitize_address(adresse, "utf-8")
        if not _ADRESSE_SIMPLE.fullmatch(adresse):
            raise ValueError("Cette adresse de courriel est illisible.")
        return adresse

    @property
    def expediteur(self):
        return _expediteur(self.from_email)

    def message(self):
        """Rend le message composé ; lève ValueError si un en-tête porte un saut de ligne."""
        frontiere = "=_" + self.extra_headers["Message-ID"].strip("<>").partition("@")[0]
        entetes = {
            "From": self.expediteur,
            "To": self.destinataire,
            "Subject": _encoder(self.subject),
            "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
            **self.extra_headers,
            "MIME-Version": "1.0",
        }
        if any(_SAUT.search(valeur.replace("\n ", "")) for valeur in entetes.values()):
            raise ValueError("Un en-tête de courriel ne tient que sur une ligne.")
        lignes = [f"{nom}: {valeur}" for nom, valeur in entetes.items()]
        if self.html:
            lignes += [f'Content-Type: multipart/alternative; boundary="{frontiere}"', ""]
            lignes += [f"--{frontiere}", *_partie("plain", self.body), f"--{frontiere}", *_partie("html", self.html)]
            lignes += [f"--{frontiere}--", ""]
        else:
            lignes += _partie("plain", self.body)
        return Compose("\n".join(lignes).encode())


class Compose:
    """Les octets d’un message, avec ce que les courriers de Django demandent d’un message composé."""

    def __init__(self, octets):
        self._octets = octets

    def as_bytes(self, unixfrom=False, linesep="\n"):
        return self._octets if linesep == "\n" else self._octets.replace(b"\n", linesep.encode())

    def get_charset(self):
        return None


def _partie(sorte, texte):
    """Rend les lignes d’une partie ; une ligne trop longue pour SMTP fait coder la partie entière."""
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    codage = "8bit"
    if any(len(ligne) > LIGNE_MAXIMALE // 4 and len(ligne.encode()) > LIGNE_MAXIMALE for ligne in texte.split("\n")):
        codage, texte = "base64", base64.encodebytes(texte.encode()).decode()
    return [f"Content-Type: text/{sorte}; charset=utf-8", f"Content-Transfer-Encoding: {codage}", "", texte]


def _encoder(objet):
    if _SAUT.search(objet):
        raise ValueError("L’objet d’un courriel ne tient que sur une ligne.")
    return objet if objet.isascii() and len(objet) < 70 else Header(objet, "utf-8", header_name="Subject").encode()


@lru_cache(maxsize=8)
def _expediteur(adresse):
    return sanitize_address(adresse, "utf-8")
