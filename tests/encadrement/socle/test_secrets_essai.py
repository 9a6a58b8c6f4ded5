"""Les secrets du mode essai naissent une fois, restent privés et ne se disputent pas."""

import stat
from concurrent.futures import ThreadPoolExecutor

from cryptography.fernet import Fernet

from encadrement.socle.secrets_essai import cle_de_champ, secret


def test_un_secret_nait_puis_reste(tmp_path):
    chemin = tmp_path / "cles" / "secret"
    assert secret(chemin) == secret(chemin)
    assert len(secret(chemin)) >= 50


def test_le_secret_nest_lisible_que_de_son_compte(tmp_path):
    chemin = tmp_path / "cles" / "champs"
    Fernet(cle_de_champ(chemin))
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert stat.S_IMODE(chemin.parent.stat().st_mode) == 0o700


def test_plusieurs_demarrages_ensemble_ont_le_meme_secret(tmp_path):
    chemin = tmp_path / "cles" / "secret"
    with ThreadPoolExecutor(8) as fils:
        assert len(set(fils.map(lambda _: secret(chemin), range(16)))) == 1
