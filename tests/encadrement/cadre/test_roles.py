"""« Qui doit faire quoi » : chaque responsabilité du cadre est confiée à quelqu’un, une fois."""

import pytest

from encadrement.cadre.roles import Acteur, enonces_de_role
from encadrement.cadre.textes import bornes, exigences


@pytest.mark.exigence("R-028")
@pytest.mark.parametrize(
    ("mesure", "plages"),
    [
        ("general", ["R-018-R-041"]),
        ("mentorat", ["R-064-R-066", "R-070", "R-078-R-111"]),
    ],
)
def test_chaque_responsabilite_est_enoncee_une_fois(mesure, plages):
    attendus = [e.numero for e in exigences() for de, a in map(bornes, plages) if de <= e.rang <= a]
    assert sorted(e.numero for e in enonces_de_role(mesure)) == attendus


def test_sans_mesure_on_les_a_toutes():
    assert len(enonces_de_role()) == len(enonces_de_role("general")) + len(enonces_de_role("mentorat"))


def test_chaque_enonce_est_une_phrase_a_linfinitif():
    for role in enonces_de_role():
        verbe = role.enonce.removeprefix("Se ").removeprefix("S’").split()[0].removesuffix(",")
        assert verbe.endswith(("er", "ir", "re")), role
        assert role.enonce.endswith("."), role


def test_chaque_acteur_a_au_moins_une_responsabilite():
    assert {e.acteur for e in enonces_de_role()} == set(Acteur)


@pytest.mark.parametrize(
    ("numero", "acteur"), [("R-064", Acteur.MENTOR), ("R-066", Acteur.APPR), ("R-070", Acteur.GESTIONNAIRE)]
)
def test_la_responsabilite_va_au_bon_acteur(numero, acteur):
    assert [e.acteur for e in enonces_de_role("mentorat") if e.numero == numero] == [acteur]


def test_une_responsabilite_renvoie_a_son_enonce():
    assert all(e.exigence.numero == e.numero for e in enonces_de_role())
