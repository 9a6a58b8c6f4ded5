"""Le courrier SMTP de Django, qui sait en plus dire si un message en panne avait commencé à passer."""

import smtplib

from django.core.mail.backends.smtp import EmailBackend as CourrierDeDjango

from encadrement.notifications.message import Message


class _Temoin:
    """`en_donnees` : le contenu est parti vers le serveur et sa réponse n’est pas arrivée."""

    en_donnees = False

    def data(self, msg):
        self.en_donnees = True
        reponse = super().data(msg)
        self.en_donnees = False
        return reponse


class _SMTP(_Temoin, smtplib.SMTP):
    pass


class _SMTPChiffre(_Temoin, smtplib.SMTP_SSL):
    pass


class EmailBackend(CourrierDeDjango):
    """À nommer dans EMAIL_BACKEND : distingue « pas envoyé » de « peut-être envoyé » quand la connexion tombe."""

    @property
    def connection_class(self):
        return _SMTPChiffre if self.use_ssl else _SMTP

    def _send(self, email_message):
        if not isinstance(email_message, Message):
            return super()._send(email_message)
        octets = email_message.message().as_bytes(linesep="\r\n")
        self.connection.sendmail(email_message.expediteur, [email_message.destinataire], octets)
        return True

    @property
    def contenu_parti(self):
        """Dit si le dernier message avait commencé à passer quand l’erreur est survenue."""
        return self.connection is not None and self.connection.en_donnees
