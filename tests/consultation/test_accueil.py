"""L’entrée de la mesure : l’échelle, mes consultations, et ce que chacun tient selon son titre."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import demandes
from tests.consultation import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
ACCUEIL = reverse("consultation:accueil")


def lien(nom):
    adresse = (
        reverse("indicateurs:mesure", args=["consultation"]) if nom == "chiffres" else reverse(f"consultation:{nom}")
    )
    return f'href="{adresse}"'


@pytest.mark.exigence("R-177", "R-193")
def test_laccueil_montre_les_six_echelons_dans_lordre(distribution, client_de):
    page = texte_de(client_de(distribution.mentore).get(ACCUEIL))
    echelons = (
        "<h3>Vos recherches</h3>",
        "<h3>Votre gestionnaire</h3>",
        "<h3>Un expert du CISSS</h3>",
        "<h3>La DSM</h3>",
        "<h3>Un APPR</h3>",
        "<h3>Un expert du RUISSS UL</h3>",
    )
    places = [page.index(echelon) for echelon in echelons]
    assert places == sorted(places)
    assert f'action="{reverse("consultation:demande_ouvrir")}"' in page


@pytest.mark.exigence("R-173")
def test_laccueil_dit_que_lannexe_11_est_reconstituee(distribution, client_de):
    page = texte_de(client_de(distribution.mentore).get(ACCUEIL))
    assert "reconstitué à partir des sections 5.2 et 5.3" in page
    assert f"{reverse('cadre:questions')}#Q-01" in page


def test_laccueil_montre_mes_consultations_en_cours(distribution, client_de):
    demande = scenes.demande_chez_expert(distribution)
    assert demande.numero in texte_de(client_de(distribution.mentore).get(ACCUEIL))
    autre = texte_de(client_de(distribution.collegue).get(ACCUEIL))
    assert demande.numero not in autre
    assert "Aucune consultation pour l’instant" in autre


def test_une_fois_fermee_une_consultation_se_revoit_dans_la_liste(distribution, client_de):
    scenes.demande_fermee(distribution)
    assert "Revoir les précédentes" in texte_de(client_de(distribution.mentore).get(ACCUEIL))


@pytest.mark.parametrize(
    ("nom", "attendus"),
    [
        ("collegue", set()),
        ("mentore", set()),
        ("mentor", {"suivi", "demandes"}),
        ("gestionnaire", {"candidatures", "expert_identifier", "demandes", "chiffres"}),
        (
            "dsm",
            {"candidatures", "expert_identifier", "sujets", "chiffres", "communications", "suivi"},
        ),
        (
            "appr_liaison",
            {"candidatures", "expert_identifier", "sujets", "chiffres", "communications", "suivi"},
        ),
        ("executif_cm", {"sujets", "chiffres"}),
        ("pilote", {"chiffres"}),
        ("superutilisateur", set()),
    ],
)
def test_chacun_ne_voit_que_ce_quil_tient(distribution, client_de, nom, attendus):
    scenes.demande_chez_expert(distribution, demandeur=distribution.mentore)
    page = client_de(distribution[nom]).get(ACCUEIL).text
    suivre = page.partition('id="suivre"')[2]
    tous = {"candidatures", "suivi", "sujets", "chiffres", "communications"}
    montres = {code for code in tous if lien(code) in suivre}
    assert montres == attendus & tous
    assert (lien("expert_identifier") in page) == ("expert_identifier" in attendus)
    assert (lien("demandes") in suivre) == ("demandes" in attendus)


def test_laccueil_coute_autant_de_requetes_a_six_demandes_qua_une(distribution, client_de):
    client = client_de(distribution.mentore)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(ACCUEIL).status_code == 200
        return len(requetes)

    scenes.demande_en_redaction(distribution)
    compter()
    a_une = compter()
    for _ in range(5):
        demandes.ouvrir_demande(par=distribution.mentore)
    assert compter() == a_une
