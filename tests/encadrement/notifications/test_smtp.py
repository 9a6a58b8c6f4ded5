"""De bout en bout, avec un vrai serveur SMTP local."""

import pytest

from encadrement.notifications.envoi import Compte, expedier_courriels
from encadrement.notifications.models import Courriel, EtatCourriel
from tests.encadrement.notifications.serveur_smtp import serveur_smtp
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def serveur(settings):
    with serveur_smtp() as serveur:
        settings.EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", serveur.port
        settings.EMAIL_TIMEOUT = 5
        yield serveur


@pytest.fixture
def trois(annoncer):
    return annoncer(*PersonneFactory.create_batch(3, mot_de_passe=None))


def test_le_message_arrive_lisible_dans_ses_deux_versions(serveur, annoncer):
    annoncer(PersonneFactory(prenom="Loïc"))
    assert expedier_courriels().envoyes == 1
    (message,) = serveur.messages()
    assert message["Subject"] == "À faire\xa0: approuver l’entente"
    assert message["Message-ID"] == Courriel.objects.get().message_id
    assert "Bonjour Loïc," in message.get_body(("plain",)).get_content()
    assert "<p>Bonjour Loïc,</p>" in message.get_body(("html",)).get_content()


def test_la_convocation_arrive_telle_qu_elle_a_ete_ecrite(serveur, annoncer):
    texte = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSEQUENCE:0\r\nSUMMARY:Été\r\n.point\r\nEND:VCALENDAR\r\n"
    annoncer(PersonneFactory(), calendrier=texte)
    assert expedier_courriels().envoyes == 1
    (message,) = serveur.messages()
    assert message.get_content_type() == "multipart/mixed"
    recues = [p for p in message.walk() if p.get_content_type() in ("text/calendar", "application/ics")]
    assert [partie.get_payload(decode=True).decode() for partie in recues] == [texte, texte]


def test_le_silence_apres_le_contenu_rend_l_envoi_incertain(serveur, trois, settings):
    settings.EMAIL_TIMEOUT = 0.3
    serveur.muet_apres_contenu = True
    assert expedier_courriels().ambigus == 1
    serveur.muet_apres_contenu = False
    assert expedier_courriels().envoyes == 2
    assert len({message["Message-ID"] for message in serveur.messages()}) == len(serveur.recus) == 3


def test_421_des_l_expediteur_laisse_tout_a_envoyer(serveur, trois):
    serveur.reponses["MAIL"] = "421 revenez plus tard"
    assert expedier_courriels() == Compte(reportes=1, reclames=3)
    assert serveur.recus == []
    assert not Courriel.objects.exclude(etat=EtatCourriel.A_ENVOYER).exists()


def test_une_boite_inconnue_est_un_echec_visible(serveur, trois):
    serveur.reponses["RCPT"] = "550 boite inconnue"
    assert expedier_courriels().refuses == 3
    assert Courriel.objects.en_souffrance().first().erreur.startswith("550")


def test_un_contenu_refuse_pour_un_temps_est_reporte(serveur, trois):
    serveur.reponses["DATA"] = "451 plus tard"
    assert expedier_courriels() == Compte(reportes=3, reclames=3)


def test_un_serveur_absent_ne_consomme_aucun_message(settings, trois):
    with serveur_smtp() as serveur:
        port = serveur.port
    settings.EMAIL_BACKEND = "encadrement.notifications.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    assert expedier_courriels() == Compte(reportes=3, reclames=3)
