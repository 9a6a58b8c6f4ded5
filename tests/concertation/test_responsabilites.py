"""« Qui doit faire quoi » au comité : chaque responsabilité est dite à la bonne personne et mène à sa page."""

import html
import re

import pytest
from django.urls import reverse

from encadrement.cadre.roles import Acteur, enonces_de_role
from tests.concertation import scenes

pytestmark = pytest.mark.django_db

CODE = "CC-20"
# Pour chaque personne, chaque énoncé : ce qu’on lit au bout de son lien.
DSM = {"R-234": "Comité de concertation", "R-235": "rencontre", "R-236": "rientation", "R-237": "hiffres"}
DIRECTION = {"R-238": "Comité de concertation", "R-239": "représentant", "R-240": CODE, "R-241": "À faire"}
REPRESENTANT = {"R-242": "Comité", "R-243": CODE, "R-244": CODE, "R-245": "À faire"}
GESTIONNAIRE = {"R-246": CODE, "R-247": "Comité", "R-248": "À faire"}
COORDONNATRICE = {
    "R-249": CODE, "R-250": CODE, "R-251": "Comité", "R-252": CODE, "R-253": CODE, "R-254": CODE, "R-255": "À faire",
}  # fmt: skip
INTERVENANT = {"R-256": CODE, "R-257": CODE, "R-258": "Comité", "R-259": CODE, "R-260": "À faire"}
CAS = [
    pytest.param(nom, attendus, id=identifiant)
    for identifiant, nom, attendus in (
        ("dsm", "dsm", DSM),
        ("direction", "directrice", DIRECTION),
        ("representant", "autre_gestionnaire", REPRESENTANT),
        ("gestionnaire", "gestionnaire", GESTIONNAIRE),
        ("coordonnatrice", "coordonnatrice", COORDONNATRICE),
        ("intervenant", "mentore", INTERVENANT),
    )
]


@pytest.mark.exigence(
    "R-234", "R-235", "R-236", "R-237", "R-238", "R-239", "R-240", "R-241", "R-242",
    "R-243", "R-244", "R-245", "R-246", "R-247", "R-248", "R-249", "R-250", "R-251",
    "R-252", "R-253", "R-254", "R-255", "R-256", "R-257", "R-258", "R-259", "R-260",
)  # fmt: skip
@pytest.mark.parametrize(("nom", "attendus"), CAS)
def test_chaque_responsabilite_est_dite_et_mene_a_sa_page(distribution, client_de, nom, attendus):
    scenes.situation_en_suivi(distribution)
    client = client_de(distribution[nom])
    blocs = _blocs(client)
    for numero, a_lire in attendus.items():
        assert numero in blocs, f"{numero} n’est pas dit"
        (lien,) = (html.unescape(lien) for lien in re.findall(r'<li><a href="([^"]+)">', blocs[numero]))
        page = client.get(lien)
        assert page.status_code == 200, (numero, lien)
        assert a_lire in _texte(page), (numero, lien, a_lire)


def _texte(page):
    return " ".join(html.unescape(page.text).replace("\xa0", " ").split())


def _blocs(client):
    """Rend {numéro: ce qui suit l’énoncé}, un par énoncé que la page dit avec son « Pourquoi? »."""
    lus = html.unescape(client.get(reverse("accueil:qui_doit_faire_quoi")).text)
    renvois = list(re.finditer(r"/cadre/(R-\d{3})/", lus))
    fins = [*(renvoi.start() for renvoi in renvois[1:]), len(lus)]
    return {renvoi[1]: lus[renvoi.end() : fin] for renvoi, fin in zip(renvois, fins, strict=True)}


def test_chaque_responsabilite_du_comite_a_sa_ligne_ici():
    ecrites = {numero for cas in CAS for numero in cas.values[1]}
    assert {e.numero for e in enonces_de_role("concertation")} == ecrites


SIENS = {Acteur.REPRESENTANT, Acteur.COORDONNATEUR, Acteur.INTERVENANT}


@pytest.mark.parametrize(
    ("nom", "acteurs"),
    [
        ("coordonnatrice", {Acteur.COORDONNATEUR}),
        ("autre_gestionnaire", {Acteur.REPRESENTANT}),
        ("mentore", {Acteur.INTERVENANT}),
        ("gestionnaire", set()),
        ("dsm", set()),
        ("animatrice", set()),
    ],
)
def test_la_page_dit_a_chacun_ce_qu_il_est_au_comite(distribution, client_de, nom, acteurs):
    scenes.situation_convoquee(distribution)
    page = client_de(distribution[nom]).get(reverse("accueil:qui_doit_faire_quoi"))
    miens = {groupe.acteur for groupe in page.context["groupes"] if groupe.me_concerne}
    assert miens & SIENS == acteurs


def test_le_geste_du_coordonnateur_ne_se_propose_pas_au_representant(distribution, client_de):
    scenes.situation_convoquee(distribution)
    blocs = _blocs(client_de(distribution.autre_gestionnaire))
    assert '<li><a href="' not in blocs["R-249"]
