"""« Qui doit faire quoi » en consultation : chaque responsabilité est dite à la bonne personne et mène à sa page."""

import html
import re

import pytest
from django.urls import reverse

from encadrement.cadre.roles import Acteur, enonces_de_role
from tests.consultation import scenes

pytestmark = pytest.mark.django_db

# Pour chaque personne, chaque énoncé : ce qu’on lit au bout de son lien.
DSM = {
    "R-193": "Consultation d’experts",
    "R-194": "Identifier",
    "R-195": "Candidatures",
    "R-196": "Rôles",
    "R-197": "chiffres",
    "R-198": "Matériel",
}
APPR = {"R-182": "Loïc St-Onge", "R-183": "Loïc St-Onge", "R-210": "Loïc St-Onge", "R-211": "À faire"}
DIRECTION = {"R-199": "Soutien à l’autonomie"}
GESTIONNAIRE = {"R-200": "Identifier", "R-201": "Loïc St-Onge", "R-202": "Loïc St-Onge", "R-203": "À faire"}
EXPERT = {"R-204": "Loïc St-Onge", "R-205": "ableau de suivi"}
DEMANDEUR = {"R-206": "Loïc St-Onge", "R-207": "Guylaine Cyr", "R-208": "C-20", "R-209": "À faire"}
CAS = [
    pytest.param(
        "dsm", DSM, marks=pytest.mark.exigence("R-193", "R-194", "R-195", "R-196", "R-197", "R-198"), id="dsm"
    ),
    pytest.param("appr", APPR, marks=pytest.mark.exigence("R-182", "R-183", "R-210", "R-211"), id="appr"),
    pytest.param("directrice", DIRECTION, marks=pytest.mark.exigence("R-199"), id="directrice"),
    pytest.param(
        "gestionnaire",
        GESTIONNAIRE,
        marks=pytest.mark.exigence("R-200", "R-201", "R-202", "R-203"),
        id="gestionnaire",
    ),
    pytest.param("mentor", EXPERT, marks=pytest.mark.exigence("R-204", "R-205"), id="expert"),
    pytest.param("mentore", DEMANDEUR, marks=pytest.mark.exigence("R-206", "R-207", "R-208", "R-209"), id="demandeur"),
]


@pytest.mark.parametrize(("nom", "attendus"), CAS)
def test_chaque_responsabilite_est_dite_et_mene_a_sa_page(distribution, client_de, nom, attendus):
    scenes.demande_chez_expert(distribution)
    scenes.demande_transmise(distribution)
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


def test_chaque_responsabilite_de_la_consultation_a_sa_ligne_ici():
    ecrites = {numero for cas in CAS for numero in cas.values[1]}
    assert {e.numero for e in enonces_de_role("consultation")} == ecrites


SIENS = {Acteur.EXPERT, Acteur.DEMANDEUR}


@pytest.mark.parametrize(
    ("nom", "acteurs"),
    [
        ("mentor", {Acteur.EXPERT}),
        ("mentore", {Acteur.DEMANDEUR}),
        # Elle a décliné : elle reste experte au bottin.
        ("animatrice", {Acteur.EXPERT}),
        ("collegue", set()),
        ("gestionnaire", set()),
        ("dsm", set()),
    ],
)
def test_la_page_dit_a_chacun_ce_qu_il_est_en_consultation(distribution, client_de, nom, acteurs):
    scenes.demande_declinee(distribution)
    scenes.demande_chez_expert(distribution)
    page = client_de(distribution[nom]).get(reverse("accueil:qui_doit_faire_quoi"))
    miens = {groupe.acteur for groupe in page.context["groupes"] if groupe.me_concerne}
    assert miens & SIENS == acteurs
    if Acteur.EXPERT in acteurs:
        assert Acteur.OFFRANT in miens


def test_le_geste_de_l_expert_ne_se_propose_pas_au_demandeur(distribution, client_de):
    scenes.demande_chez_expert(distribution)
    blocs = _blocs(client_de(distribution.mentore))
    assert reverse("consultation:suivi") not in blocs["R-205"]
