"""Le plan de concertation à l’écran : écrit à mesure sans rien laisser au navigateur; le suivi en deux clics (R-244, R-253)."""

import pytest
from playwright.sync_api import expect

from concertation.actions import recits
from concertation.models import EtatOrientation, Orientation
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.gestes_plan import adresse, sans_lien

pytestmark = pytest.mark.django_db
GARDES = "[localStorage.length, sessionStorage.length, JSON.stringify(history.state)]"


@pytest.mark.exigence("R-225", "R-251", "R-253")
def test_le_plan_s_ecrit_a_mesure_au_serveur_et_rien_ne_reste_au_navigateur(distribution, ouvrir, axe):
    d = distribution
    situation = scenes.situation_presentee(d)
    sans_lien(situation, d.coordonnatrice)
    page = ouvrir(d.coordonnatrice)
    page.goto(adresse("situation_plan", situation))
    page.get_by_label("Notes de la discussion").fill("Chacun nomme ce qu’il peut faire.")
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Enregistré à")
    assert recits.contenu(situation, ("discussion",)) == {"discussion": "Chacun nomme ce qu’il peut faire."}
    assert page.evaluate(GARDES)[:2] == [0, 0]
    # Ajouter une orientation enregistre ce qu’on tapait encore.
    page.get_by_label("Situation dépersonnalisée").fill("Adulte sans hébergement stable.")
    page.get_by_label("Orientation (obligatoire)").fill("Désigner un intervenant pivot.")
    page.get_by_label("Direction").select_option(label=str(d.autre_gestionnaire.direction))
    page.get_by_label("Responsable").fill(d.autre_gestionnaire.matricule)
    page.get_by_label("Échéance").fill((jour_local() + scenes.datetime.timedelta(days=7)).isoformat())
    page.get_by_role("button", name="Ajouter cette orientation").click()
    expect(page.get_by_text("L’orientation est ajoutée.")).to_be_visible()
    expect(page.get_by_text("Désigner un intervenant pivot.")).to_be_visible()
    assert recits.contenu(situation, ("plan",)) == {"plan": "Adulte sans hébergement stable."}
    axe(page)
    assert page.evaluate(GARDES)[:2] == [0, 0]
    assert "pivot" not in page.title()
    assert "pivot" not in page.url


@pytest.mark.exigence("R-244", "R-254")
def test_sans_javascript_deux_clics_suffisent_au_responsable(distribution, sans_js):
    d = distribution
    orientation = scenes.orientation(d)
    page = sans_js(d.autre_gestionnaire)
    page.goto(orientation.get_absolute_url())
    page.get_by_role("link", name="C’est appliqué").click()
    page.get_by_role("button", name="C’est appliqué").click()
    expect(page.get_by_text("C’est noté : l’orientation est appliquée.")).to_be_visible()
    assert Orientation.objects.get(pk=orientation.pk).etat == EtatOrientation.APPLIQUEE
