"""Au démarrage : un dossier, les statiques, les clés ou le coffre ne vont pas, et la commande `check` le dit."""

import os

import pytest
from django.core.checks import run_checks

from encadrement.importations.controles import dossier_surveille
from encadrement.socle import coffre
from encadrement.socle.controles import (
    antivirus_connu,
    cles_presentes,
    coffre_a_l_ecart,
    donnees_accessibles,
    serie_de_conservation,
    statiques_rassembles,
)


def trouves(controle):
    return [message.id for message in controle()]


def test_les_reglages_d_essai_passent(db):
    assert trouves(cles_presentes) == trouves(coffre_a_l_ecart) == trouves(serie_de_conservation) == []
    assert [message for message in run_checks() if message.id.startswith("encadrement.")] == []


def test_un_dossier_de_donnees_absent_arrete_le_demarrage(settings, tmp_path):
    settings.VAR = tmp_path / "absent"
    assert trouves(donnees_accessibles) == ["encadrement.E006"]
    settings.VAR.mkdir()
    assert trouves(donnees_accessibles) == []


def test_des_statiques_pas_rassembles_arretent_le_demarrage(settings, tmp_path):
    settings.MODE_ESSAI, settings.STATIC_ROOT = False, tmp_path
    assert trouves(statiques_rassembles) == ["encadrement.E007"]
    (tmp_path / "staticfiles.json").write_text("{}")
    assert trouves(statiques_rassembles) == []


def test_un_dossier_surveille_absent_se_dit_sans_rien_arreter(settings, tmp_path):
    assert trouves(dossier_surveille) == []
    settings.IMPORTATIONS_DOSSIER = str(tmp_path / "rh")
    (message,) = dossier_surveille()
    assert (message.id, message.is_serious()) == ("encadrement.W050", False)
    (tmp_path / "rh").mkdir()
    assert trouves(dossier_surveille) == []


def test_un_antivirus_mal_nomme_arrete_le_demarrage(settings):
    for nom in ("clamav", "encadrement.fichiers.clamd.inconnu", "encadrement.absent.examiner"):
        settings.ANTIVIRUS = nom
        assert trouves(antivirus_connu) == ["encadrement.E008"]
    settings.ANTIVIRUS = "encadrement.fichiers.clamd.examiner"
    assert trouves(antivirus_connu) == []


@pytest.mark.parametrize("cles", [[], ["trop-courte"], ["c3VpdGUtZC1lc3NhaXMtY2xlLWRlLTMyLW9jdGV0cyE=", "non"]])
def test_une_cle_absente_ou_illisible_arrete_le_demarrage_sans_la_repeter(settings, cles):
    settings.CLES_CHAMPS = cles
    messages = cles_presentes()
    assert [message.id for message in messages] == ["encadrement.E040"]
    assert not any(cle in message.msg for message in messages for cle in cles)


@pytest.mark.parametrize("ou", ["fichiers", "fichiers/cles"])
def test_le_coffre_ne_peut_pas_etre_dans_les_fichiers_deposes(settings, tmp_path, ou):
    settings.COFFRE = str(tmp_path / ou)
    assert trouves(coffre_a_l_ecart) == ["encadrement.E041"]


def test_ni_dans_media_ni_dans_les_statiques_meme_par_un_lien(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "media").mkdir()
    (tmp_path / "lien").symlink_to(tmp_path / "media")
    for coffre_ici in ("media/coffre", "lien/coffre"):
        settings.COFFRE = str(tmp_path / coffre_ici)
        assert trouves(coffre_a_l_ecart) == ["encadrement.E041"]


def test_un_coffre_inaccessible_arrete_le_demarrage(settings, tmp_path, monkeypatch):
    settings.COFFRE = str(tmp_path / "coffre")
    (tmp_path / "coffre").mkdir(mode=0o700)
    # Un essai lancé par root ouvre tout : on refuse à sa place.
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert trouves(coffre_a_l_ecart) == ["encadrement.E042"]


def test_un_coffre_qui_est_un_fichier_arrete_le_demarrage(settings, tmp_path):
    settings.COFFRE = str(tmp_path / "coffre")
    (tmp_path / "coffre").write_text("")
    assert trouves(coffre_a_l_ecart) == ["encadrement.E042"]


def test_un_coffre_ouvert_a_d_autres_comptes_avertit(settings, tmp_path):
    settings.COFFRE = str(tmp_path / "coffre")
    coffre.dossier().mkdir()
    coffre.dossier().chmod(0o755)
    assert trouves(coffre_a_l_ecart) == ["encadrement.W043"]
    coffre.dossier().chmod(0o700)
    assert trouves(coffre_a_l_ecart) == []


def test_o_15_en_production_la_serie_de_conservation_est_demandee(settings):
    settings.MODE_ESSAI = False
    assert trouves(serie_de_conservation) == ["encadrement.W044"]
    settings.CONSERVATION_SITUATIONS_SERIE = "01-02-03"
    assert trouves(serie_de_conservation) == []
