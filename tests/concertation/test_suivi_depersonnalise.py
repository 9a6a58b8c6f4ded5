"""Le suivi dépersonnalisé : la DSM et le directeur suivent sans rien lire du récit (D16, X-1, X-3, R-236, R-238, R-240)."""

import re

import pytest
from django.urls import reverse

from concertation.models import Recit
from tests.concertation import scenes
from tests.concertation.gestes_plan import adresse, lectures
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
LISTE = reverse("concertation:orientations")
CANARI = "canari-rare-"


@pytest.fixture
def d(distribution):
    return distribution


@pytest.fixture
def situation(d):
    """En suivi, chaque champ du récit et du plan marqué d’un canari."""
    champs = [champ for champ in Recit.CHAMPS if champ not in {"discussion", "plan"}]
    situation = scenes.situation_en_suivi(d, {champ: f"{CANARI}{champ}" for champ in champs})
    scenes.plans.ecrire_plan(situation, par=d.coordonnatrice, discussion=f"{CANARI}discussion", plan=f"{CANARI}plan")
    for orientation in situation.orientations.all():
        scenes.plans.corriger_orientation(
            orientation,
            par=d.coordonnatrice,
            texte=f"{CANARI}orientation-{orientation.rang}",
            direction=orientation.direction,
            responsable=orientation.responsable,
            echeance=orientation.echeance,
        )
    return situation


def pages(situation):
    """Rend toutes les adresses où une situation se lit ou se suit dans ce lot."""
    des_orientations = [adresse("orientation", orientation) for orientation in situation.orientations.all()]
    return [
        LISTE,
        reverse("indicateurs:mesure", args=["concertation"]),
        reverse("concertation:impasses"),
        adresse("situation_plan", situation),
        adresse("situation_plan_pdf", situation),
        *des_orientations,
    ]


def tout_ce_que_recoit(client, situation):
    return "".join(client.get(page, follow=True).content.decode(errors="replace") for page in pages(situation))


@pytest.mark.exigence("R-236")
@pytest.mark.parametrize("qui", ["appr", "appr_liaison"])
def test_la_dsm_suit_par_codes_et_ne_lit_rien(d, client_de, situation, qui):
    client = client_de(d[qui])
    avant = lectures(situation)
    page = client.get(LISTE)
    assert page.status_code == 200
    texte = texte_de(page)
    assert "Le suivi dépersonnalisé" in texte
    for orientation in situation.orientations.select_related("direction", "responsable"):
        assert orientation.direction.nom in texte
        assert orientation.responsable.nom_complet not in texte
        assert orientation.get_absolute_url() not in page.content.decode()
        assert client.get(orientation.get_absolute_url()).status_code == 404
    assert texte.count(situation.numero) == 3
    assert CANARI not in tout_ce_que_recoit(client, situation)
    assert lectures(situation) == avant


@pytest.mark.exigence("R-238", "R-240")
def test_le_directeur_lit_le_texte_de_ses_orientations_et_de_celles_la_seulement(d, client_de, situation):
    client = client_de(d.directrice)
    sienne = situation.orientations.get(rang=2)
    lue = texte_de(client.get(sienne.get_absolute_url()))
    assert f"{CANARI}orientation-2" in lue
    recu = tout_ce_que_recoit(client, situation)
    assert recu.count(CANARI) == 1
    for rang in (1, 3):
        assert client.get(situation.orientations.get(rang=rang).get_absolute_url()).status_code == 404
    for nom in ("situation_plan", "situation_plan_pdf"):
        assert client.get(adresse(nom, situation)).status_code == 404
    assert {prenom for prenom, *_ in lectures(situation)} == {d.directrice.prenom}


@pytest.mark.exigence("R-236", "R-240")
def test_qui_dirige_la_dsm_n_en_lit_que_l_orientation_de_sa_direction(d, client_de, situation):
    client = client_de(d.dsm)
    lisibles = [o.rang for o in client.get(LISTE).context["page"] if o.se_lit]
    assert lisibles == [3]
    assert len(client.get(LISTE).context["page"]) == 3
    assert tout_ce_que_recoit(client, situation).count(CANARI) == 1


def test_le_directeur_exclu_ou_remplace_ne_suit_plus(d, client_de, situation):
    client = client_de(d.directrice)
    sienne = situation.orientations.get(rang=2)
    exclusion = scenes.exclusions.exclure(situation, par=d.coordonnatrice, personne=d.directrice)
    assert client.get(sienne.get_absolute_url()).status_code == 404
    assert situation.numero not in client.get(LISTE).content.decode()
    scenes.exclusions.lever_exclusion(exclusion, par=d.coordonnatrice)
    sienne.direction.directeur = d.parrain
    sienne.direction.save()
    assert client.get(sienne.get_absolute_url()).status_code == 404
    assert client_de(d.parrain).get(sienne.get_absolute_url()).status_code == 200


def nu(reponse):
    """Rend le statut et la page, sans le jeton de formulaire ni le nombre de rencontres, que le calendrier dit à tous."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", reponse.content.decode())
    rencontres = r'<section class="indicateur" aria-labelledby="concertationrencontres">.*?</section>'
    return reponse.status_code, re.sub(rencontres, "", page, flags=re.DOTALL)


@pytest.mark.parametrize("qui", ["appr", "dsm", "coordonnatrice"])
def test_une_personne_exclue_recoit_les_memes_pages_que_si_la_situation_n_existait_pas(d, client_de, qui):
    """Même statut, même taille, même compte (N-02)."""
    impasse = scenes.impasse_ouverte(d)
    connue = scenes.situation_fermee(d)
    scenes.impasses.classer(connue, list(impasse.themes.all()), par=d.coordonnatrice)
    adresses = [LISTE, impasse.get_absolute_url()]
    adresses.append(reverse("indicateurs:mesure", args=["concertation"]))
    adresses += [reverse(f"concertation:{nom}") for nom in ("impasses", "themes")]
    client = client_de(d[qui])
    sans = [nu(client.get(page)) for page in adresses]
    cachee = scenes.situation_fermee(d)
    scenes.impasses.classer(cachee, list(impasse.themes.all()), par=d.coordonnatrice)
    # L’essai mord : sans l’exclusion, chacune de ces pages aurait changé, sauf la liste des impasses.
    changees = [nu(client.get(page)) != avant for page, avant in zip(adresses, sans, strict=True)]
    assert changees == [True, True, True, False, qui != "appr"]
    scenes.exclusions.exclure(cachee, par=d.mentore, personne=d[qui])
    assert [nu(client.get(page)) for page in adresses] == sans
