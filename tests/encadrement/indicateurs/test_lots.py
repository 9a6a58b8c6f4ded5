"""Les lots : aucun groupe de moins de cinq personnes ne se déduit d’une différence (N-06)."""

import random

import pytest

from encadrement.indicateurs.lots import PLANCHER, lots_des_mois, lots_du_territoire


def test_un_service_de_cinq_personnes_fait_un_lot_a_lui_seul():
    assert lots_du_territoire({("A", 1, "x"): 5, ("A", 2, "x"): 6}) == [{("A", 1, "x")}, {("A", 2, "x")}]


def test_deux_petits_services_se_reunissent_dans_leur_direction_avant_dailleurs():
    lots = lots_du_territoire({("A", 1, "x"): 3, ("A", 2, "x"): 2, ("B", 3, "x"): 7})
    assert set(lots) == {frozenset({("A", 1, "x"), ("A", 2, "x")}), frozenset({("B", 3, "x")})}


def test_une_petite_direction_sadosse_a_la_moindre_des_autres():
    lots = lots_du_territoire({("A", 1, "x"): 3, ("B", 2, "x"): 9, ("C", 3, "x"): 6})
    assert set(lots) == {frozenset({("A", 1, "x"), ("C", 3, "x")}), frozenset({("B", 2, "x")})}


def test_moins_de_cinq_en_tout_ne_se_montre_pas():
    assert lots_du_territoire({("A", 1, "x"): 2, ("B", 2, "x"): 2}) == []


def test_des_personnes_a_cheval_ne_comptent_quune_fois():
    assert lots_du_territoire({("A", None, None): 3, ("B", None, None): 3}, additives=False) == []


def test_une_cellule_vide_ne_cache_rien_et_ne_sert_dappui_a_personne():
    assert lots_du_territoire({("A", 1, "x"): 0, ("B", 2, "x"): 3}) == [{("A", 1, "x")}]


@pytest.mark.parametrize("graine", range(20))
def test_les_lots_partagent_lannee_en_groupes_de_cinq_au_moins(graine):
    hasard = random.Random(graine)
    cellules = {
        (f"D{hasard.randrange(4)}", hasard.randrange(12), f"r{hasard.randrange(4)}"): hasard.randrange(9)
        for _ in range(40)
    }
    lots = lots_du_territoire(cellules)
    comptes = [sum(cellules[cle] for cle in lot) for lot in lots]
    assert all(compte == 0 or compte >= PLANCHER for compte in comptes)
    assert sorted(cle for lot in lots for cle in lot) == sorted(cellules)


def test_les_mois_se_suivent_jusqua_cinq_personnes_et_la_fin_sadosse():
    assert lots_des_mois({1: 2, 2: 6, 3: 5, 4: 1}) == [{1, 2}, {3, 4}]
    assert lots_des_mois({1: 3, 2: 3}) == []
