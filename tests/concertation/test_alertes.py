"""Ce qui demande qu’on agisse au comité : un code et une direction ; qui est exclu de la situation n’en sait rien (N-02)."""

import datetime

import pytest

from concertation.actions import exclusions
from encadrement.outils.horloge import au
from encadrement.socle.temps import jour_local
from tests.alertes import en_alerte, qui_voit, relances
from tests.concertation import scenes

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)


@pytest.mark.exigence("R-236", "R-244", "R-254")
def test_l_orientation_echue_se_suit_par_son_code_et_sa_direction(distribution):
    d = distribution
    orientation = scenes.orientation(d)
    with au(orientation.echeance):
        assert qui_voit("concertation", "orientations_echues", d) == set()
    with au(orientation.echeance + UN_JOUR):
        voient = qui_voit("concertation", "orientations_echues", d)
        assert {"dsm", "appr", "coordonnatrice"} <= voient
        assert not voient & {"collegue", "pilote", "drhcaj", "executif_cm", "animatrice"}
        ligne = next(li for li in en_alerte("concertation", d.dsm)["orientations_echues"])
        assert orientation.situation.numero in ligne.dossier
        assert ligne.direction == str(orientation.direction)
        assert str(orientation.responsable) not in str(ligne)
        a, texte = relances("concertation.orientations_echues", d.dsm)
        assert orientation.responsable in a
        assert not any(mot in texte for mot, _ in scenes.ORIENTATIONS)


@pytest.mark.exigence("R-249")
def test_la_recevabilite_attend_le_coordonnateur_sauf_s_il_en_est_exclu(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    with au(jour_local() + 15 * UN_JOUR):
        assert qui_voit("concertation", "a_statuer", d) == {"coordonnatrice"}
        a, texte = relances("concertation.a_statuer", d.coordonnatrice)
        assert a == {d.coordonnatrice}
        assert situation.numero in texte
        exclusions.exclure(situation, par=d.mentore, personne=d.coordonnatrice)
        assert qui_voit("concertation", "a_statuer", d) == set()
