"""Ce qui demande qu’on agisse en consultation : l’APPR voit qui tarde sans lire la demande (D12, note 4)."""

import datetime

import pytest

from consultation.actions import experts
from consultation.rappels.echeances import DELAI_DE_REPONSE
from encadrement.indicateurs import attention, registre
from encadrement.indicateurs.portee import Territoire
from encadrement.outils.horloge import au
from encadrement.parametres.lecture import valeur
from tests.alertes import en_alerte, qui_voit, relances
from tests.consultation import scenes

pytestmark = pytest.mark.django_db
LE_12_MAI = datetime.date(2026, 5, 12)
UN_JOUR = datetime.timedelta(days=1)


@pytest.mark.exigence("R-179")
def test_la_demande_qui_attend_le_gestionnaire(distribution):
    d = distribution
    with au(LE_12_MAI):
        scenes.demande_soumise(d)
    with au(LE_12_MAI + 7 * UN_JOUR):
        assert qui_voit("consultation", "a_discuter", d) == set()
    with au(LE_12_MAI + 9 * UN_JOUR):
        assert qui_voit("consultation", "a_discuter", d) == {"gestionnaire"}
        assert d.gestionnaire in relances("consultation.a_discuter", d.gestionnaire)[0]


@pytest.mark.exigence("R-180", "R-193")
def test_l_expert_qui_tarde_et_la_demande_que_l_appr_ne_lit_pas(distribution):
    d, delai = distribution, valeur(DELAI_DE_REPONSE)
    with au(LE_12_MAI):
        demande = scenes.demande_chez_expert(d)
    with au(LE_12_MAI + delai * UN_JOUR):
        assert qui_voit("consultation", "chez_l_expert", d) == qui_voit("consultation", "experts_muets", d) == set()
    with au(LE_12_MAI + (delai + 1) * UN_JOUR):
        assert qui_voit("consultation", "chez_l_expert", d) == {"gestionnaire"}
        assert relances("consultation.chez_l_expert", d.gestionnaire)[0] == {d.mentor}
        assert qui_voit("consultation", "experts_muets", d) == {"dsm", "appr", "appr_liaison"}
        (ligne,) = en_alerte("consultation", d.appr)["experts_muets"]
        assert str(demande.numero) not in str(ligne)
        assert ligne.qui == str(d.mentor)


def test_un_expert_que_deux_demandes_attendent_ne_se_compte_quune_fois(distribution):
    d = distribution
    with au(LE_12_MAI):
        premiere = scenes.demande_chez_expert(d)
        seconde = scenes.demande_autorisee(d)
        experts.choisir_expert(seconde, par=d.mentore, fiche=premiere.sollicitation.expert.fiche_expert)
    with au(LE_12_MAI + (valeur(DELAI_DE_REPONSE) + 1) * UN_JOUR):
        comptes = attention.comptes(registre.alertes(), d.appr, Territoire())
        directions = attention.par_direction(registre.alerte("consultation.experts_muets"), d.appr, Territoire())
    assert {compte.alerte.code: compte.nombre for compte in comptes}["consultation.experts_muets"] == 1
    assert [direction["nombre"] for direction in directions] == [1]


@pytest.mark.exigence("R-181")
def test_la_demande_transmise_a_la_dsm_attend_l_appr(distribution):
    d = distribution
    demande = scenes.demande_transmise(d)
    assert qui_voit("consultation", "a_analyser", d) == {"dsm", "appr", "appr_liaison", "gestionnaire"}
    a, texte = relances("consultation.a_analyser", d.dsm)
    assert a == {d.appr, d.appr_liaison}
    assert demande.question not in texte
