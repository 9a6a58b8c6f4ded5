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
        ("cdp", ["R-119", "R-136-R-137", "R-139", "R-150-R-165", "R-380-R-392"]),
        ("consultation", ["R-182-R-183", "R-193-R-211"]),
        ("concertation", ["R-234-R-260"]),
    ],
)
def test_chaque_responsabilite_est_enoncee_une_fois(mesure, plages):
    attendus = [e.numero for e in exigences() for de, a in map(bornes, plages) if de <= e.rang <= a]
    assert sorted(e.numero for e in enonces_de_role(mesure)) == attendus


def test_sans_mesure_on_les_a_toutes():
    mesures = ("general", "mentorat", "cdp", "consultation", "concertation")
    assert len(enonces_de_role()) == sum(len(enonces_de_role(mesure)) for mesure in mesures)


def test_chaque_enonce_est_une_phrase_a_linfinitif():
    for role in enonces_de_role():
        verbe = role.enonce.removeprefix("Se ").removeprefix("S’").split()[0].removesuffix(",")
        assert verbe.endswith(("er", "ir", "re")), role
        assert role.enonce.endswith("."), role


def test_chaque_acteur_a_au_moins_une_responsabilite():
    assert {e.acteur for e in enonces_de_role()} == set(Acteur)


@pytest.mark.parametrize(
    ("numero", "acteur"),
    [
        ("R-064", Acteur.MENTOR),
        ("R-066", Acteur.APPR),
        ("R-070", Acteur.GESTIONNAIRE),
        # Le cadre dit « gestionnaire » ; une communauté n’en a qu’un qui approuve, son parrain.
        ("R-158", Acteur.PARRAIN),
        ("R-160", Acteur.PARRAIN),
        ("R-157", Acteur.GESTIONNAIRE),
        ("R-162", Acteur.MEMBRE_CDP),
        ("R-390", Acteur.ANIMATEUR),
        ("R-202", Acteur.GESTIONNAIRE),
        ("R-205", Acteur.EXPERT),
        ("R-208", Acteur.DEMANDEUR),
        ("R-210", Acteur.APPR),
        ("R-237", Acteur.DSM),
        ("R-239", Acteur.DIRECTION_CLINIQUE),
        ("R-244", Acteur.REPRESENTANT),
        ("R-246", Acteur.GESTIONNAIRE),
        ("R-253", Acteur.COORDONNATEUR),
        ("R-257", Acteur.INTERVENANT),
    ],
)
def test_la_responsabilite_va_au_bon_acteur(numero, acteur):
    assert [e.acteur for e in enonces_de_role() if e.numero == numero] == [acteur]


def test_une_responsabilite_renvoie_a_son_enonce():
    assert all(e.exigence.numero == e.numero for e in enonces_de_role())
