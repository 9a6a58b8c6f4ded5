"""Une communauté de pratique pendant un an, à l’écran, chacun devant le sien : l’exemple « orthophonistes »."""

import pytest
import time_machine

from tests.navigateur.cdp_bilan import attester_et_relever, demander_des_heures, faire_le_rapport, renouveler
from tests.navigateur.cdp_naissance import (
    demander_a_en_etre,
    ecrire_le_plan_a_deux,
    imprimer_le_napperon,
    inviter_et_accepter,
    mettre_en_route,
    proposer_et_agreer,
    renvoyer_corriger_approuver,
)
from tests.navigateur.cdp_rencontres import (
    convoquer_deplacer_repondre,
    ecrire_lordre_du_jour,
    ouvrir_les_comptes_rendus,
    planifier_une_serie,
    publier,
    tenir_et_ecrire,
    tenir_la_suivante,
)
from tests.navigateur.ecrans import Ecrans


@pytest.fixture
def voyage():
    """Le 8 septembre 2026 ; demandé en premier, pour que la troupe soit montée ce jour-là."""
    with time_machine.travel("2026-09-08T10:00:00-04:00", tick=True) as voyage:
        yield voyage


@pytest.fixture
def ecrans(voyage, ouvrir, distribution):
    return Ecrans(ouvrir, distribution, voyage)


@pytest.fixture
def examiner(axe, largeur_320):
    """Ce qu’un lecteur d’écran et un téléphone reçoivent de la page ouverte."""

    def examiner(page):
        axe(page)
        largeur_320(page)

    return examiner


@pytest.mark.exigence("R-116", "R-119", "R-140", "R-365", "R-385", "R-395", "R-398", "R-390", "R-128", "R-159", "R-461")
def test_la_communaute_des_orthophonistes_vit_une_annee(ecrans, examiner, tmp_path):
    communaute = mettre_en_route(ecrans, examiner)
    inviter_et_accepter(ecrans, communaute)
    proposer_et_agreer(ecrans, communaute, examiner)
    demander_a_en_etre(ecrans, communaute)
    imprimer_le_napperon(ecrans, communaute, examiner, tmp_path)
    ecrire_le_plan_a_deux(ecrans, communaute, examiner)
    renvoyer_corriger_approuver(ecrans, communaute, examiner, tmp_path)
    premiere = planifier_une_serie(ecrans, communaute, examiner)
    ecrire_lordre_du_jour(ecrans, premiere, examiner)
    convoquer_deplacer_repondre(ecrans, premiere, tmp_path)
    tenir_et_ecrire(ecrans, premiere, examiner)
    publier(ecrans, premiere, examiner, tmp_path)
    ouvrir_les_comptes_rendus(ecrans, communaute, premiere, examiner)
    tenir_la_suivante(ecrans, communaute, premiere, examiner)
    demander_des_heures(ecrans, communaute, examiner)
    attester_et_relever(ecrans, communaute, examiner, tmp_path)
    faire_le_rapport(ecrans, communaute, examiner)
    renouveler(ecrans, communaute, examiner, tmp_path)
