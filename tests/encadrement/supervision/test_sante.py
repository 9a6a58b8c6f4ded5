"""/sante/pret/ et les métriques : tout ce qui doit marcher, en nombres, et personne dedans."""

import datetime
import re
from types import SimpleNamespace
from unittest import mock

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from django.core.management import CommandError, call_command
from django.db.utils import OperationalError
from django.utils import timezone

from encadrement.documents.sceau import pkcs12_d_essai
from encadrement.journal.actions import noter_la_verification
from encadrement.notifications.battements import SAUVEGARDE, TRAVAILLEUR, battre
from encadrement.notifications.models import EtatCourriel
from encadrement.supervision import controles, views
from encadrement.supervision.controles import AVIS, BIEN, PANNE
from tests.encadrement.supervision import scenes

JETON = "j" * 20 + "0123456789" * 4
PASSE_PAR_LE_MANDATAIRE = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def disque(monkeypatch):
    """Un disque à moitié libre : celui de la machine n’est pas l’affaire de l’essai."""
    place = SimpleNamespace(total=100, free=50)
    monkeypatch.setattr(controles.shutil, "disk_usage", lambda chemin: place)
    monkeypatch.setitem(views._dernier_etat, "le", float("-inf"))
    return place


@pytest.fixture
def tout_marche(db):
    battre(TRAVAILLEUR)
    battre(SAUVEGARDE)
    noter_la_verification(0)


def _etats():
    return {controle.nom: controle.etat for controle in controles.relever()}


def test_pret_repond_200_quand_tout_marche_et_503_quand_le_metronome_se_tait(client, tout_marche, time_machine):
    assert client.get("/sante/pret/").status_code == 200
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=4), tick=False)
    reponse = client.get("/sante/pret/")
    assert (reponse.status_code, reponse.json()["etat"]) == (503, "pas prêt")
    assert reponse.json()["controles"]["battement"]["etat"] == PANNE


def test_le_detail_est_a_la_machine_ou_au_jeton(client, tout_marche, settings):
    settings.SANTE_JETON = JETON
    assert "controles" in client.get("/sante/pret/").json()
    # Le mandataire est local, lui aussi : ce qu’il apporte vient d’ailleurs.
    assert client.get("/sante/pret/", **PASSE_PAR_LE_MANDATAIRE).json() == {"etat": "prêt"}
    assert client.get("/sante/pret/", REMOTE_ADDR="192.0.2.1").json() == {"etat": "prêt"}
    for donne, lu in ((JETON, True), (JETON[:-1], False), ("", False)):
        reponse = client.get("/sante/pret/", **PASSE_PAR_LE_MANDATAIRE, HTTP_AUTHORIZATION=f"Bearer {donne}")
        assert ("controles" in reponse.json()) is lu
    settings.SANTE_JETON = ""
    assert client.get("/sante/pret/", **PASSE_PAR_LE_MANDATAIRE, HTTP_AUTHORIZATION="Bearer ").json() == {
        "etat": "prêt"
    }


def test_frapper_a_repetition_ne_refait_pas_les_controles(client, tout_marche, django_assert_num_queries):
    client.get("/sante/pret/", **PASSE_PAR_LE_MANDATAIRE)
    with django_assert_num_queries(0):
        assert client.get("/sante/pret/", **PASSE_PAR_LE_MANDATAIRE).status_code == 200


def test_sans_base_le_web_reste_vivant_mais_n_est_pas_pret(client, db):
    with mock.patch("encadrement.supervision.controles.connection.cursor", side_effect=OperationalError):
        reponse = client.get("/sante/pret/")
        assert client.get("/sante/").status_code == 200
    assert reponse.status_code == 503
    assert "courriels" not in reponse.json()["controles"]


def test_chaque_controle_passe_de_bien_a_surveiller_puis_en_panne(
    tout_marche, distribution, disque, settings, tmp_path
):
    assert set(_etats().values()) == {BIEN}
    courriel = scenes.envoi(distribution, EtatCourriel.A_ENVOYER)
    for minutes, attendu in ((5, BIEN), (20, AVIS), (61, PANNE)):
        courriel.cree_le = timezone.now() - datetime.timedelta(minutes=minutes)
        courriel.save(update_fields=["cree_le"])
        assert _etats()["courriels"] == attendu
    for libre, attendu in ((20, BIEN), (10, AVIS), (3, PANNE)):
        disque.free = libre
        assert _etats()["disque"] == attendu
    noter_la_verification(2)
    assert _etats()["journal"] == PANNE
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert _etats()["courtier"] == PANNE
    (tmp_path / "tls.pem").write_bytes(load_pkcs12(pkcs12_d_essai(), None).cert.certificate.public_bytes(Encoding.PEM))
    settings.CERTIFICAT_TLS = str(tmp_path / "tls.pem")
    assert _etats()["tls"] == BIEN
    settings.CERTIFICAT_TLS = str(tmp_path / "absent.pem")
    assert _etats()["tls"] == PANNE


def test_une_echeance_et_une_sauvegarde_se_voient_venir(tout_marche, time_machine):
    depart = timezone.now()
    fin = depart + datetime.timedelta(days=100)
    for jours, attendu in ((30, BIEN), (50, AVIS), (95, PANNE), (101, PANNE)):
        time_machine.move_to(depart + datetime.timedelta(days=jours), tick=False)
        assert controles._certificat("sceau", "x", fin, controles.JOURS_DU_SCEAU).etat == attendu
    for heures, attendu in ((25, BIEN), (30, AVIS), (51, PANNE)):
        time_machine.move_to(depart + datetime.timedelta(hours=heures), tick=False)
        assert controles.sauvegarde().etat == attendu


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_une_sauvegarde_entiere_donne_signe_de_vie_une_manquee_non(tmp_path, monkeypatch):
    with monkeypatch.context() as sans_outil:
        sans_outil.setenv("PATH", "")
        with pytest.raises(CommandError):
            call_command("sauvegarder", tmp_path / "archives")
    assert controles.sauvegarde().etat == AVIS
    call_command("sauvegarder", tmp_path / "archives")
    assert controles.sauvegarde().etat == BIEN


def test_les_metriques_se_taisent_eteintes_et_ne_nomment_personne_allumees(client, tout_marche, distribution, settings):
    scenes.envoi(distribution)
    assert client.get("/sante/metriques/").status_code == 404
    settings.METRIQUES = True
    assert client.get("/sante/metriques/", **PASSE_PAR_LE_MANDATAIRE).status_code == 404
    texte = client.get("/sante/metriques/").content.decode()
    assert 'encadrement_courriels{etat="ambigu"} 1.0' in texte
    assert 'encadrement_controle{controle="battement"} 0.0' in texte
    assert set(re.findall(r"[{,](\w+)=", texte)) == {"etat", "controle"}
    detail = client.get("/sante/pret/").content.decode()
    for _, personne in distribution:
        assert personne.matricule not in texte + detail
        assert personne.nom not in texte + detail
