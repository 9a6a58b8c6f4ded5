"""Le message composé se lit comme celui de Django, et ne laisse rien passer dans ses en-têtes."""

import email
import email.policy
import smtplib

import pytest
from django.core import mail
from django.core.mail import get_connection

from encadrement.notifications.message import Message
from encadrement.notifications.smtp import EmailBackend


def composer(**champs):
    valeurs = {
        "objet": "À faire\xa0: approuver l’entente de D’Amours et de Loïc St-Onge, mentorat interprofessionnel",
        "texte": "Bonjour,\n\nÉté, œuvre, « guillemets ».\n.point en tête\n",
        "html": "<p>Été, œuvre &amp; cie</p>\n",
        "a": "claude@cisss.exemple",
        "message_id": "<0123456789abcdef@cisss.exemple>",
        **champs,
    }
    return Message(**valeurs)


CONVOCATION = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "SEQUENCE:3",
        "SUMMARY:Communauté des ergothérapeutes : rencontre",
        "DESCRIPTION:METHOD:CANCEL",
        ".point en tête",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)


def lire(message):
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)


def test_le_message_se_relit_tel_qu_il_a_ete_ecrit():
    message = composer()
    lu = lire(message)
    assert lu["Subject"] == message.subject
    assert (lu["To"], lu["Message-ID"]) == ("claude@cisss.exemple", "<0123456789abcdef@cisss.exemple>")
    assert lu["Auto-Submitted"] == "auto-generated"
    assert lu["Date"].datetime
    assert lu.get_content_type() == "multipart/alternative"
    assert lu.get_body(("plain",)).get_content().strip() == message.body.strip()
    assert lu.get_body(("html",)).get_content().strip() == message.html.strip()
    assert not lu.defects


def test_deux_essais_donnent_les_memes_octets(time_machine):
    time_machine.move_to("2026-11-16T12:00:00+00:00", tick=False)
    assert composer().message().as_bytes() == composer().message().as_bytes()


def test_une_ligne_trop_longue_pour_smtp_est_codee():
    lu = lire(composer(texte="é" * 5000))
    assert lu.get_body(("plain",)).get_content().strip() == "é" * 5000
    brut = composer(texte="é" * 5000).message().as_bytes(linesep="\r\n")
    assert max(map(len, brut.split(b"\r\n"))) < 998


def test_sans_html_le_message_n_a_qu_une_partie():
    lu = lire(composer(html=""))
    assert lu.get_content_type() == "text/plain"
    assert "œuvre" in lu.get_content()


def test_une_convocation_est_la_derniere_facon_de_dire_le_message():
    """Outlook ne la reconnaît que dans la première partie, avec sa méthode ; les autres agendas ouvrent le fichier."""
    lu = lire(composer(calendrier=CONVOCATION))
    assert lu.get_content_type() == "multipart/mixed"
    corps, fichier = lu.iter_parts()
    assert corps.get_content_type() == "multipart/alternative"
    assert [partie.get_content_type() for partie in corps.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    convocation = list(corps.iter_parts())[-1]
    assert dict(convocation["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
    assert convocation["Content-Disposition"] is None
    assert convocation.get_payload(decode=True).decode() == CONVOCATION
    assert (fichier.get_content_type(), fichier.get_filename()) == ("application/ics", "convocation.ics")
    assert fichier["Content-Disposition"].content_disposition == "attachment"
    assert fichier.get_content() == CONVOCATION.encode()
    assert lu.get_body(("plain",)).get_content().strip() == composer().body.strip()
    assert not [defaut for partie in lu.walk() for defaut in partie.defects]


def test_une_annulation_se_dit_dans_l_en_tete():
    lu = lire(composer(calendrier=CONVOCATION.replace("METHOD:REQUEST", "METHOD:CANCEL")))
    (convocation,) = [partie for partie in lu.walk() if partie.get_content_type() == "text/calendar"]
    assert convocation["Content-Type"].params["method"] == "CANCEL"


def test_les_deux_frontieres_ne_se_confondent_pas():
    lu = lire(composer(calendrier=CONVOCATION))
    dehors, dedans = lu.get_boundary(), next(lu.iter_parts()).get_boundary()
    assert not dehors.startswith(dedans)
    assert not dedans.startswith(dehors)


def test_une_convocation_sans_html_garde_son_texte():
    lu = lire(composer(calendrier=CONVOCATION, html=""))
    corps = next(lu.iter_parts())
    assert [partie.get_content_type() for partie in corps.iter_parts()] == ["text/plain", "text/calendar"]


def test_une_convocation_a_les_memes_octets_a_chaque_essai(time_machine):
    time_machine.move_to("2026-11-16T12:00:00+00:00", tick=False)
    octets = composer(calendrier=CONVOCATION).message().as_bytes(linesep="\r\n")
    assert octets == composer(calendrier=CONVOCATION).message().as_bytes(linesep="\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n")
    assert max(map(len, octets.split(b"\r\n"))) < 998


@pytest.mark.parametrize("calendrier", ["BEGIN:VCALENDAR\r\n", "X-METHOD:REQUEST", "METHOD:REQUEST; x=1\r\n"])
def test_une_convocation_sans_methode_ne_part_pas(calendrier):
    with pytest.raises(ValueError, match="agenda"):
        composer(calendrier=calendrier).message()


@pytest.mark.parametrize(
    "champs",
    [
        {"objet": "À faire\nBcc: autre@exemple.org"},
        {"objet": "A faire\r\n autre"},
        {"a": "claude@cisss.exemple\nBcc: autre@exemple.org"},
        {"a": "claude@cisss.exemple\r\n x@y.z"},
        {"a": "claude"},
        {"a": ""},
        {"message_id": "<x@y>\nBcc: autre@exemple.org"},
    ],
)
def test_un_en_tete_ne_tient_que_sur_une_ligne(champs):
    with pytest.raises(ValueError, match=r".+"):
        composer(**champs).message()


def test_une_adresse_accentuee_est_transcrite():
    assert composer(a="loic@été.exemple").destinataire == "loic@xn--t-9fab.exemple"


@pytest.mark.parametrize("courrier", ["filebased", "locmem", "console", "dummy"])
def test_les_courriers_de_django_acceptent_le_message(courrier, tmp_path, capsys):
    options = {"file_path": tmp_path} if courrier == "filebased" else {}
    connexion = get_connection(f"django.core.mail.backends.{courrier}.EmailBackend", **options)
    assert connexion.send_messages([composer()]) == 1
    if courrier == "filebased":
        (fichier,) = tmp_path.iterdir()
        assert "Été, œuvre, « guillemets »." in fichier.read_text()
    if courrier == "locmem":
        assert mail.outbox[0].subject.startswith("À faire")


def test_les_autres_messages_de_django_passent_aussi():
    recus = []

    class Connexion:
        def sendmail(self, expediteur, destinataires, octets):
            recus.append((expediteur, destinataires))

    courrier = EmailBackend()
    courrier.connection = Connexion()
    ordinaire = mail.EmailMessage("Objet", "Texte", "de@cisss.exemple", ["a@cisss.exemple"])
    assert courrier.send_messages([ordinaire, composer()]) == 2
    assert [destinataires for _, destinataires in recus] == [["a@cisss.exemple"], ["claude@cisss.exemple"]]


@pytest.mark.parametrize("chiffre", [False, True])
def test_la_connexion_sait_si_le_contenu_est_parti(chiffre):
    courrier = EmailBackend(use_ssl=chiffre)
    assert not courrier.contenu_parti
    assert issubclass(courrier.connection_class, smtplib.SMTP_SSL if chiffre else smtplib.SMTP)
