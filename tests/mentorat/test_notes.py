"""Les notes : la dyade lit les siennes, chacun garde les siennes pour soi, personne d’autre ne sait rien."""

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from encadrement.journal.models import Entree
from mentorat.models import NoteDyade, NotePersonnelle
from tests.distribution import Distribution
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

pytestmark = pytest.mark.django_db

SECRET = "Mésange-boréale-4417"
HORS_DYADE = [nom for nom in Distribution.noms() if nom not in {"mentor", "mentore", "inactif"}]


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution)


def _partager(client, entente, texte):
    return client.post(adresse("entente_notes", entente), {"dyade-texte": texte, "partager": "1"})


def _garder(client, entente, texte):
    return client.post(adresse("entente_notes", entente), {"soi-texte": texte, "pour_soi": "1"})


@pytest.mark.exigence("R-354")
def test_une_note_partagee_est_lue_de_la_dyade(distribution, client_de, entente):
    reponse = _partager(client_de(distribution.mentor), entente, "On reprend le cas au prochain rendez-vous.")
    assert reponse.url == adresse("entente_notes", entente)
    page = texte_de(client_de(distribution.mentore).get(adresse("entente_notes", entente)))
    assert "On reprend le cas au prochain rendez-vous." in page
    assert "<strong>Qui peut lire :</strong> vous et Guylaine Cyr, personne d’autre." in page


@pytest.mark.exigence("R-354")
def test_une_note_personnelle_nest_lue_que_de_son_auteur(distribution, client_de, entente):
    _garder(client_de(distribution.mentor), entente, SECRET)
    assert SECRET in texte_de(client_de(distribution.mentor).get(adresse("entente_notes", entente)))
    assert SECRET not in texte_de(client_de(distribution.mentore).get(adresse("entente_notes", entente)))
    note = NotePersonnelle.objects.get()
    for nom in ("note_modifier", "note_retirer"):
        assert client_de(distribution.mentore).get(adresse(nom, note)).status_code == 404


@pytest.mark.exigence("R-063", "R-354", "R-357")
@pytest.mark.parametrize("qui", HORS_DYADE)
def test_pour_toute_autre_personne_les_notes_nexistent_pas(distribution, client_de, entente, qui):
    _partager(client_de(distribution.mentor), entente, SECRET)
    client, note = client_de(distribution[qui]), NoteDyade.objects.get()
    for methode in (client.get, client.post):
        assert methode(adresse("entente_notes", entente)).status_code == 404
        assert methode(adresse("note_modifier", note)).status_code == 404
        assert methode(adresse("note_retirer", note)).status_code == 404
    ailleurs = [
        adresse("entente", entente),
        reverse("mentorat:ententes"),
        reverse("accueil:a_faire"),
        reverse("accueil:recherche") + f"?q={SECRET}",
    ]
    for chemin in ailleurs:
        page = (
            client.get(chemin, follow=True)
            .content.decode()
            .replace(f'value="{SECRET}"', "")
            .replace(f"« {SECRET} »", "")
        )
        assert "On reprend" not in page
        assert page.count(SECRET) <= (2 if "recherche" in chemin else 0), chemin
    assert NoteDyade.objects.get().texte == SECRET


@pytest.mark.exigence("R-354", "R-356")
def test_les_notes_sont_chiffrees_et_ne_passent_nulle_part_ailleurs(distribution, client_de):
    entente = scenes.entente(distribution, "close")
    _partager(client_de(distribution.mentor), entente, SECRET)
    _garder(client_de(distribution.mentore), entente, SECRET)
    assert NoteDyade.objects.get().texte == SECRET
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert SECRET not in str(curseur.fetchall()), table


def test_ladministration_de_django_ne_montre_aucun_dossier():
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.exigence("R-356")
def test_la_dyade_relit_ses_notes_apres_la_fin(distribution, client_de):
    entente = scenes.entente(distribution, "close")
    _partager(client_de(distribution.mentor), entente, "À retenir.")
    assert "À retenir." in texte_de(client_de(distribution.mentore).get(adresse("entente_notes", entente)))


def test_chaque_lecture_laisse_une_trace_sans_contenu(distribution, client_de, entente):
    _partager(client_de(distribution.mentor), entente, SECRET)
    client_de(distribution.mentore).get(adresse("entente_notes", entente))
    trace = Entree.objects.filter(acte="mentorat.lecture.notes").latest("pk")
    assert trace.par_id == distribution.mentore.pk
    assert SECRET not in str(vars(trace))


def test_lauteur_modifie_puis_retire_sa_note(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _partager(client, entente, "Premier jet")
    note = NoteDyade.objects.get()
    assert champs_de(client.get(adresse("note_modifier", note)))["texte"] == "Premier jet"
    client.post(adresse("note_modifier", note), {"texte": "Texte revu"})
    note.refresh_from_db()
    assert note.texte == "Texte revu"
    assert "Texte revu" in texte_de(client.get(adresse("note_retirer", note)))
    client.post(adresse("note_retirer", note))
    assert not NoteDyade.objects.exists()
    assert client.post(adresse("note_retirer", note)).status_code == 404


def test_lautre_lit_la_note_sans_pouvoir_la_changer(distribution, client_de, entente):
    _partager(client_de(distribution.mentor), entente, "Note du mentor")
    note, client = NoteDyade.objects.get(), client_de(distribution.mentore)
    assert adresse("note_modifier", note) not in client.get(adresse("entente_notes", entente)).content.decode()
    assert client.post(adresse("note_modifier", note), {"texte": "Réécrite"}).status_code == 404
    assert client.post(adresse("note_retirer", note)).status_code == 404
    assert NoteDyade.objects.get().texte == "Note du mentor"


@pytest.mark.parametrize("texte", ["", "   ", "\n\n"])
def test_une_note_vide_est_refusee(distribution, client_de, entente, texte):
    assert "Écrivez la note" in texte_de(_partager(client_de(distribution.mentor), entente, texte))
    assert not NoteDyade.objects.exists()


def test_vider_une_note_ne_la_retire_pas_par_megarde(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    _partager(client, entente, "À garder")
    client.post(adresse("note_modifier", NoteDyade.objects.get()), {"texte": " "})
    assert NoteDyade.objects.get().texte == "À garder"


def test_vingt_mille_caracteres_passent_et_un_de_plus_est_refuse_sans_rien_perdre(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    assert _partager(client, entente, "é" * 20_000).status_code == 302
    reponse = _partager(client, entente, "é" * 20_001)
    assert "dépasse 20 000 caractères" in texte_de(reponse)
    assert champs_de(reponse)["dyade-texte"] == "é" * 20_001
    assert NoteDyade.objects.count() == 1


def test_les_caracteres_invisibles_sont_retires_et_les_accents_gardes(distribution, client_de, entente):
    _partager(
        client_de(distribution.mentor), entente, "Elle dit\u202e «\xa0je ne sais pas\xa0»\x00\r\n😀 l’été e\u0301"
    )
    assert NoteDyade.objects.get().texte == "Elle dit «\xa0je ne sais pas\xa0»\n😀 l’été é"


def test_la_page_des_notes_coute_autant_de_requetes_a_trente_notes(
    distribution, client_de, entente, django_assert_max_num_queries, monkeypatch
):
    # La pastille « À faire » a son propre essai : ici, on compte ce que coûte la page.
    monkeypatch.setattr("encadrement.accueil.contexte.nombre_a_faire", lambda personne: 0)
    client = client_de(distribution.mentor)
    for rang in range(30):
        _partager(client, entente, f"Note {rang}")
    with django_assert_max_num_queries(16):
        client.get(adresse("entente_notes", entente))
