"""Le dénominateur des éligibles : la DSM peut en retenir un autre, le tableau le dit, et rien ne s’en déduit (Q-21)."""

import pytest

from encadrement.acces.matrice import AccesRefuse
from encadrement.indicateurs.eligibles import retenir_eligibles
from encadrement.indicateurs.models import EligiblesRetenus
from encadrement.indicateurs.portee import Periode, Portee, Territoire
from encadrement.indicateurs.registre import indicateurs
from encadrement.indicateurs.releve import relever, ventiler
from encadrement.journal.models import Entree
from encadrement.personnes.models import RLS
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.factories import DirectionFactory, PersonneFactory, ServiceFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
CODE = "mentorat.beneficiaires"


@pytest.fixture
def periode():
    return Periode.en_cours()


@pytest.fixture
def trois_directions(distribution):
    """Rend [(direction, service)] : sept, neuf et trois personnes embauchées cette année."""
    directions = []
    for nombre in (7, 9, 3):
        service = ServiceFactory(direction=DirectionFactory())
        for _ in range(nombre):
            PersonneFactory(service=service, membre_cm=True, date_embauche=jour_local(), mot_de_passe=None)
        directions.append((service.direction, service))
    return directions


def lire(portee):
    beneficiaires = [indicateur for indicateur in indicateurs() if indicateur.code == CODE]
    return relever(beneficiaires, [portee])[CODE, portee]


@pytest.mark.exigence("R-072")
def test_le_nombre_retenu_remplace_le_calcul_dans_sa_direction_et_dans_le_total(
    distribution, trois_directions, periode
):
    d, ((grande, service), (autre, _), _) = distribution, trois_directions
    tout, ici = Portee(periode, personne=d.dsm), Portee(periode, Territoire(frozenset({grande.pk})), d.dsm)
    la_bas = Portee(periode, Territoire(frozenset({autre.pk})), d.dsm)
    avant = lire(tout).sur
    retenir_eligibles(grande, periode.annee, 40, "Un transfert d’équipe.", par=d.dsm)
    assert lire(tout).sur == avant - 7 + 40
    assert (lire(ici).sur, lire(Portee(periode.precedente, ici.territoire, d.dsm)).sur) == (40, 0)
    assert f"{grande.nom}\xa0: 40 éligibles retenus par la DSM (Un transfert d’équipe)." in lire(tout).pourquoi
    # Les trois embauchés de la petite direction s’adossent à l’autre : ils ne sont plus dans son chiffre à elle.
    assert lire(la_bas).masque
    assert "entre ses services" in lire(Portee(periode, Territoire(services=frozenset({service.pk})), d.dsm)).raison
    assert "entre les RLS" in lire(Portee(periode, Territoire(rls=RLS.values[0]), d.dsm)).raison
    beneficiaires = [indicateur for indicateur in indicateurs() if indicateur.code == CODE]
    assert ventiler(beneficiaires, [tout], "direction")[CODE, tout][str(grande.pk)].sur == 40
    assert (CODE, tout) not in ventiler(beneficiaires, [tout], "rls")
    retenir_eligibles(grande, periode.annee, None, "L’équipe est revenue.", par=d.dsm)
    assert (lire(tout).sur, lire(tout).pourquoi) == (avant, "")


def test_retenir_est_a_la_dsm_motive_et_garde_son_histoire(distribution, trois_directions, periode):
    d, direction, annee = distribution, trois_directions[0][0], periode.annee
    with pytest.raises(AccesRefuse):
        retenir_eligibles(direction, annee, 40, "Parce que.", par=d.appr)
    for nombre, motif, pour in ((40, "  ", annee), (40, "Trop tôt.", annee.suivante), (None, "Rien à défaire.", annee)):
        with pytest.raises(ErreurMetier):
            retenir_eligibles(direction, pour, nombre, motif, par=d.dsm)
    assert not EligiblesRetenus.objects.exists()
    premiere = retenir_eligibles(direction, annee, 40, "Un transfert.", par=d.dsm)
    assert retenir_eligibles(direction, annee, 40, "Un  transfert. ", par=d.dsm) == premiere
    seconde = retenir_eligibles(direction, annee, 42, "Deux de plus.", par=d.dsm)
    assert list(EligiblesRetenus.objects.en_vigueur()) == [seconde]
    assert EligiblesRetenus.objects.count() == Entree.objects.filter(acte="indicateurs.retenir_eligibles").count() == 2


def test_la_page_retient_et_montre_ce_qui_a_ete_remplace(distribution, trois_directions, periode, client_de):
    d, direction = distribution, trois_directions[0][0]
    client = client_de(d.dsm)
    saisie = {"direction": direction.pk, "annee": periode.annee.debut_annee, "nombre": "40", "motif": "Un transfert."}
    assert client.post("/indicateurs/eligibles/", saisie).status_code == 302
    client.post("/indicateurs/eligibles/", saisie | {"nombre": "42"})
    assert '40 <span class="discret">remplacé depuis' in texte_de(client_de(d.appr).get("/indicateurs/eligibles/"))
    for nom, mene in (("dsm", True), ("appr", True), ("gestionnaire", False)):
        page = client_de(d[nom]).get("/indicateurs/mentorat/").content.decode()
        assert ('href="/indicateurs/eligibles/"' in page) is mene, nom
    refusee = client.post("/indicateurs/eligibles/", saisie | {"nombre": "", "motif": ""})
    assert "Dites pourquoi" in texte_de(refusee)
