"""Ce qui demande attention : compté en une requête, relancé une fois par jour, nommé à qui suit les dossiers."""

import csv
import datetime

import pytest
from django.utils.http import urlencode

from encadrement.indicateurs import attention, registre
from encadrement.indicateurs.portee import Territoire
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.outils.horloge import au
from encadrement.parametres.lecture import lecture, valeur
from tests.mentorat import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
CODE = "mentorat.mi_temps_en_retard"
LISTE = f"/indicateurs/attention/{CODE}/"
RELANCER = f"{LISTE}relancer/"


@pytest.fixture
def retard(distribution):
    """L’entente en cours, et le jour où son bilan de mi-temps est en retard d’une semaine."""
    entente = scenes.entente(distribution, "active")
    with au(entente.mi_temps_le + datetime.timedelta(days=7)):
        yield entente


def relances():
    return Courriel.objects.filter(gabarit="mentorat/rappel_mi_temps").count()


def test_toutes_les_alertes_se_comptent_en_une_requete_dans_le_territoire(
    distribution, retard, django_assert_num_queries
):
    appr = distribution.appr
    assert appr.roles_attribues
    assert appr.represente_ids
    ailleurs = Territoire(directions=frozenset({distribution.parrain.direction.pk}))
    with lecture():
        # Les paramètres, eux, se lisent une fois par page.
        assert valeur("rappels.attente")
        with django_assert_num_queries(1):
            comptes = attention.comptes(registre.alertes(), appr, Territoire())
    assert {compte.alerte.code: compte.nombre for compte in comptes}[CODE] == 1
    assert CODE not in {compte.alerte.code for compte in attention.comptes(registre.alertes(), appr, ailleurs)}


def test_le_tableau_commence_par_ce_qui_attend_et_chaque_alerte_mene_a_sa_liste(distribution, retard, client_de):
    page = texte_de(client_de(distribution.appr).get("/indicateurs/"))
    assert f'href="{LISTE}"' in page
    assert page.index("Ce qui demande attention") < page.index("L’année d’un coup d’œil")
    liste = client_de(distribution.appr).get(LISTE)
    assert str(distribution.mentore) in texte_de(liste)
    assert "Relancer tous (1 dossier)" in texte_de(liste)
    assert (
        not client_de(distribution.appr).get(LISTE, {"direction": distribution.parrain.direction.pk}).context["lignes"]
    )
    # L’exécutif du CM regarde des ensembles : ni liste, ni compte de dossiers.
    executif = client_de(distribution.executif_cm)
    assert "Ce qui demande attention" not in texte_de(executif.get("/indicateurs/"))
    for refus in (executif.get(LISTE), executif.get(f"{LISTE}exporter/"), executif.post(RELANCER, {"nombre": "1"})):
        assert refus.status_code == 403
    assert client_de(distribution.drhcaj).post(RELANCER, {"nombre": "0"}).status_code == 403
    assert relances() == 0


def test_une_relance_par_dossier_personne_et_jour(distribution, retard, client_de):
    client = client_de(distribution.appr)
    envoi = client.post(RELANCER, {"nombre": "1"}, follow=True)
    assert "2 relances, 1 dossier." in texte_de(envoi)
    assert set(Courriel.objects.filter(gabarit="mentorat/rappel_mi_temps").values_list("a", flat=True)) == {
        distribution.mentor.pk,
        distribution.mentore.pk,
    }
    # Une seconde personne, le même jour : rien de plus ne part ; le lendemain, si.
    encore = client_de(distribution.gestionnaire).post(RELANCER, {"nombre": "1"}, follow=True)
    assert "Tous ont déjà été relancés aujourd’hui" in texte_de(encore)
    assert relances() == 2
    with au(retard.mi_temps_le + datetime.timedelta(days=8)):
        client_de(distribution.appr).post(RELANCER, {"nombre": "1"})
    assert relances() == 4
    consigne = Entree.objects.filter(acte="indicateurs.relancer", par=distribution.appr).order_by("rang").first()
    assert consigne.details == {"alerte": CODE, "dossiers": 1, "courriels": 2, "filtre": {}}


@pytest.mark.parametrize("nombre", ["2", "", "-1", "²"])
def test_le_nombre_lu_confirme_qu_on_relance_bien_ceux_la(distribution, retard, client_de, nombre):
    reponse = client_de(distribution.appr).post(RELANCER, {"nombre": nombre})
    assert reponse.status_code == 409
    assert "La liste a changé depuis que vous l’avez lue" in texte_de(reponse)
    assert "Relancer tous (1 dossier)" in texte_de(reponse)
    assert relances() == 0


def test_la_liste_s_exporte_telle_qu_elle_se_montre(distribution, retard, client_de):
    client = client_de(distribution.appr)
    filtre = {"direction": distribution.mentore.direction.pk}
    page = client.get(LISTE, filtre)
    lignes = client.get(f"{LISTE}exporter/?{urlencode({**filtre, 'format': 'csv'})}").content.decode("utf-8-sig")
    titres, *lignes = csv.reader(lignes.splitlines(), delimiter=";")
    assert titres == ["Dossier", "Ce qui est attendu", "Depuis le", "De qui", "Direction", "Service"]
    assert [ligne[0] for ligne in lignes] == [ligne.dossier for ligne in page.context["lignes"]]
    assert lignes[0][2] == retard.mi_temps_le.isoformat()
    consigne = Entree.objects.filter(acte="export.telecharger", par=distribution.appr).order_by("pk").last()
    assert consigne.details["filtre"] == {"Direction": str(distribution.mentore.direction)}
    assert consigne.details["lignes"] == 1
