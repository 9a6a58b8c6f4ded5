"""La vie de la communauté, à plusieurs au même instant : un vote reste un vote, un sujet reste un sujet."""

import pytest
from django.urls import reverse

from cdp.actions import vie
from cdp.models import Sujet, Vote
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes
from tests.distribution import monter
from tests.ensemble import ensemble

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


@pytest.mark.exigence("R-469")
def test_quatre_clics_de_la_meme_personne_ne_font_qu_un_vote(d, client_de):
    sujet = scenes.sujet_propose(d)
    page = reverse("cdp:sujet_voter", args=[sujet.uuid])
    clients = [client_de(d.secretaire) for _ in range(4)]
    reponses = ensemble(*(lambda c=client: c.post(page, {"appuie": "oui"}) for client in clients))
    assert [reponse.status_code for reponse in reponses] == [302] * 4
    assert Vote.objects.filter(sujet=sujet, personne=d.secretaire).count() == 1


def test_le_meme_sujet_propose_a_deux_n_entre_qu_une_fois(d):
    communaute = scenes.communaute_active(d)
    rendus = ensemble(
        *(lambda p=par: vie.proposer_sujet(communaute, par=p, texte="Télépratique") for par in (d.membre, d.secretaire))
    )
    assert Sujet.objects.count() == 1
    assert [str(r) for r in rendus if isinstance(r, ErreurMetier)] == [
        "Ce sujet est déjà à la banque : appuyez-le d’un vote."
    ]


def test_deux_retraits_au_meme_instant_n_en_font_qu_un(d):
    outil = scenes.outil_depose(d)
    rendus = ensemble(
        *(lambda m=motif: vie.retirer_publication(outil, par=d.animatrice, motif=m) for motif in ("Un.", "Deux."))
    )
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 1
    assert Courriel.objects.filter(gabarit="cdp/publication_retiree").count() == 1


def test_un_sujet_inscrit_a_deux_ne_fait_qu_un_point(d):
    sujet, rencontre = scenes.sujet_propose(d), scenes.rencontre_planifiee(d)
    ensemble(*(lambda p=par: vie.mettre_a_l_ordre_du_jour(sujet, rencontre, par=p) for par in (d.membre, d.secretaire)))
    assert rencontre.points.filter(sujet=sujet.texte).count() == 1


def test_voter_pendant_qu_on_retire_ne_laisse_pas_de_vote_sur_un_sujet_retire(d):
    sujet = scenes.sujet_propose(d)
    rendus = ensemble(
        lambda: vie.voter(sujet, par=d.secretaire),
        lambda: vie.retirer_publication(sujet, par=d.animatrice, motif="Hors sujet."),
    )
    retire = Sujet.objects.get()
    assert not retire.est_visible
    a_vote = Vote.objects.filter(personne=d.secretaire).exists()
    assert a_vote != isinstance(rendus[0], ErreurMetier)
