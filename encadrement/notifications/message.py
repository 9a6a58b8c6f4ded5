"""Le message tel qu’il part : texte et HTML, en-têtes simples, composé en un dixième de milliseconde.

Le module `email` de Python prend l’essentiel du temps d’un envoi à replier des en-têtes que nous connaissons d’avance.
Ici, un seul destinataire, deux parties, au plus une convocation : les octets s’écrivent directement. Une frontière
tirée du Message-ID donne les mêmes octets à chaque essai.
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
_METHODE = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


class Message(EmailMultiAlternatives):
    """Un message à un seul destinataire ; `message()` suffit aux courriers SMTP, fichiers et mémoire de Django."""

    def __init__(self, *, objet, texte, html, a, message_id, calendrier="", connection=None):
        super().__init__(
            subject=objet,
            body=texte,
            to=[a],
            connection=connection,
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        )
        self.html = html
        self.calendrier = calendrier
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
        if self.calendrier:
            lignes += self._avec_convocation(frontiere)
        elif self.html:
            lignes += _assembler("alternative", frontiere, self._corps())
        else:
            lignes += _partie("plain", self.body)
        return Compose("\n".join(lignes).encode())

    def _corps(self):
        return [_partie("plain", self.body), *([_partie("html", self.html)] if self.html else [])]

    def _avec_convocation(self, frontiere):
        """Rend les lignes d’un message qui convoque : Outlook n’en lit qu’une, la dernière façon de dire le message.

        La pièce jointe sert aux agendas qui n’ouvrent que des fichiers ; elle vient après, Outlook ne l’y cherche pas.
        """
        methode = _METHODE.search(self.calendrier)
        if methode is None:
            raise ValueError("Une convocation dit ce qu’elle demande à l’agenda.")
        codee = base64.encodebytes(self.calendrier.encode()).decode()
        convocation = [
            f"Content-Type: text/calendar; charset=utf-8; method={methode[1]}",
            "Content-Transfer-Encoding: base64",
            "",
            codee,
        ]
        fichier = [
            'Content-Type: application/ics; name="convocation.ics"',
            'Content-Disposition: attachment; filename="convocation.ics"',
            *convocation[1:],
        ]
        # Aucune des deux frontières ne commence l’autre : « o » n’est pas un chiffre hexadécimal.
        corps = _assembler("alternative", frontiere.replace("=_", "=_corps_", 1), [*self._corps(), convocation])
        return _assembler("mixed", frontiere, [corps, fichier])


class Compose:
    """Les octets d’un message, avec ce que les courriers de Django demandent d’un message composé."""

    def __init__(self, octets):
        self._octets = octets

    def as_bytes(self, unixfrom=False, linesep="\n"):
        return self._octets if linesep == "\n" else self._octets.replace(b"\n", linesep.encode())

    def get_charset(self):
        return None


def _assembler(sorte, frontiere, parties):
    """Rend les lignes d’un assemblage de parties, chacune donnée par ses lignes."""
    lignes = [f'Content-Type: multipart/{sorte}; boundary="{frontiere}"', ""]
    for partie in parties:
        lignes += [f"--{frontiere}", *partie]
    return [*lignes, f"--{frontiere}--", ""]


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
