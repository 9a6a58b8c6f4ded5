"""Ce qui demande qu’on agisse en mentorat : à qui suit l’entente, jamais à qui n’en reçoit que la copie."""

import datetime

import pytest

from encadrement.outils.horloge import au
from mentorat.actions import bilans
from tests.alertes import en_alerte, qui_voit, relances
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)
SUIVENT = {"appr", "appr_liaison", "dsm", "gestionnaire"}


@pytest.mark.exigence("R-057", "R-066", "R-089")
def test_le_bilan_de_mi_temps_en_retard_se_suit_et_ne_relance_que_qui_n_a_pas_confirme(distribution):
    d = distribution
    entente = scenes.entente(d, "active")
    with au(entente.mi_temps_le):
        assert "mi_temps_en_retard" not in en_alerte("mentorat", d.appr)
    with au(entente.mi_temps_le + UN_JOUR):
        assert qui_voit("mentorat", "mi_temps_en_retard", d) == SUIVENT
        (ligne,) = en_alerte("mentorat", d.appr)["mi_temps_en_retard"]
        assert (ligne.du_le, ligne.url) == (entente.mi_temps_le, entente.get_absolute_url())
        assert relances("mentorat.mi_temps_en_retard", d.appr)[0] == {d.mentor, d.mentore}
        scenes.colorier(entente, "mi_temps")
        bilans.confirmer_mi_temps(entente, par=d.mentor)
        assert relances("mentorat.mi_temps_en_retard", d.appr)[0] == {d.mentore}


@pytest.mark.exigence("R-058", "R-059", "R-062")
def test_l_entente_echue_ou_sans_rencontre_depuis_six_semaines(distribution):
    d = distribution
    entente = scenes.entente(d, "active")
    with au(entente.sans_rencontre_depuis + 41 * UN_JOUR):
        assert "sans_rencontre" not in en_alerte("mentorat", d.appr)
    with au(entente.sans_rencontre_depuis + 42 * UN_JOUR):
        assert qui_voit("mentorat", "sans_rencontre", d) == SUIVENT
        assert relances("mentorat.sans_rencontre", d.gestionnaire)[0] == {d.mentor, d.mentore}
    with au(entente.fin):
        assert "fin_depassee" not in en_alerte("mentorat", d.appr)
    with au(entente.fin + UN_JOUR):
        assert qui_voit("mentorat", "fin_depassee", d) == SUIVENT
        assert {d.mentor, d.mentore, d.gestionnaire} <= relances("mentorat.fin_depassee", d.appr)[0]
        # Échue, elle n’attend plus une rencontre.
        assert "sans_rencontre" not in en_alerte("mentorat", d.appr)


@pytest.mark.exigence("R-070")
def test_l_entente_a_approuver_n_est_dite_qu_a_qui_l_approuve(distribution):
    d = distribution
    lundi = datetime.date(2026, 9, 14)
    with au(lundi):
        scenes.entente(d, "a_approuver")
    # Cinq jours ouvrables plus tard, le lundi suivant : elle attend, elle ne tarde pas encore.
    with au(lundi + 7 * UN_JOUR):
        assert qui_voit("mentorat", "a_approuver", d) == set()
    with au(lundi + 8 * UN_JOUR):
        assert qui_voit("mentorat", "a_approuver", d) == {"gestionnaire"}
        a, texte = relances("mentorat.a_approuver", d.gestionnaire)
        assert d.gestionnaire in a
        assert "approuver l’entente" in texte
