"""Les dessins : lisibles sans couleur, sans style en ligne, avec toutes leurs données."""

from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from encadrement.indicateurs.graphiques import Point, dessiner_comparaison, dessiner_evolution, dessiner_repartition
from encadrement.indicateurs.registre import Unite
from encadrement.indicateurs.valeurs import AUTRES, Part, Valeur

SVG = "{http://www.w3.org/2000/svg}"


def dessins():
    ans = ("2026-2027", "2025-2026", "2024-2025")
    valeurs = (Valeur(nombre=18750), Valeur(masque=True), Valeur(nombre=9030, partiel=True))
    points = [Point.de(an, valeur, Unite.HEURES) for an, valeur in zip(ans, valeurs, strict=True)]
    parts = (Part("rouge → vert", 20), Part("<b>", 12), Part(AUTRES, 8))
    rangees = [("Une direction au nom bien trop long pour tenir sur une seule ligne", points[:2])]
    return [
        dessiner_comparaison("m.a", "Heures", rangees, unite=Unite.HEURES),
        dessiner_repartition("m.b", "Objectifs", Valeur(nombre=40, parts=parts)),
        dessiner_evolution("m.c", "Évolution", points[::-1], unite=Unite.HEURES),
    ]


def barres(svg):
    return [rect for rect in svg.iter("rect") if "y" in rect.attrib]


@pytest.mark.parametrize("graphique", dessins(), ids=lambda graphique: graphique.identifiant)
def test_un_dessin_se_nomme_se_decrit_et_se_lit_sans_couleur(graphique):
    rendu = render_to_string("encadrement/indicateurs/graphiques/graphique.html", {"graphique": graphique})
    assert "style=" not in rendu
    svg = ElementTree.fromstring(render_to_string(graphique.gabarit, {"graphique": graphique}).split("%}")[-1].strip())
    assert svg.get("role") == "img"
    noms = {element.get("id"): element.text for element in svg if element.tag in ("title", "desc")}
    assert [noms[cle] for cle in svg.get("aria-labelledby").split()] == [graphique.titre, graphique.description]
    # Un nombre à virgule casserait le dessin sans rien dire.
    for element in svg.iter():
        assert not any("," in valeur for cle, valeur in element.attrib.items() if cle != "font-family")
    ecrits = " ".join(texte.text or "" for texte in svg.iter("text"))
    for ligne in graphique.tableau:
        assert ligne[1] in ecrits
        assert all(cellule in rendu.replace("&lt;b&gt;", "<b>") for cellule in ligne)
    # Deux années, ou le reste réuni, ne se distinguent pas que par une teinte.
    remplis = {rect.get("fill") for rect in barres(svg)}
    assert len(remplis) == len(
        {barre.motif for r in graphique.traits for barre in getattr(r, "barres", ()) if barre.largeur}
    )


def test_ce_qui_est_masque_s_ecrit_et_ne_se_dessine_pas():
    comparaison, _, evolution = dessins()
    pleine, masquee = comparaison.traits[0].barres
    assert pleine.largeur
    assert (masquee.largeur, masquee.texte) == ("", "moins\xa0de\xa05")
    assert [sommet.est_la for sommet in evolution.traits] == [True, False, True]
    # La courbe n’enjambe pas l’année qu’on ne montre pas.
    assert [sommet.vers for sommet in evolution.traits] == [None, None, None]
