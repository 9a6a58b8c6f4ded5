"""Ce que le cadre demande des chiffres : treize indicateurs, quatre mesures, une DSM qui les suit tous (000 §1, §2, §5)."""

import pytest
from django.conf import settings
from django.urls import reverse

from encadrement.accueil import mesures
from encadrement.cadre.textes import exigence
from encadrement.indicateurs import registre
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
# L’énoncé de chaque indicateur du cadre : treize, comme l’évaluation de chaque mesure les nomme.
DU_CADRE = {
    "mentorat": {"R-072", "R-073", "R-074"},
    "cdp": {"R-142", "R-143", "R-144"},
    "consultation": {"R-186", "R-187", "R-188", "R-189"},
    "concertation": {"R-229", "R-230", "R-231"},
}


@pytest.mark.exigence("R-002", "R-005", "R-023")
def test_les_quatre_mesures_ont_leurs_indicateurs_et_la_dsm_les_suit_toutes(distribution, client_de):
    codes = [code for code, _ in settings.MESURES_DU_CADRE]
    assert [chiffres.mesure for chiffres in registre.chiffres_des_mesures(codes)] == list(DU_CADRE) == codes
    assert set(codes) <= {mesure.code for mesure in mesures.mesures()}
    for chiffres in registre.chiffres_des_mesures(codes):
        declares = {numero for i in chiffres.indicateurs if i.du_cadre for numero in i.exigences}
        assert DU_CADRE[chiffres.mesure] <= declares, chiffres.mesure
    page = texte_de(client_de(distribution.dsm).get("/indicateurs/"))
    for indicateur in registre.indicateurs():
        assert indicateur.nom in page, indicateur.code
    assert client_de(distribution.mentore).get("/indicateurs/").status_code == 403


@pytest.mark.exigence("R-006")
def test_les_mesures_s_ouvrent_au_cm_a_ses_gestionnaires_et_aux_directions(distribution, client_de):
    for nom in ("mentore", "gestionnaire", "directrice"):
        client = client_de(distribution[nom])
        for mesure in mesures.mesures():
            if mesure.code not in DU_CADRE:
                continue
            assert client.get(reverse(mesure.nom_url), follow=True).status_code == 200, (nom, mesure.code)


def test_chaque_indicateur_dit_ce_qu_il_compte_et_cite_un_enonce_qui_existe():
    for indicateur in registre.indicateurs():
        assert all((indicateur.nom, indicateur.definition, indicateur.numerateur, indicateur.periode)), indicateur.code
        en_part = indicateur.unite in (registre.Unite.PART, registre.Unite.NOTE)
        assert bool(indicateur.denominateur_dit) == en_part, indicateur.code
    cites = {n for chose in (*registre.indicateurs(), *registre.alertes()) for n in chose.exigences}
    assert all(exigence(numero) for numero in cites if numero.startswith("R-"))


def test_les_codes_sont_uniques_et_commencent_par_leur_mesure():
    choses = [*registre.indicateurs(), *registre.alertes()]
    assert len({chose.code for chose in choses}) == len(choses)
    assert {chose.code.partition(".")[0] for chose in choses} == set(DU_CADRE)
