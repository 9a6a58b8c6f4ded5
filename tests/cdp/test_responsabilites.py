"""« Qui doit faire quoi » dans une communauté : chaque responsabilité est dite à la bonne personne et mène à sa page."""

import html
import re

import pytest
from django.urls import reverse

from cdp.actions import communautes
from encadrement.cadre.roles import Acteur, enonces_de_role
from tests.cdp import scenes

pytestmark = pytest.mark.django_db

# Pour chaque personne, chaque énoncé : ce qu’on lit au bout de ses liens.
DSM = {
    "R-150": ("Rôles et responsabilités dans une communauté de pratique",),
    "R-151": ("fin d’assurer l’arrimage",),
    "R-152": ("Étapes de mise en œuvre",),
    "R-153": ("développer une communauté vivante", "Accueillir sans banaliser"),
    "R-154": ("Sondages",),
}
APPR = {"R-136": (scenes.NOM,)}
DIRECTION = {"R-155": ("maximum de 24 heures",)}
GESTIONNAIRE = {"R-156": (scenes.NOM,), "R-157": ("Gagné",), "R-161": ("À faire",)}
PARRAIN = {
    "R-119": (scenes.FICHE["domaine"],),
    "R-139": ("Plan",),
    "R-158": ("Plan",),
    "R-159": ("apport",),
    "R-160": ("Rencontres",),
}
MEMBRE = {
    "R-162": ("Ajouter un outil", "Lancer un appel"),
    "R-163": ("Plan",),
    "R-164": ("À faire",),
}
ANIMATRICE = {
    **MEMBRE,
    "R-137": (scenes.FICHE["domaine"],),
    "R-165": ("développer une communauté vivante",),
    "R-380": (scenes.FICHE["domaine"],),
    "R-381": (scenes.FICHE["domaine"],),
    "R-382": ("Agréée",),
    "R-383": ("Inviter",),
    "R-384": (scenes.FICHE["domaine"],),
    "R-385": ("Planifier",),
    "R-386": ("Teams",),
    "R-387": ("Plan",),
    "R-388": ("Proposer un sujet",),
    "R-389": ("Ajouter un outil",),
    "R-390": ("uivis",),
    "R-391": ("Éviter les co-alliances stériles",),
    "R-392": ("Rencontres",),
}
CAS = [
    pytest.param("dsm", DSM, marks=pytest.mark.exigence("R-150", "R-151", "R-152", "R-153", "R-154")),
    pytest.param("appr", APPR, marks=pytest.mark.exigence("R-136")),
    pytest.param("directrice", DIRECTION, marks=pytest.mark.exigence("R-155")),
    pytest.param("cheffe", GESTIONNAIRE, marks=pytest.mark.exigence("R-156", "R-157", "R-161")),
    pytest.param("parrain", PARRAIN, marks=pytest.mark.exigence("R-119", "R-139", "R-158", "R-159", "R-160")),
    pytest.param("membre", MEMBRE, marks=pytest.mark.exigence("R-162", "R-163", "R-164")),
    pytest.param(
        "animatrice",
        ANIMATRICE,
        marks=pytest.mark.exigence(
            "R-137", "R-165", "R-380", "R-381", "R-382", "R-383", "R-384", "R-385", "R-386", "R-387", "R-388",
            "R-389", "R-390", "R-391", "R-392",
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("nom", "attendus"), CAS)
def test_chaque_responsabilite_est_dite_et_mene_a_sa_page(distribution, client_de, nom, attendus):
    scenes.communaute_active(distribution)
    client = client_de(_personne(distribution, nom))
    blocs = _blocs(client)
    for numero, a_lire in attendus.items():
        assert numero in blocs, f"{numero} n’est pas dit"
        liens = [html.unescape(lien) for lien in re.findall(r'<li><a href="([^"]+)">', blocs[numero])]
        assert len(liens) == len(a_lire), (numero, liens)
        for lien, texte in zip(liens, a_lire, strict=True):
            page = client.get(lien)
            assert page.status_code == 200, (numero, lien)
            assert texte in _texte(page), (numero, lien, texte)


def _personne(distribution, nom):
    """Rend un personnage ; « cheffe », la gestionnaire d’un membre qui n’est pas le parrain."""
    return distribution.membre.superieur if nom == "cheffe" else distribution[nom]


def _texte(page):
    return " ".join(html.unescape(page.text).replace("\xa0", " ").split())


def _blocs(client):
    """Rend {numéro: ce qui suit l’énoncé}, un par énoncé que la page dit avec son « Pourquoi? »."""
    lus = html.unescape(client.get(reverse("accueil:qui_doit_faire_quoi")).text)
    renvois = list(re.finditer(r"/cadre/(R-\d{3})/", lus))
    fins = [*(renvoi.start() for renvoi in renvois[1:]), len(lus)]
    return {renvoi[1]: lus[renvoi.end() : fin] for renvoi, fin in zip(renvois, fins, strict=True)}


def test_chaque_responsabilite_des_communautes_a_sa_ligne_ici():
    ecrites = {numero for cas in CAS for numero in cas.values[1]}
    assert {e.numero for e in enonces_de_role("cdp")} == ecrites


@pytest.mark.parametrize(
    ("nom", "acteurs"),
    [
        ("animatrice", {Acteur.ANIMATEUR, Acteur.MEMBRE_CDP}),
        ("secretaire", {Acteur.MEMBRE_CDP}),
        ("membre", {Acteur.MEMBRE_CDP}),
        ("parrain", {Acteur.PARRAIN}),
        ("ancien_membre", set()),
        ("collegue", set()),
        ("dsm", set()),
    ],
)
def test_la_page_dit_a_chacun_ce_qu_il_est_dans_sa_communaute(distribution, client_de, nom, acteurs):
    scenes.communaute_active(distribution)
    page = client_de(distribution[nom]).get(reverse("accueil:qui_doit_faire_quoi"))
    miens = {groupe.acteur for groupe in page.context["groupes"] if groupe.me_concerne}
    assert miens & {Acteur.ANIMATEUR, Acteur.MEMBRE_CDP, Acteur.PARRAIN} == acteurs


def test_le_geste_de_l_animatrice_ne_se_propose_pas_a_un_membre(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    blocs = _blocs(client_de(distribution.membre))
    assert str(communaute.uuid) not in blocs["R-385"]


def test_une_communaute_dissoute_ne_confie_plus_rien(distribution, client_de):
    communaute = scenes.communaute_active(distribution)
    communautes.dissoudre_communaute(communaute, par=distribution.parrain, motif="Objectifs atteints.")
    for nom in ("animatrice", "membre", "parrain"):
        page = client_de(distribution[nom]).get(reverse("accueil:qui_doit_faire_quoi"))
        miens = {groupe.acteur for groupe in page.context["groupes"] if groupe.me_concerne}
        assert not miens & {Acteur.ANIMATEUR, Acteur.MEMBRE_CDP, Acteur.PARRAIN}, nom
