"""Un chiffre du tableau de bord mène à la liste qui le compose, filtrée comme lui."""

import pytest

from encadrement.indicateurs.portee import Periode, Portee, Territoire
from encadrement.indicateurs.registre import indicateurs
from tests.mentorat import scenes

pytestmark = pytest.mark.django_db


def listees(client, adresse):
    return {str(ligne[1]) for ligne in client.get(adresse).context["page"]}


@pytest.mark.exigence("R-072")
def test_la_liste_derriere_le_chiffre_est_filtree_comme_lui(distribution, client_de):
    d = distribution
    entente = scenes.entente(d, "active")
    periode = Periode.en_cours()
    (beneficiaires,) = (i for i in indicateurs() if i.code == "mentorat.beneficiaires")
    service, direction = d.mentore.service_id, d.mentore.service.direction_id
    ailleurs = d.parrain.service.direction_id
    for territoire, la in (
        (Territoire(), True),
        (Territoire(directions=frozenset({direction})), True),
        (Territoire(services=frozenset({service}), rls=d.mentore.rls), True),
        (Territoire(directions=frozenset({ailleurs})), False),
    ):
        adresse = beneficiaires.liste(d.appr, Portee(periode, territoire, d.appr))
        assert listees(client_de(d.appr), adresse) == ({entente.numero} if la else set()), territoire
    assert listees(client_de(d.appr), beneficiaires.liste(d.appr, Portee(periode.precedente, personne=d.appr))) == set()
    assert beneficiaires.liste(d.prp, Portee(periode, personne=d.prp)) == ""
    assert client_de(d.appr).get("/mentorat/ententes/?annee=x&direction=9999&rls=lune").status_code == 200
