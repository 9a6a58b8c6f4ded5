"""Écrire à deux dans la même entente sans s’écraser."""

from hypothesis import given
from hypothesis import strategies as st

from encadrement.socle.fusion import fusionner, temoin


def _vus(**valeurs):
    return {champ: temoin(valeur) for champ, valeur in valeurs.items()}


def test_un_champ_seul_change_secrit():
    assert fusionner({"but": "a"}, _vus(but="a"), {"but": "b"}) == ({"but": "b"}, [])


def test_un_champ_intact_garde_le_texte_de_lautre():
    assert fusionner({"but": "de l’autre"}, _vus(but="a"), {"but": "a"}) == ({}, [])


def test_le_meme_texte_des_deux_cotes_nest_pas_un_conflit():
    assert fusionner({"but": "pareil"}, _vus(but="a"), {"but": "pareil"}) == ({}, [])


def test_deux_textes_differents_font_un_conflit_qui_montre_les_deux():
    ecrire, (conflit,) = fusionner({"but": "le sien"}, _vus(but="a"), {"but": "le mien"}, {"but": "But"})
    assert ecrire == {}
    assert (conflit.libelle, conflit.actuel, conflit.saisi) == ("But", "le sien", "le mien")


def test_mon_texte_arrive_sans_reponse_nest_pas_celui_dun_autre():
    vus = {"but": f"{temoin('a')} {temoin('ab')}"}
    assert fusionner({"but": "ab"}, vus, {"but": "abc"}) == ({"but": "abc"}, [])
    # Revenir au texte de départ est un vrai changement quand un envoi sans réponse a été écrit.
    assert fusionner({"but": "ab"}, vus, {"but": "a"}) == ({"but": "a"}, [])


def test_un_envoi_depasse_qui_arrive_apres_ne_secrit_pas():
    ecrire, (conflit,) = fusionner({"but": "abc"}, _vus(but="a"), {"but": "ab"})
    assert ecrire == {}
    assert conflit.actuel == "abc"


def test_une_ligne_retiree_par_lautre_ne_perd_pas_ce_que_jy_ecrivais():
    ecrire, (conflit,) = fusionner({}, _vus(but="a"), {"but": "le mien"})
    assert ecrire == {}
    assert conflit.saisi == "le mien"
    assert fusionner({}, _vus(but="a"), {"but": ""}) == ({}, [])


@given(
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=3)),
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=3)),
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=3)),
)
def test_rien_de_ce_que_lautre_a_ecrit_nest_ecrase(vu, actuel, saisi):
    ecrire, conflits = fusionner(actuel, _vus(**vu), saisi)
    en_conflit = {conflit.champ for conflit in conflits}
    for champ in ecrire:
        assert champ in actuel
        assert champ not in vu or actuel[champ] == vu[champ]
        assert champ not in en_conflit
