"""/sante/ : ce que la surveillance interroge."""


def test_lapplication_en_sante_le_dit_sans_connexion(client, db):
    reponse = client.get("/sante/")
    assert reponse.status_code == 200
    assert reponse.json()["etat"] == "en santé"
    assert "no-store" in reponse.headers["Cache-Control"] or "no-cache" in reponse.headers["Cache-Control"]


def test_le_dire_ne_demande_rien_a_la_base(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/sante/").status_code == 200
