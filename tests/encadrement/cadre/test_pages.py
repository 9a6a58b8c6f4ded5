"""Les pages du cadre et des ressources : ouvertes à toute personne connectée, à personne d’autre."""

import pytest
from django.urls import reverse

from encadrement.cadre.ressources import RESSOURCES
from encadrement.cadre.textes import SECTIONS, exigences
from encadrement.personnes.models import Personne

pytestmark = pytest.mark.django_db

ADRESSES = [
    ("cadre:index", ()),
    ("cadre:questions", ()),
    ("cadre:ressources", ()),
    ("cadre:exigence", ("R-049",)),
    *(("cadre:ressource", (code,)) for code in dict.fromkeys(r.code for r in RESSOURCES)),
    *(("cadre:ressource_version", (r.code, r.version)) for r in RESSOURCES),
]


@pytest.fixture
def lectrice(client):
    """Une personne connectée, sans aucun rôle : les pages du cadre ne demandent rien de plus."""
    personne = Personne.objects.create_user(
        matricule="900001",
        courriel="odile.roy@cisss.exemple",
        prenom="Odile",
        nom="Roy",
        password="un mot de passe long",
    )
    client.force_login(personne)
    return client


@pytest.mark.parametrize(("nom", "arguments"), ADRESSES)
def test_chaque_page_souvre_a_une_personne_connectee(lectrice, nom, arguments):
    assert lectrice.get(reverse(nom, args=arguments)).status_code == 200


@pytest.mark.parametrize(("nom", "arguments"), ADRESSES)
def test_chaque_page_renvoie_a_la_connexion_qui_nest_pas_connecte(client, nom, arguments):
    reponse = client.get(reverse(nom, args=arguments))
    assert reponse.status_code == 302
    assert reponse.url.startswith(reverse("account_login"))


def test_aucune_page_naccepte_un_envoi(lectrice):
    for nom, arguments in ADRESSES:
        assert lectrice.post(reverse(nom, args=arguments)).status_code == 405


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s.code)
def test_chaque_enonce_a_sa_page(lectrice, section):
    for enonce in section.exigences:
        assert lectrice.get(enonce.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "adresse", ["/cadre/R-489/", "/cadre/R-49/", "/ressources/annexe-99/", "/ressources/annexe-6/v9/"]
)
def test_ce_qui_nexiste_pas_est_introuvable(lectrice, adresse):
    assert lectrice.get(adresse).status_code == 404


def test_pourquoi_dit_lenonce_sa_force_et_le_passage(lectrice):
    page = lectrice.get(reverse("cadre:exigence", args=["R-056"])).text
    assert "Durée maximale" in page
    assert "Obligatoire. L’application refuse ce qui y contrevient" in page
    assert "La durée maximale du mentorat est de 6 mois." in page
    assert "Q-06" in page
    assert "prolongation motivée et approuvée" in page
    assert reverse("cadre:ressource", args=["annexe-4"]) in page


def test_pourquoi_se_demande_en_fragment(lectrice):
    fragment = lectrice.get(reverse("cadre:exigence", args=["R-056"]), headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert "La durée maximale du mentorat est de 6 mois." in fragment.text
    assert "HX-Request" in fragment["Vary"]


def test_un_retour_en_arriere_rend_la_page_entiere(lectrice):
    entetes = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in lectrice.get(reverse("cadre:index"), headers=entetes).text


def test_le_filtre_restreint_la_liste(lectrice):
    page = lectrice.get(reverse("cadre:index"), {"section": "mentorat", "force": "S"}).text
    assert "4 énoncés trouvés" in page
    assert reverse("cadre:exigence", args=["R-061"]) in page
    assert reverse("cadre:exigence", args=["R-049"]) not in page


def test_le_filtre_se_demande_en_fragment(lectrice):
    reponse = lectrice.get(reverse("cadre:index"), {"texte": "R-049"}, headers={"HX-Request": "true"})
    assert "<html" not in reponse.text
    assert reverse("cadre:exigence", args=["R-049"]) in reponse.text


def test_un_critere_forge_ne_rend_rien_et_le_dit(lectrice):
    reponse = lectrice.get(reverse("cadre:index"), {"force": "X"})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors["force"]
    assert reponse.context["nombre"] == 0


def test_un_filtre_sans_resultat_le_dit(lectrice):
    assert "Aucun énoncé" in lectrice.get(reverse("cadre:index"), {"texte": "zzzz"}).text


def test_la_page_des_choix_montre_les_24(lectrice):
    page = lectrice.get(reverse("cadre:questions")).text
    assert all(f"Q-{n:02}" in page for n in range(1, 25))


def test_lenonce_voisin_sarrete_aux_deux_bouts(lectrice):
    premier, dernier = exigences()[0], exigences()[-1]
    assert lectrice.get(premier.get_absolute_url()).context["precedente"] is None
    assert lectrice.get(dernier.get_absolute_url()).context["suivante"] is None
    assert lectrice.get(premier.get_absolute_url()).context["suivante"].numero == "R-002"
