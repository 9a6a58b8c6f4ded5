"""Ce que le cadre laisse au gestionnaire se dit là où l’on demande de l’aide."""

import pytest

from encadrement.demandes.actions import ouvrir_soutien
from tests.consultation import scenes as consultation
from tests.mentorat import scenes as mentorat
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
RELEVENT_DU_GESTIONNAIRE = (
    "La probation, l’accueil et l’orientation, l’appréciation de la contribution, la charge de travail et les listes "
    "d’attente ne sont pas de l’encadrement clinique"
)


@pytest.mark.exigence("R-007", "R-008")
def test_chaque_demande_dit_ce_qui_releve_du_gestionnaire(distribution, client_de):
    demandes = (
        mentorat.demande_en_redaction(distribution),
        consultation.demande_en_redaction(distribution),
        ouvrir_soutien(par=distribution.mentore, mesure="mentorat"),
    )
    for demande in demandes:
        qui = getattr(demande, "mentore", None) or demande.demandeur
        page = texte_de(client_de(qui).get(f"{demande.get_absolute_url()}modifier/"))
        assert RELEVENT_DU_GESTIONNAIRE in page, demande
