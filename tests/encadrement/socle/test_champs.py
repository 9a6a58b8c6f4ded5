"""Les champs maison : chiffrer, nettoyer sans appauvrir, lire une date et une durée."""

import datetime

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from encadrement.socle.champs import ChampChiffre, DureeField, HeureField, JourField, TexteField, nettoyer

CHAMP = ChampChiffre()


@given(st.text(min_size=1).filter(lambda texte: "\x00" not in texte))
def test_ce_qui_est_chiffre_se_relit(texte):
    garde = CHAMP.get_prep_value(texte)
    assert texte not in garde or len(texte) < 8
    assert CHAMP.from_db_value(garde, None, None) == texte


def test_une_cle_remplacee_lit_encore_lancien(settings):
    garde = CHAMP.get_prep_value("entre nous")
    settings.CLES_CHAMPS = [Fernet.generate_key().decode(), *settings.CLES_CHAMPS]
    assert CHAMP.from_db_value(garde, None, None) == "entre nous"
    neuf = CHAMP.get_prep_value("entre nous")
    settings.CLES_CHAMPS = settings.CLES_CHAMPS[:1]
    assert CHAMP.from_db_value(neuf, None, None) == "entre nous"


def test_sans_la_bonne_cle_rien_ne_se_lit(settings):
    garde = CHAMP.get_prep_value("entre nous")
    settings.CLES_CHAMPS = [Fernet.generate_key().decode()]
    with pytest.raises(InvalidToken):
        CHAMP.from_db_value(garde, None, None)


def test_on_ne_cherche_pas_dans_un_champ_chiffre():
    with pytest.raises(TypeError, match="chiffré"):
        CHAMP.get_lookup("icontains")


@pytest.mark.parametrize(
    ("colle", "garde"),
    [
        ("Évaluation à domicile", "Évaluation à domicile"),
        ("e\u0301quipe", "équipe"),
        ("un\r\ndeux\rtrois", "un\ndeux\ntrois"),
        ("montant\u202e 001", "montant 001"),
        ("nul\x00 et\x07 cloche", "nul et cloche"),
        ("gu‌illemets « l’œuvre » – 12\u202f%", "gu‌illemets « l’œuvre » – 12\u202f%"),
        ("mi’gmaq\tGesgapegiag", "mi’gmaq\tGesgapegiag"),
    ],
)
def test_un_texte_colle_est_nettoye_sans_etre_appauvri(colle, garde):
    assert TexteField().clean(colle) == garde


@given(st.text())
def test_nettoyer_deux_fois_ne_change_rien_de_plus(texte):
    assert nettoyer(nettoyer(texte)) == nettoyer(texte)


def test_le_texte_reste_a_lecran_quand_il_est_trop_long():
    with pytest.raises(forms.ValidationError, match="au plus 10"):
        TexteField(max_length=10).clean("a" * 11)


def test_une_duree_lue_se_reaffiche_en_mots():
    champ = DureeField()
    assert champ.clean("1,5 h") == 90
    assert champ.prepare_value(90) == "1\u00a0h\u00a030"
    assert champ.prepare_value("nimporte") == "nimporte"


@pytest.mark.parametrize(
    ("tape", "phrase"), [("demain", "Écrivez une durée comme"), ("25 h", "entre 1"), ("0 h", "entre")]
)
def test_une_duree_fautive_recoit_sa_phrase(tape, phrase):
    with pytest.raises(forms.ValidationError, match=phrase):
        DureeField().clean(tape)


@pytest.mark.parametrize("tape", ["2026-02-31", "31/02/2026", "hier", "2026-13-01"])
def test_un_31_fevrier_recoit_sa_phrase(tape):
    with pytest.raises(forms.ValidationError, match="n’existe pas"):
        JourField().clean(tape)


@pytest.mark.parametrize("tape", ["0026-09-14", "2226-09-14"])
def test_une_annee_invraisemblable_recoit_sa_phrase(tape):
    with pytest.raises(forms.ValidationError, match="année"):
        JourField().clean(tape)


@pytest.mark.parametrize("tape", ["13:30", "13 h 30", "13h30", "13\u00a0h\u202f30"])
def test_une_heure_se_lit_comme_on_lecrit(tape):
    assert HeureField().clean(tape) == datetime.time(13, 30)
    assert HeureField().clean("9 h") == datetime.time(9)


@pytest.mark.parametrize("tape", ["25:00", "13 h 60", "midi", "13", "١٣:٣٠", "\x00"])
def test_une_heure_fautive_recoit_sa_phrase(tape):
    with pytest.raises(forms.ValidationError, match="Écrivez une heure comme"):
        HeureField().clean(tape)
