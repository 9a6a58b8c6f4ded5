"""Les énoncés du cadre : le relevé est complet, et l’on n’en cite aucun qui n’existe pas."""

from collections import Counter

import pytest

from encadrement.cadre.passages import passages, tous_les_passages
from encadrement.cadre.regles import exige
from encadrement.cadre.textes import (
    SECTIONS,
    bornes,
    chercher,
    exigence,
    exigences,
    par_section,
    questions,
    questions_sur,
    rang,
    section_de,
)


def test_les_488_enonces_sont_tous_la_dans_lordre_et_sans_trou():
    assert [e.rang for e in exigences()] == list(range(1, 489))


def test_chaque_force_compte_ce_que_le_releve_annonce():
    assert Counter(e.force for e in exigences()) == {"D": 309, "S": 114, "I": 65}


def test_chaque_document_compte_ce_que_le_releve_annonce():
    comptes = Counter(e.source[:3] for e in exigences())
    assert comptes == {"000": 403, "001": 13, "002": 13, "003": 20, "004": 39}


def test_aucun_enonce_nest_vide():
    assert all(e.enonce and e.types and e.endroit for e in exigences())


def test_un_enonce_se_lit_par_son_numero():
    enonce = exigence("R-049")
    assert enonce.enonce == "Le mentor ne doit pas être le supérieur hiérarchique du mentoré."
    assert enonce.force_en_mots == "obligatoire"
    assert enonce.types == ("règle",)


@pytest.mark.parametrize("numero", ["R-000", "R-489", "r-049", "Q-01", ""])
def test_un_numero_inconnu_est_refuse(numero):
    with pytest.raises(KeyError):
        exigence(numero)


@pytest.mark.parametrize(
    ("numero", "endroit"),
    [
        ("R-329", "annexe 4, Début"),
        ("R-344", "annexe 5"),
        ("R-094", "§\u00a05.1, Mentor"),
        ("R-165", "§\u00a05, communauté de pratique, Animateur"),
        ("R-442", "Étape 7 (note 8)"),
        ("R-416", "ensemble"),
        ("R-455", "§\u00a04.1 / 4.3"),
    ],
)
def test_lendroit_se_lit_en_clair(numero, endroit):
    assert exigence(numero).endroit == endroit


def test_un_enonce_montre_ceux_quil_reprend():
    assert [e.numero for e in exigence("R-409").voir_aussi] == ["R-056", "R-057", "R-058", "R-059"]


def test_chaque_enonce_appartient_a_une_section_et_une_seule():
    assert sum(len(section.exigences) for section in SECTIONS) == 488
    assert section_de("R-111").code == "mentorat"
    assert section_de("R-112").code == "cdp"


def test_les_24_choix_sont_la_et_ne_citent_que_des_enonces_connus():
    assert [q.numero for q in questions()] == [f"Q-{n:02}" for n in range(1, 25)]
    assert all(exigence(numero) for q in questions() for numero in q.enonces)
    assert all(q.constat and q.choix for q in questions())


def test_un_enonce_que_le_cadre_laisse_ouvert_montre_le_choix_retenu():
    assert [q.numero for q in questions_sur("R-056")] == ["Q-06"]
    assert questions_sur("R-049") == ()


def test_on_cherche_sans_accents_ni_apostrophe_courbe():
    trouves = {e.numero for e in chercher(texte="regles d'ethique mentorat")}
    assert "R-077" in trouves
    assert all("éthique" in exigence(numero).enonce for numero in trouves)


def test_les_criteres_se_cumulent():
    retenus = chercher(section="mentorat", force="S")
    assert {e.numero for e in retenus} == {"R-051", "R-052", "R-061", "R-062"}
    assert [e.numero for e in chercher(section="mentorat", force="S", sorte="délai")] == ["R-062"]


def test_une_section_inconnue_ne_rend_rien():
    assert chercher(section="ailleurs") == ()


def test_les_enonces_se_groupent_par_section_sans_section_vide():
    groupes = par_section((exigence("R-049"), exigence("R-344")))
    assert [(section.code, [e.numero for e in lot]) for section, lot in groupes] == [
        ("mentorat", ["R-049"]),
        ("annexe-5", ["R-344"]),
    ]


@pytest.mark.parametrize(("plage", "attendu"), [("R-042-R-111", (42, 111)), ("R-416", (416, 416))])
def test_une_plage_se_lit(plage, attendu):
    assert bornes(plage) == attendu


@pytest.mark.parametrize("plage", ["R-42", "R-042 R-111", "042-111", "R-042-"])
def test_une_plage_mal_ecrite_est_refusee(plage):
    with pytest.raises(ValueError):
        bornes(plage)


def test_un_numero_mal_ecrit_na_pas_de_rang():
    with pytest.raises(ValueError):
        rang("49")


def test_une_regle_porte_les_enonces_quelle_applique():
    @exige("R-049", "R-411")
    def mentor_n_est_pas_le_superieur():
        return None

    assert mentor_n_est_pas_le_superieur.exigences == ("R-049", "R-411")


def test_une_regle_ne_peut_pas_citer_un_enonce_inconnu():
    with pytest.raises(KeyError):
        exige("R-999")


def test_une_regle_cite_au_moins_un_enonce():
    with pytest.raises(ValueError):
        exige()


@pytest.mark.parametrize("plage", ["R-001-R-448", "R-450-R-488"])
def test_chaque_enonce_du_cadre_et_du_mentorat_montre_son_passage(plage):
    de, a = bornes(plage)
    assert [e.numero for e in exigences() if de <= e.rang <= a and not passages(e.numero)] == []


def test_le_passage_cite_les_mots_de_la_source():
    (passage,) = passages("R-049")
    points = [point.texte for bloc in passage.blocs for point in bloc.points]
    assert "Le mentor ne doit pas être le supérieur hiérarchique du mentoré." in points
    assert passage.titre == "Cadre de référence sur les mesures d’encadrement clinique, §5.1 Mentorat, Rôles"


def test_la_coquille_de_la_fiche_est_citee_telle_quelle():
    (passage,) = passages("R-412")
    assert "même discipline professionnelle que le mentor." in passage.texte


def test_un_passage_garde_ses_sous_points():
    (passage,) = passages("R-074")
    assert passage.blocs[0].points[1].texte == "Indicateurs de suivi :"
    assert passage.blocs[0].points[1].sous_points[2] == "nombre total d’heures de mentorat offertes."


def test_aucun_passage_ne_va_a_rebours():
    assert all(rang(p.de) <= rang(p.a) <= 488 for p in tous_les_passages())
