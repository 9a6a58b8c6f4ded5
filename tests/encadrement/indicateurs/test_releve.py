"""Le relevé : ce que la base répond, ce qui se masque."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from encadrement.indicateurs.portee import Periode, Portee, Territoire
from encadrement.indicateurs.registre import indicateurs
from encadrement.indicateurs.releve import relever
from tests.encadrement.indicateurs import chiffres_essai
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def portee(distribution):
    return Portee(Periode.en_cours(), personne=distribution.appr)


def test_une_seule_dyade_ne_se_montre_nulle_part(distribution, portee):
    dossier = scenes.entente(distribution, "active")
    scenes.rencontrer(dossier)
    direction = Territoire(directions=frozenset({dossier.mentore.service.direction_id}))
    decoupees = (Portee(portee.periode, direction), Portee(Periode(portee.periode.annee, 1, 9)))
    portees = [portee, *(replace(une, personne=portee.personne) for une in decoupees)]
    releve = relever(indicateurs(), [*portees, portee.precedente])
    assert all(releve["mentorat.heures", une].masque for une in portees)
    assert releve["mentorat.heures", portee.precedente].nombre == 0


def test_moins_de_cinq_personnes_se_cachent_meme_quand_elles_comptent_zero(distribution, portee):
    chiffres_essai.embaucher(3, comme=distribution.mentore, membre_cm=False)
    du_cm = replace(chiffres_essai.NOMBRE, faits=chiffres_essai.DU_CM)
    assert relever([du_cm], [portee])[du_cm.code, portee].masque


def test_les_memes_lignes_ne_se_parcourent_qu_une_fois(portee):
    siens = [i for i in indicateurs() if i.code in ("consultation.nombre_cisss", "consultation.heures_cisss")]
    assert len(siens) == 2
    with CaptureQueriesContext(connection) as requetes:
        # Sans personne, la requête ne se garde pas : on en lit le SQL.
        releve = relever(siens, [Portee(portee.periode)])
    assert len(releve) == 2
    chiffres = requetes[-1]["sql"]
    assert chiffres.count('FROM "consultation_lignesuivi"') == 1
    assert {"COUNT(*)", 'SUM("consultation_lignesuivi"."minutes")'} <= set(
        re.findall(r"COUNT\(\*\)|SUM\([^)]*\)", chiffres)
    )


def test_tout_se_lit_en_une_requete_par_mesure_quel_que_soit_le_nombre_de_portees(
    portee, django_assert_max_num_queries
):
    mentorat = [indicateur for indicateur in indicateurs() if indicateur.code.startswith("mentorat.")]
    agreges = [indicateur for indicateur in mentorat if indicateur.calcul is None]
    # Deux de plus : ce que la DSM retient à la place du calcul, et les premières lignes, pour savoir qu’on est cinq.
    with django_assert_max_num_queries(3):
        relever(agreges, [portee, portee.precedente])
    with django_assert_max_num_queries(4):
        relever(agreges, [replace(portee, territoire=Territoire(rls="haute-gaspesie")), portee.precedente])
