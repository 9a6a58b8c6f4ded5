"""L’évaluation de la mesure : chacun la sienne, une fois, sans que rien ne relie une réponse à une personne."""

import pytest
from django.db import connection, models

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from mentorat.models import EvaluationMesure, ReponseEvaluation
from tests.distribution import Distribution
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

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


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution, "close")


@pytest.fixture
def invitation(entente):
    return EvaluationMesure.objects.get(entente=entente, titre="mentore")


def _repondre(client, invitation, **champs):
    return client.post(adresse("evaluation", invitation), {**REPONSES, **champs})


@pytest.mark.exigence("R-071", "R-073", "R-103", "R-111", "R-445")
def test_la_mentore_et_le_mentor_repondent_chacun_de_leur_cote(distribution, client_de, entente):
    for titre, qui in (("mentore", distribution.mentore), ("mentor", distribution.mentor)):
        invitation = EvaluationMesure.objects.get(entente=entente, titre=titre)
        client = client_de(qui)
        assert "jamais ce que vous avez répondu" in texte_de(client.get(adresse("evaluation", invitation)))
        assert _repondre(client, invitation).url == adresse("evaluation", invitation)
        assert "Merci, vous avez répondu" in texte_de(client.get(adresse("evaluation", invitation)))
    assert sorted(ReponseEvaluation.objects.values_list("titre", flat=True)) == ["mentor", "mentore"]
    reponse = ReponseEvaluation.objects.get(titre="mentore")
    assert (reponse.temps_suffisant, reponse.recommandation) == (2, 9)
    assert reponse.commentaire == REPONSES["commentaire"]


@pytest.mark.exigence("R-445")
@pytest.mark.parametrize("qui", [nom for nom in Distribution.noms() if nom not in {"mentore", "inactif"}])
def test_personne_ne_repond_ni_ne_lit_a_sa_place(distribution, client_de, invitation, qui):
    client = client_de(distribution[qui])
    assert client.get(adresse("evaluation", invitation)).status_code == 404
    assert _repondre(client, invitation).status_code == 404
    assert not ReponseEvaluation.objects.exists()


def test_on_ne_repond_pas_deux_fois(distribution, client_de, invitation):
    client = client_de(distribution.mentore)
    _repondre(client, invitation)
    reponse = _repondre(client, invitation, commentaire="Encore moi")
    assert reponse.status_code == 409
    assert ReponseEvaluation.objects.count() == 1


@pytest.mark.exigence("R-063", "R-071")
def test_rien_ne_relie_une_reponse_a_une_personne(distribution, client_de, invitation):
    liens = {champ.name for champ in ReponseEvaluation._meta.get_fields() if champ.is_relation}
    instants = [c for c in ReponseEvaluation._meta.get_fields() if isinstance(c, models.DateField | models.TimeField)]
    assert liens == {"direction"}
    assert not instants
    traces, avis = Entree.objects.count(), Courriel.objects.count()
    _repondre(client_de(distribution.mentore), invitation)
    assert (Entree.objects.count(), Courriel.objects.count()) == (traces, avis)
    reponse = ReponseEvaluation.objects.get()
    assert reponse.pk.version == 4
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            contenu = str(curseur.fetchall())
            if table != "mentorat_reponseevaluation":
                assert REPONSES["commentaire"] not in contenu, table
                assert reponse.pk.hex not in contenu.replace("-", ""), table


def test_linvitation_sait_seulement_quelle_est_remplie(distribution, client_de, invitation):
    avant = EvaluationMesure.objects.values().get(pk=invitation.pk)
    _repondre(client_de(distribution.mentore), invitation)
    apres = EvaluationMesure.objects.values().get(pk=invitation.pk)
    assert {champ for champ in avant if avant[champ] != apres[champ]} == {"remplie"}


@pytest.mark.parametrize("champ", [nom for nom in REPONSES if nom != "commentaire"])
@pytest.mark.parametrize("valeur", ["", "0,5", "-1", "11", "٣", "abc", "1e1"])
def test_une_reponse_hors_echelle_est_refusee_et_le_reste_garde(distribution, client_de, invitation, champ, valeur):
    reponse = _repondre(client_de(distribution.mentore), invitation, **{champ: valeur})
    assert reponse.status_code == 200
    assert "Choisissez une" in texte_de(reponse)
    assert champs_de(reponse)["commentaire"] == REPONSES["commentaire"]
    assert not ReponseEvaluation.objects.exists()


@pytest.mark.parametrize(("champ", "valeur"), [("utilite", "0"), ("utilite", "6"), ("recommandation", "12")])
def test_les_bornes_de_chaque_echelle_sont_tenues(distribution, client_de, invitation, champ, valeur):
    _repondre(client_de(distribution.mentore), invitation, **{champ: valeur})
    assert not ReponseEvaluation.objects.exists()


@pytest.mark.parametrize("longueur", [4000, 4001])
def test_le_commentaire_a_une_limite_dite(distribution, client_de, invitation, longueur):
    reponse = _repondre(client_de(distribution.mentore), invitation, commentaire="é" * longueur)
    assert ReponseEvaluation.objects.exists() == (longueur == 4000)
    if longueur == 4001:
        assert "dépasse 4 000 caractères" in texte_de(reponse)
        assert len(champs_de(reponse)["commentaire"]) == 4001


def test_une_panne_ne_laisse_pas_une_invitation_remplie_sans_reponse(distribution, client_de, invitation, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr(ReponseEvaluation.objects, "create", panne)
    with pytest.raises(RuntimeError, match="panne"):
        _repondre(client_de(distribution.mentore), invitation)
    invitation.refresh_from_db()
    assert not invitation.remplie
