"""Le suivi au gestionnaire : le mentor écrit, le mentoré et le gestionnaire lisent."""

import pytest
from django.db import connection

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from mentorat.models import SuiviGestionnaire
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

pytestmark = pytest.mark.django_db

OBSERVATION = "Autonome pour l’évaluation de base; la relecture reste utile."


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution)


def _ecrire(client, entente, texte=OBSERVATION):
    return client.post(adresse("entente_suivi", entente), {"texte": texte})


@pytest.mark.exigence("R-064", "R-101", "R-358", "R-414")
def test_le_mentor_transmet_ses_observations_et_le_mentore_les_lit_aussi(distribution, client_de, entente):
    Courriel.objects.all().delete()
    reponse = _ecrire(client_de(distribution.mentor), entente)
    assert reponse.url == adresse("entente_suivi", entente)
    for qui in ("mentor", "mentore", "gestionnaire", "delegue"):
        assert OBSERVATION in texte_de(client_de(distribution[qui]).get(adresse("entente_suivi", entente))), qui
    avises = set(Courriel.objects.values_list("a", flat=True))
    assert {distribution.mentore.pk, distribution.gestionnaire.pk} <= avises
    assert OBSERVATION not in str(list(Courriel.objects.values()))


@pytest.mark.exigence("R-063", "R-358")
@pytest.mark.parametrize(
    ("qui", "code"),
    [
        ("dsm", 403),
        ("appr", 403),
        ("drhcaj", 403),
        ("gestionnaire_mentor", 404),
        ("autre_gestionnaire", 404),
        ("ancien_gestionnaire", 404),
        ("directrice", 404),
        ("executif_cm", 404),
        ("pilote", 404),
        ("superutilisateur", 404),
        ("collegue", 404),
    ],
)
def test_personne_dautre_ne_lit_le_suivi(distribution, client_de, entente, qui, code):
    _ecrire(client_de(distribution.mentor), entente)
    reponse = client_de(distribution[qui]).get(adresse("entente_suivi", entente))
    assert reponse.status_code == code
    assert OBSERVATION not in reponse.content.decode()


@pytest.mark.parametrize("qui", ["mentore", "gestionnaire", "dsm"])
def test_seul_le_mentor_ecrit_le_suivi(distribution, client_de, entente, qui):
    client = client_de(distribution[qui])
    assert _ecrire(client, entente).status_code == 403
    assert not SuiviGestionnaire.objects.exists()
    if qui != "dsm":
        assert "Transmettre au gestionnaire" not in texte_de(client.get(adresse("entente_suivi", entente)))


def test_le_suivi_ne_secrit_pas_avant_lapprobation(distribution, client_de):
    entente = scenes.entente(distribution, "a_signer")
    reponse = _ecrire(client_de(distribution.mentor), entente)
    assert reponse.status_code == 409
    assert not SuiviGestionnaire.objects.exists()


def test_le_suivi_est_chiffre_et_chaque_lecture_consignee(distribution, client_de, entente):
    _ecrire(client_de(distribution.mentor), entente)
    client_de(distribution.gestionnaire).get(adresse("entente_suivi", entente))
    trace = Entree.objects.filter(acte="mentorat.lecture.suivi").latest("pk")
    assert trace.par_id == distribution.gestionnaire.pk
    with connection.cursor() as curseur:
        curseur.execute("SELECT texte FROM mentorat_suivigestionnaire")
        assert OBSERVATION not in str(curseur.fetchall())


def test_un_suivi_trop_long_est_refuse_et_reste_a_lecran(distribution, client_de, entente):
    reponse = _ecrire(client_de(distribution.mentor), entente, "a" * 20_001)
    assert "dépasse 20 000 caractères" in texte_de(reponse)
    assert champs_de(reponse)["texte"] == "a" * 20_001
    assert not SuiviGestionnaire.objects.exists()
