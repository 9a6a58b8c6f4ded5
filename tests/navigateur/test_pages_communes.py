"""Les pages communes, vues dans un vrai navigateur."""

import pytest

PUBLIQUES = ["/compte/login/", "/verifier/"]
CONNECTEES = ["/", "/qui-peut-quoi/", "/ressources/", "/cadre/", "/cadre/R-049/"]


@pytest.mark.parametrize("adresse", PUBLIQUES)
def test_une_page_publique_est_accessible(adresse, ouvrir, axe, largeur_320):
    page = ouvrir()
    assert page.goto(adresse).status == 200
    axe(page)
    largeur_320(page)


@pytest.mark.parametrize("adresse", CONNECTEES)
def test_une_page_commune_est_accessible(adresse, ouvrir, axe, largeur_320, distribution):
    page = ouvrir(distribution.mentore)
    assert page.goto(adresse).status == 200
    axe(page)
    largeur_320(page)


@pytest.mark.parametrize("adresse", CONNECTEES)
def test_une_page_commune_se_lit_sans_script(adresse, sans_js, distribution):
    page = sans_js(distribution.mentore)
    assert page.goto(adresse).status == 200
    assert page.locator("h1").count() == 1
