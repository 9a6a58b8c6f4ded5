"""Ce qui demande qu’on agisse dans les communautés : à qui les suit, ou doit répondre."""

import datetime

import pytest

from cdp.actions import adhesions, annees
from encadrement.outils.horloge import au
from encadrement.rencontres.models import Mode
from encadrement.socle.temps import ajouter_mois
from tests.alertes import en_alerte, qui_voit, relances
from tests.cdp import scenes

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)
LE_12_MAI = datetime.date(2026, 5, 12)
SUIVENT = {"dsm", "appr", "appr_liaison", "parrain"}


@pytest.mark.exigence("R-140", "R-425")
def test_le_plan_et_le_rapport_manquent_tant_qu_ils_ne_sont_pas_soumis(distribution):
    d = distribution
    with au(LE_12_MAI):
        communaute = scenes.communaute_active(d)
    agreee_le = communaute.agreee_le
    with au(agreee_le + 30 * UN_JOUR):
        assert qui_voit("cdp", "plans_manquants", d) == set()
    with au(agreee_le + 31 * UN_JOUR):
        assert qui_voit("cdp", "plans_manquants", d) == SUIVENT
        (ligne,) = en_alerte("cdp", d.dsm)["plans_manquants"]
        assert (ligne.dossier, ligne.du_le) == (communaute.nom, agreee_le + 30 * UN_JOUR)
        assert {d.animatrice, d.parrain} <= relances("cdp.plans_manquants", d.appr)[0]
        plan = scenes.plan_en_redaction(d, communaute, 2026)
        assert qui_voit("cdp", "plans_manquants", d) == SUIVENT
        annees.soumettre(plan, par=d.animatrice, confirmation=scenes.CONFIRMATION)
        assert qui_voit("cdp", "plans_manquants", d) == set()
    with au(datetime.date(2027, 4, 1)):
        assert qui_voit("cdp", "plans_manquants", d) == qui_voit("cdp", "rapports_manquants", d) == SUIVENT
        assert "2026-2027" in relances("cdp.rapports_manquants", d.appr)[1]


@pytest.mark.exigence("R-317", "R-318")
def test_sans_rencontre_en_personne_depuis_un_an_ni_prevue(distribution):
    d = distribution
    with au(LE_12_MAI):
        communaute = scenes.communaute_active(d)
    un_an = ajouter_mois(communaute.agreee_le, 12)
    with au(un_an - UN_JOUR):
        assert qui_voit("cdp", "sans_presence", d) == set()
    with au(un_an):
        scenes.rencontre_tenue(d, communaute, mode=Mode.VIRTUELLE)
        assert qui_voit("cdp", "sans_presence", d) == SUIVENT
        assert relances("cdp.sans_presence", d.appr)[0] == {d.animatrice}
        scenes.rencontre_planifiee(d, communaute, mode=Mode.PRESENCE, lieu="CLSC")
        assert qui_voit("cdp", "sans_presence", d) == set()


@pytest.mark.exigence("R-116", "R-128")
def test_les_demandes_sans_reponse_ne_sont_dites_qu_a_qui_doit_repondre(distribution):
    d = distribution
    with au(LE_12_MAI):
        communaute = scenes.communaute_active(d)
        adhesions.demander_adhesion(communaute, par=d.collegue, motivation="Ma pratique.")
        scenes.heures_demandees(d, communaute)
    with au(LE_12_MAI + 7 * UN_JOUR):
        assert qui_voit("cdp", "adhesions", d) == qui_voit("cdp", "depassements", d) == set()
    # Le lundi 18 mai 2026 est férié : les cinq jours ouvrables finissent le mercredi 20.
    with au(LE_12_MAI + 9 * UN_JOUR):
        assert qui_voit("cdp", "adhesions", d) == {"animatrice"}
        assert qui_voit("cdp", "depassements", d) == {"parrain"}
        assert relances("cdp.adhesions", d.animatrice)[0] == {d.animatrice}
        assert relances("cdp.depassements", d.parrain)[0] == {d.parrain}
