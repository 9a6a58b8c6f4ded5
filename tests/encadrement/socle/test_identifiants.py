"""Repérer ce qui identifie, sans crier au loup (B-09)."""

import itertools
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encadrement.socle.identifiants import reperer
from tests.encadrement.socle.corpus import textes_identifiants, textes_propres

GRAINE = 20261122


def sortes(texte):
    return [trouvaille.sorte.name for trouvaille in reperer(texte)]


def test_presque_tout_texte_qui_identifie_avertit():
    essais, manques = Counter(), Counter()
    for sorte, texte in textes_identifiants(GRAINE):
        essais[sorte] += 1
        manques[sorte] += sorte not in sortes(texte)
    assert essais.total() == 1000
    assert manques.total() <= 20, manques
    assert all(manques[sorte] <= nombre * 0.05 for sorte, nombre in essais.items()), manques


def test_presque_aucun_texte_propre_navertit():
    fausses = [(sortes(texte), texte) for texte in textes_propres(GRAINE) if reperer(texte)]
    assert len(fausses) <= 20, fausses[:5]


@pytest.mark.parametrize(
    ("texte", "attendue"),
    [
        ("NAM TREM 5403 0312", "NAM"),
        ("roys54530312", "NAM"),
        ("DDN 1954-05-03", "NAISSANCE"),
        ("né le 3 mai 1954", "NAISSANCE"),
        ("née en mai 54", "NAISSANCE"),
        ("Elle aura 80 ans le 3 mai", "NAISSANCE"),
        ("(418) 368-1234", "TELEPHONE"),
        ("appeler au 368-1230", "TELEPHONE"),
        ("lucie.roy@exemple.ca", "COURRIEL"),
        ("45, rue de la Cathédrale", "ADRESSE"),
        ("G4X 1A2", "ADRESSE"),
        ("dossier 123456", "DOSSIER"),
        ("no de dossier : 4521", "DOSSIER"),
        ("#123456", "DOSSIER"),
        ("046 454 286", "NAS"),
        ("M. Tremblay", "NOM"),
        ("Mme Roy", "NOM"),
        ("MME ROY", "NOM"),
        ("Jean Tremblay", "NOM"),
        ("son fils Marc", "NOM"),
    ],
)
def test_chaque_forme_se_repere(texte, attendue):
    assert sortes(f"On m’a dit ceci : {texte}, et voilà.") == [attendue]


@pytest.mark.parametrize(
    "texte",
    [
        "Rencontre du 21 octobre 2026, 13 h 30.",
        "TREM 5413 0312",
        "046 454 287",
        "madame est anxieuse, monsieur dort",
        "M. X et Mme T.",
        "La communauté est née en 2024.",
        "1 866 277-3553",
        "dossier 2026-10-21",
        "Selon Jean Piaget",
        "usager MPOC",
        "2 comprimés de 500 mg, maximum 300-1000 mg",
    ],
)
def test_ce_qui_ne_nomme_personne_ne_se_repere_pas(texte):
    assert sortes(texte) == []


def test_un_extrait_masque_situe_sans_repeter():
    texte = "Appeler Mme Roy, née le 3 mai 1954, NAM ROYL 5453 0312."
    trouvailles = reperer(texte)
    assert [t.extrait_masque for t in trouvailles] == ["Mme R••", "née le • m•• ••••", "R••• •••• ••••"]
    assert [texte[t.debut : t.fin] for t in trouvailles] == ["Mme Roy", "née le 3 mai 1954", "ROYL 5453 0312"]


@given(st.text(max_size=300))
def test_aucun_texte_ne_fait_trebucher(texte):
    trouvailles = reperer(texte)
    assert all(0 <= t.debut < t.fin <= len(texte) for t in trouvailles)
    assert all(une.fin <= suivante.debut for une, suivante in itertools.pairwise(trouvailles))


@pytest.mark.parametrize(
    "morceau",
    [
        "a",
        "1",
        "12 ",
        "né le ",
        "M. ",
        "A-",
        "dossier # ",
        "a.",
        "1 rue de ",
        "nom: A",
        "né le 3 mai 54, ",
        "Jean Roy, ",
    ],
)
def test_un_texte_demesure_se_lit_vite(morceau):
    """Aucun motif n’explose sur un texte fait pour cela."""
    debut = time.monotonic()
    reperer(morceau * (20_000 // len(morceau)))
    assert time.monotonic() - debut < 5


# — Les initiales, là où un code nomme la situation


@pytest.mark.parametrize(
    "texte", ["Mme T.", "M. J. T.", "Mme T", "J.T.", "(A.B.)", "usager B.", "les initiales J. T.", "R. A. de Maria"]
)
def test_des_initiales_ne_se_reperent_que_si_on_le_demande(texte):
    phrase = f"Selon l’équipe, {texte} refuse l’aide."
    assert reperer(phrase) == []
    assert [trouvaille.sorte.name for trouvaille in reperer(phrase, initiales=True)] == ["INITIALES"]


@pytest.mark.parametrize(
    "texte",
    ["le C.A. du CISSS", "S.M.A.R.T.", "par I.V. en continu", "C.L.S.C. de Maria", "p. ex. A. ou B.", "la SMD."],
)
def test_une_abreviation_dusage_ne_passe_pas_pour_des_initiales(texte):
    assert reperer(f"On retient {texte} pour la suite.", initiales=True) == []


def test_chercher_les_initiales_garde_tout_le_reste():
    for _, texte in textes_identifiants(GRAINE):
        assert {t.sorte for t in reperer(texte)} <= {t.sorte for t in reperer(texte, initiales=True)}
