"""Recevoir, demander des précisions ou réorienter : une réponse motivée, jamais nulle part (R-249, Q-03)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concertation.actions import situations
from concertation.models import Reorientation, SituationComplexe
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Direction
from encadrement.socle.erreurs import ErreurMetier
from tests.concertation import scenes
from tests.concertation.gestes import (
    ACCUEIL,
    LISTE,
    adresse,
    courriels,
    declares,
    lectures,
    recit,
    relire,
    rien_decrit,
    texte_de,
)

pytestmark = pytest.mark.django_db
REPONSE = "Trois directions sont en cause, aucune n’a le mandat."


@pytest.fixture
def situation(distribution):
    return declares(scenes.situation_transmise(distribution), distribution.coordonnatrice, distribution.gestionnaire)


@pytest.fixture
def coord(distribution, client_de):
    return client_de(distribution.coordonnatrice)


# — Recevable


@pytest.mark.exigence("R-249")
def test_le_coordonnateur_recoit_et_repond_par_une_reponse_motivee(distribution, client_de, coord, situation):
    assert situation.numero in texte_de(coord.get(ACCUEIL))
    assert scenes.RECIT["recherches"] in texte_de(coord.get(adresse("situation_recevoir", situation)))
    assert coord.post(adresse("situation_recevoir", situation), {"motif": REPONSE}).url == adresse(
        "situation", situation
    )
    assert relire(situation).etat == "recevable"
    for nom in ("mentore", "gestionnaire"):
        page = texte_de(client_de(distribution[nom]).get(adresse("situation", situation)))
        assert REPONSE in page
        assert "la réponse du comité" in page
    attendus = {distribution.mentore.prenom, distribution.gestionnaire.prenom, distribution.delegue.prenom}
    assert set(courriels("situation_recevable")) == attendus


@pytest.mark.exigence("R-249")
@pytest.mark.parametrize("verbe", ["recevoir", "reorienter", "demander_precisions"])
@pytest.mark.parametrize("motif", ["", "  ", "\x00"])
def test_sans_reponse_motivee_rien_ne_bouge(coord, situation, verbe, motif):
    with rien_decrit():
        reponse = coord.post(adresse(f"situation_{verbe}", situation), {"motif": motif, "reorientation": "equipe"})
    assert reponse.status_code == 200
    assert "Écrivez le motif" in texte_de(reponse)


def test_une_reponse_qui_nomme_quelquun_se_relit_dabord(coord, situation):
    envoi = {"motif": "Mme B. relève du guichet."}
    page = coord.post(adresse("situation_recevoir", situation), envoi)
    assert "Ce texte semble contenir" in texte_de(page)
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert coord.post(adresse("situation_recevoir", situation), {**envoi, "relu": relu}).status_code == 302


# — Non recevable


@pytest.mark.exigence("R-249")
@pytest.mark.parametrize("ou", Reorientation.values)
def test_non_recevable_la_demande_va_toujours_quelque_part(distribution, client_de, coord, situation, ou):
    coord.post(adresse("situation_reorienter", situation), {"motif": "L’équipe d’abord.", "reorientation": ou})
    relue = relire(situation)
    assert (relue.etat, relue.reorientation) == ("non_recevable", ou)
    assert relue.detruire_le is not None
    page = texte_de(client_de(distribution.mentore).get(adresse("situation", situation)))
    assert "L’équipe d’abord." in page
    assert Reorientation(ou).label in page


@pytest.mark.exigence("R-249")
@pytest.mark.parametrize("ou", ["", "nulle_part"])
def test_sans_dire_ou_aller_elle_nest_pas_refusee(distribution, coord, situation, ou):
    with rien_decrit():
        reponse = coord.post(adresse("situation_reorienter", situation), {"motif": "Non.", "reorientation": ou})
    assert "une réponse négative mène toujours ailleurs" in texte_de(reponse)
    with rien_decrit(), pytest.raises(ErreurMetier, match="vers où réorienter"):
        situations.reorienter_situation(situation, par=distribution.coordonnatrice, motif="Non.", reorientation="")


# — Demander des précisions


def test_des_precisions_ramenent_la_demande_a_lintervenant_puis_au_gestionnaire(
    distribution, client_de, coord, situation
):
    reponse = coord.post(adresse("situation_demander_precisions", situation), {"motif": "Quels services ont dit non?"})
    assert reponse.url == ACCUEIL
    assert coord.get(adresse("situation", situation)).status_code == 404
    demandeur = client_de(distribution.mentore)
    assert "Quels services ont dit non?" in texte_de(demandeur.get(adresse("situation_modifier", situation)))
    assert recit(situation)["contexte"] == scenes.RECIT["contexte"]
    demandeur.post(adresse("situation_soumettre", situation))
    assert relire(situation).etat == "a_attester"


# — Qui ne peut pas, trop tôt, trop tard


@pytest.mark.parametrize("verbe", ["recevoir", "reorienter", "demander_precisions"])
@pytest.mark.parametrize(("nom", "code"), [("mentore", 403), ("gestionnaire", 403), ("dsm", 404), ("appr", 404)])
def test_le_coordonnateur_seul_repond(distribution, client_de, situation, verbe, nom, code):
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(
            adresse(f"situation_{verbe}", situation), {"motif": REPONSE, "reorientation": "equipe"}
        )
    assert reponse.status_code == code


@pytest.mark.parametrize("verbe", ["recevoir", "reorienter", "demander_precisions"])
@pytest.mark.parametrize(
    "scene", ["situation_recevable", "situation_inscrite", "situation_fermee", "situation_non_recevable"]
)
def test_une_reponse_donnee_ne_se_redonne_pas(distribution, coord, verbe, scene):
    situation = declares(getattr(scenes, scene)(distribution), distribution.coordonnatrice)
    with rien_decrit():
        reponse = coord.post(adresse(f"situation_{verbe}", situation), {"motif": REPONSE, "reorientation": "equipe"})
    assert reponse.status_code == 409


def test_aucun_courriel_ne_dit_la_reponse_ni_la_reorientation(coord, situation):
    coord.post(
        adresse("situation_reorienter", situation), {"motif": "Canari de la réponse.", "reorientation": "jeunesse"}
    )
    for courriel in Courriel.objects.all():
        contenu = courriel.objet + courriel.texte + courriel.html
        assert "Canari" not in contenu
        assert "moins de 18 ans" not in contenu
        for texte in scenes.RECIT.values():
            assert texte not in contenu


def test_le_dossier_consigne_une_lecture_motifs_compris(distribution, coord, situation):
    avant = len(lectures(situation))
    coord.get(adresse("situation", situation))
    ((par, pourquoi, champs),) = lectures(situation)[avant:]
    assert (par, pourquoi) == (distribution.coordonnatrice, "consultation du dossier")
    assert champs == [*situations.CHAMPS_DU_RECIT, "motifs des décisions"]


# — La liste


def _autres(distribution, nombre):
    for _ in range(nombre):
        situation = SituationComplexe.objects.create(
            numero=f"CC-2025-{SituationComplexe.objects.count() + 50}",
            demandeur=distribution.mentore,
            etat="transmise",
            adulte=True,
        )
        situation.directions.set(Direction.objects.all())


@pytest.mark.parametrize("page", [LISTE, ACCUEIL])
def test_la_liste_coute_autant_pour_vingt_situations_que_pour_une(distribution, coord, situation, page):
    coord.get(page)
    with CaptureQueriesContext(connection) as une:
        coord.get(page)
    _autres(distribution, 19)
    with CaptureQueriesContext(connection) as vingt:
        coord.get(page)
    assert len(vingt) == len(une), [r["sql"][:120] for r in vingt.captured_queries[len(une) :]]


def test_la_liste_ne_dit_rien_du_recit_et_nen_consigne_rien(coord, situation):
    avant = len(lectures(situation))
    page = texte_de(coord.get(LISTE))
    assert situation.numero in page
    for texte in scenes.RECIT.values():
        assert texte not in page
    assert len(lectures(situation)) == avant


def test_la_liste_se_filtre_par_etat_par_direction_et_par_tour(distribution, coord, client_de, situation):
    fermee = scenes.situation_fermee(distribution)
    scenes.situation_en_redaction(distribution)

    def lus(client, **filtres):
        return {s.numero for s in client.get(LISTE, filtres).context["page"]}

    deux = {situation.numero, fermee.numero}
    assert lus(coord) == lus(coord, etat="", qui="", page="zz") == lus(coord, etat="inventé", direction="x") == deux
    assert lus(coord, etat="en_cours") == lus(coord, etat="transmise") == lus(coord, qui="tour") == {situation.numero}
    assert lus(coord, qui="miennes") == set()
    direction = situation.directions.first()
    assert lus(coord, direction=direction.pk) == deux
    ailleurs = Direction.objects.exclude(pk__in=situation.directions.all()).first()
    assert lus(coord, direction=ailleurs.pk) == set()
    mentore = client_de(distribution.mentore)
    assert len(lus(mentore)) == 3
    assert len(lus(mentore, qui="tour")) == 1
    assert lus(client_de(distribution.dsm)) == set()
