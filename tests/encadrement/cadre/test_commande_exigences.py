"""La commande `exigences` : elle lit les marques des essais et nomme ce qui manque."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def essai(dossier, source):
    dossier.joinpath("test_essai.py").write_text("import pytest\n\n" + source, encoding="utf-8")


def compter(dossier, **options):
    sortie = StringIO()
    call_command("exigences", essais=dossier, stdout=sortie, **options)
    return sortie.getvalue()


def test_une_marque_couvre_chacun_de_ses_numeros(tmp_path):
    essai(tmp_path, '@pytest.mark.exigence("R-049", "R-050")\ndef test_a():\n    assert True\n')
    sortie = compter(tmp_path, plage=["R-048-R-050"])
    assert "R-048-R-050 : 2 / 3" in sortie
    assert "R-048  Dyade" in sortie
    assert "  R-049" not in sortie


def test_une_marque_de_module_compte(tmp_path):
    essai(tmp_path, 'pytestmark = [pytest.mark.django_db, pytest.mark.exigence("R-049")]\n')
    assert "R-049 : 1 / 1" in compter(tmp_path, plage=["R-049"])


def test_un_numero_dans_un_commentaire_ne_compte_pas(tmp_path):
    essai(tmp_path, '# @pytest.mark.exigence("R-049")\ndef test_a():\n    """R-049"""\n')
    assert "R-049 : 0 / 1" in compter(tmp_path, plage=["R-049"])


def test_seuls_les_enonces_obligatoires_comptent(tmp_path):
    essai(tmp_path, 'pytestmark = pytest.mark.exigence("R-061")\n')
    assert "R-060-R-062 : 0 / 0" in compter(tmp_path, plage=["R-060-R-062"])


def test_le_tableau_montre_chaque_section_et_lensemble(tmp_path):
    sortie = compter(tmp_path)
    assert "  0 / 61   Cadre, section 5.1" in sortie
    assert "  0 / 309  Ensemble" in sortie


def test_sans_plage_on_regarde_les_roles_generaux_et_le_mentorat(tmp_path):
    sortie = compter(tmp_path)
    for plage in ("R-018-R-041", "R-042-R-111", "R-327-R-363", "R-404-R-416"):
        assert f"\n{plage} : 0 /" in sortie


def test_une_mesure_a_ses_plages(tmp_path):
    sortie = compter(tmp_path, mesure="consultation")
    assert "\nR-166-R-211 : 0 /" in sortie
    assert "\nR-042-R-111" not in sortie


def test_strict_echoue_sil_manque_un_enonce(tmp_path):
    with pytest.raises(CommandError, match="1 énoncé"):
        compter(tmp_path, plage=["R-049"], strict=True)


def test_strict_passe_si_tout_est_couvert(tmp_path):
    essai(tmp_path, 'pytestmark = pytest.mark.exigence("R-049")\n')
    assert "R-049 : 1 / 1" in compter(tmp_path, plage=["R-049"], strict=True)


def test_une_marque_qui_cite_un_enonce_inconnu_est_denoncee(tmp_path):
    essai(tmp_path, 'pytestmark = pytest.mark.exigence("R-999")\n')
    with pytest.raises(CommandError, match="R-999"):
        compter(tmp_path)


def test_une_marque_calculee_est_denoncee(tmp_path):
    essai(tmp_path, 'N = "R-049"\npytestmark = pytest.mark.exigence(N)\n')
    with pytest.raises(CommandError, match="en toutes lettres"):
        compter(tmp_path)


def test_une_plage_mal_ecrite_est_refusee(tmp_path):
    with pytest.raises(CommandError, match="R-42"):
        compter(tmp_path, plage=["R-42"])
