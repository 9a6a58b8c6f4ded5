"""/sante/ : ce que la surveillance interroge."""

from unittest import mock

from django.db.utils import OperationalError


def test_lapplication_en_sante_le_dit_sans_connexion(client, db):
    reponse = client.get("/sante/")
    assert reponse.status_code == 200
    assert reponse.json()["etat"] == "en santé"
    assert "no-store" in reponse.headers["Cache-Control"] or "no-cache" in reponse.headers["Cache-Control"]


def test_une_base_injoignable_donne_503(client, db):
    with mock.patch("encadrement.socle.views.connection.cursor", side_effect=OperationalError):
        assert client.get("/sante/").status_code == 503
