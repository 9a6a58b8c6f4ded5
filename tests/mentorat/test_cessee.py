"""Une entente approuvée puis cessée reste lue de ceux qui l’avaient reçue; un projet abandonné ne l’a jamais été."""

import pytest

from encadrement.socle.temps import jour_local
from mentorat.actions import ententes, fin
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("nom", ["dsm", "appr", "drhcaj"])
def test_lentente_cessee_reste_lue_de_qui_lavait_recue(distribution, client_de, nom):
    entente = scenes.fin_demandee(distribution)
    fin.consigner_fin(
        entente, par=distribution.gestionnaire, rencontre_le=jour_local(), appr=distribution.appr,
        gestionnaire_present=True,
    )  # fmt: skip
    fin.constater_fin(scenes.relire(entente), par=distribution.gestionnaire)
    assert client_de(distribution[nom]).get(entente.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("nom", ["dsm", "appr", "drhcaj"])
def test_un_projet_abandonne_nest_lu_que_des_parties_et_du_gestionnaire(distribution, client_de, nom):
    entente = scenes.entente(distribution, "a_signer")
    ententes.abandonner_entente(entente, par=distribution.mentore)
    assert client_de(distribution[nom]).get(entente.get_absolute_url()).status_code == 404
    assert client_de(distribution.gestionnaire).get(entente.get_absolute_url()).status_code == 200
