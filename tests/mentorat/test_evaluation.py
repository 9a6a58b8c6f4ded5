"""L’évaluation de la mesure : à la fin, le mentor et le mentoré répondent chacun à leur sondage, une fois par entente."""

import datetime

import pytest

from encadrement.sondages.actions import fermer_campagne
from encadrement.sondages.models import Campagne, Invitation, Reponse
from mentorat.actions.fin import demander_evaluations
from tests.distribution import Distribution
from tests.mentorat import scenes
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db

REPONSES = {
    "objectifs_clairs": "5",
    "relation_de_confiance": "4",
    "temps_suffisant": "2",
    "utilite": "5",
    "soutien_gestionnaire": "3",
    "recommandation": "9",
    "commentaire": "Plus de temps libéré, s’il vous plaît.",
}


@pytest.mark.exigence("R-071", "R-103", "R-111", "R-445")
def test_la_mentore_et_le_mentor_repondent_chacun_de_leur_cote(distribution, client_de):
    entente = scenes.entente(distribution, "close")
    for qui in (distribution.mentore, distribution.mentor):
        client, page = client_de(qui), scenes.invitation(entente, qui).get_absolute_url()
        lue = texte_de(client.get(page))
        assert "jamais ce que vous avez répondu" in lue
        assert f"Entente {entente.numero}" in lue
        assert client.post(page, REPONSES).url == page
        assert "Merci, vous avez répondu" in texte_de(client.get(page))
    codes = Reponse.objects.values_list("campagne__questionnaire__code", flat=True)
    assert sorted(codes) == ["mentorat-mentor", "mentorat-mentore"]


@pytest.mark.exigence("R-445")
@pytest.mark.parametrize("qui", [nom for nom in Distribution.noms() if nom not in {"mentore", "inactif"}])
def test_personne_ne_repond_ni_ne_lit_a_sa_place(distribution, client_de, qui):
    page = scenes.invitation(scenes.entente(distribution, "close"), distribution.mentore).get_absolute_url()
    client = client_de(distribution[qui])
    assert client.get(page).status_code == 404
    assert client.post(page, REPONSES).status_code == 404
    assert not Reponse.objects.exists()


def test_une_entente_nest_evaluee_quune_fois_par_chacun(distribution):
    entente = scenes.entente(distribution, "close")
    demander_evaluations(entente)
    assert Invitation.objects.count() == 2


def test_deux_ententes_du_meme_mentor_sont_deux_invitations_a_la_meme_campagne(distribution):
    for _ in range(2):
        scenes.entente(distribution, "close")
    siennes = Invitation.objects.filter(personne=distribution.mentor)
    assert siennes.count() == 2
    assert siennes.values("campagne").distinct().count() == 1


@pytest.mark.exigence("R-071")
@pytest.mark.parametrize(
    ("jour", "annee", "fin"), [("2026-03-31", 2025, "2026-04-30"), ("2026-04-01", 2026, "2027-04-30")]
)
def test_la_campagne_est_celle_de_lannee_financiere_et_laisse_le_mois_davril(
    distribution, time_machine, jour, annee, fin
):
    time_machine.move_to(datetime.datetime.fromisoformat(f"{jour}T16:00:00+00:00"))
    scenes.entente(distribution, "close")
    for campagne in Campagne.objects.all():
        assert (campagne.annee, campagne.fin) == (annee, datetime.date.fromisoformat(fin))
        attendue = campagne.invitations.get()
        assert attendue.attendue_le - attendue.demandee_le == datetime.timedelta(days=14)


def test_la_campagne_fermee_avant_lheure_a_une_suite(distribution):
    scenes.entente(distribution, "close")
    for campagne in Campagne.objects.all():
        fermer_campagne(campagne, par=distribution.dsm)
    scenes.entente(distribution, "close")
    assert Campagne.objects.count() == 4
    assert Campagne.objects.ouvertes().count() == 2
