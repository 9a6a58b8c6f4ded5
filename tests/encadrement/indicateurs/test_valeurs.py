"""Un chiffre s’écrit comme on le lit, et ne dit pas plus qu’il ne sait."""

import pytest

from encadrement.indicateurs.registre import Unite
from encadrement.indicateurs.valeurs import Valeur, ecrire


@pytest.mark.parametrize(
    ("valeur", "unite", "ecrit"),
    [
        (Valeur(nombre=1250), Unite.NOMBRE, "1\xa0250"),
        (Valeur(nombre=90), Unite.HEURES, "1\xa0h\xa030"),
        (Valeur(nombre=12, partiel=True), Unite.NOMBRE, "au moins 12"),
        (Valeur(nombre=3.5), Unite.JOURS, "3,5\xa0jours"),
        (Valeur(nombre=46, sur=11), Unite.NOTE, "4,2 sur 5"),
        (Valeur(masque=True), Unite.NOMBRE, "moins\xa0de\xa05"),
        (Valeur(raison="Aucune campagne"), Unite.NOTE, "—"),
    ],
)
def test_une_valeur_s_ecrit_dans_son_unite(valeur, unite, ecrit):
    assert ecrire(valeur, unite) == ecrit


@pytest.mark.exigence("R-072", "R-315")
@pytest.mark.parametrize(
    ("nombre", "sur", "ecrit"),
    [(30, 40, "75\xa0% (30 sur 40)"), (7, 12, "7 sur 12"), (23, 22, "23 sur 22"), (22, 22, "100\xa0% (22 sur 22)")],
)
def test_une_part_donne_un_pourcentage_quand_il_veut_dire_quelque_chose(nombre, sur, ecrit):
    assert ecrire(Valeur(nombre=nombre, sur=sur), Unite.PART) == ecrit
