"""Reconnaître un mot malgré une faute, sans prendre un mot pour un autre."""

import pytest

from encadrement.socle.rapprochement import APPROCHANT, EXACT, RIEN, rapprocher


@pytest.mark.parametrize(
    ("mot", "autres", "attendu"),
    [
        ("cyr", {"guylaine", "cyr"}, EXACT),
        ("ergo", {"physiotherapie", "ergotherapie"}, EXACT),
        ("hemineglijence", {"heminegligence"}, APPROCHANT),
        ("hemineglij", {"heminegligence"}, APPROCHANT),
        ("positionement", {"positionnement"}, APPROCHANT),
        ("disfagie", {"dysphagie"}, APPROCHANT),
        ("comunication", {"communication"}, APPROCHANT),
        ("cousin", {"coussin"}, APPROCHANT),
        ("coeur", {"cœur"}, APPROCHANT),
        ("bujlod", {"bujold"}, APPROCHANT),
        ("positif", {"position"}, RIEN),
        ("aphasie", {"dysphasie", "apraxie"}, RIEN),
        ("ryc", {"cyr"}, RIEN),
        ("zzzz", {"heminegligence", "coussin"}, RIEN),
        ("zzzz", {"sante", "zoe"}, RIEN),
        ("hhhh", {"cyr"}, RIEN),
        ("mot", set(), RIEN),
    ],
)
def test_un_mot_se_rapproche_de_ce_quon_voulait_ecrire(mot, autres, attendu):
    assert rapprocher(mot, autres) == attendu
