"""Les pièces communes ne savent rien des communautés de pratique : ni un nom, ni une chaîne de leur code ne les cite."""

import ast
import re

import pytest

from tests.sources import gabarits, modules

# Ce qui assemble la maison nomme ses mesures : adresses, horaire, réglages, démonstration, appels à l’accueil.
ASSEMBLENT = (
    "encadrement/urls.py",
    "encadrement/celery.py",
    "encadrement/settings/",
    "encadrement/outils/",
    "encadrement/accueil/contexte.py",
)
# Le texte du cadre nomme ses sections, ses acteurs et ses annexes : ces mots sont les siens, rien n’en dépend.
MOTS_DU_CADRE = {
    "encadrement/cadre/textes.py",
    "encadrement/cadre/ressources.py",
    "encadrement/cadre/roles.py",
    # Des sigles ordinaires, qui n’identifient personne.
    "encadrement/socle/motifs.py",
}
CITE = re.compile(r"cdp", re.IGNORECASE)
# Ce qui serait une dépendance même dans un texte du cadre : une adresse, un modèle, un gabarit, un module.
ADRESSE = re.compile(r"\bcdp[:./]\w", re.IGNORECASE)


def noms(arbre):
    """Parcourt (ligne, texte) de chaque identifiant et de chaque chaîne d’un module."""
    for noeud in ast.walk(arbre):
        ligne = getattr(noeud, "lineno", 0)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
            yield ligne, noeud.value
        elif isinstance(noeud, ast.alias):
            yield from ((ligne, nom) for nom in (noeud.name, noeud.asname) if nom)
        elif isinstance(noeud, ast.ImportFrom):
            yield ligne, noeud.module or ""
        else:
            for champ in ("id", "attr", "name", "arg"):
                if isinstance(nom := getattr(noeud, champ, None), str):
                    yield ligne, nom


def citations(arbre, motif):
    return [(ligne, texte[:60]) for ligne, texte in noms(arbre) if motif.search(texte)]


def _communs():
    return {
        chemin: arbre
        for chemin, arbre in modules().items()
        if chemin.startswith("encadrement/") and not chemin.startswith(ASSEMBLENT)
    }


def test_aucune_piece_commune_ne_cite_les_communautes():
    trouves = {
        chemin: cites
        for chemin, arbre in _communs().items()
        if (cites := citations(arbre, ADRESSE if chemin in MOTS_DU_CADRE else CITE))
    }
    assert trouves == {}


def test_les_exceptions_existent_et_servent():
    connus = modules()
    assert all(any(chemin.startswith(debut) for chemin in connus) for debut in ASSEMBLENT)
    assert all(citations(connus[chemin], CITE) for chemin in MOTS_DU_CADRE)


@pytest.mark.parametrize(
    "code",
    [
        "from cdp.models import Communaute",
        "import cdp",
        "reverse('cdp:communaute')",
        "annoncer_cdp()",
        "objet.rencontre_cdp.jour",
        "def f(cdp): ...",
        "notifier('cdp/x', cdp_id=1)",
        "class RencontreCdp: ...",
    ],
)
def test_la_garde_voit_ce_qu_elle_cherche(code):
    assert citations(ast.parse(code), CITE)


def test_aucun_gabarit_commun_ne_mene_aux_communautes():
    siens = ("cdp/", "courriels/cdp/", "pdf/cdp/", "ressources/")
    assert [nom for nom, texte in gabarits().items() if not nom.startswith(siens) and ADRESSE.search(texte)] == []
