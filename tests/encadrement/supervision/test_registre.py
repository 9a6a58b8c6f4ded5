"""Le registre des courriels : où en est chaque envoi, jamais ce qu’il dit; ce qui est incertain se tranche une fois."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.retenus import relacher
from encadrement.personnes.models import Personne
from encadrement.supervision.taches import taches
from tests.encadrement.supervision import scenes
from tests.ensemble import ensemble

ADRESSE = "/courriels/"
CONTENU = "approuver l’entente de Zoé Bujold"


def _etat(courriel):
    return Courriel.objects.values_list("etat", flat=True).get(pk=courriel.pk)


def test_le_registre_dit_l_etat_sans_le_contenu(distribution, client_de, django_assert_max_num_queries):
    d, client = distribution, client_de(distribution.pilote)
    incertain = scenes.envoi(d)
    assert CONTENU in incertain.texte
    scenes.envoi(d, a=d.mentor, etat=EtatCourriel.ENVOYE, erreur="")
    comite = scenes.envoi(d, a=d.appr, gabarit="concertation/essai")
    page = client.get(ADRESSE).content.decode()
    for interdit in (CONTENU, incertain.objet, d.mentor.courriel, d.appr.nom_complet, "x@cisss.exemple"):
        assert interdit not in page
    assert d.gestionnaire.courriel in page
    assert comite.message_id.strip("<>") in page
    for filtre, combien in (
        ("etat=incertain", 2),
        ("etat=parti", 1),
        ("mesure=concertation", 1),
        ("etat=a_decider", 2),
    ):
        assert len(client.get(f"{ADRESSE}?{filtre}").context["lignes"]) == combien
    assert len(client.get(f"{ADRESSE}?etat=inconnu").context["lignes"]) == 3
    with CaptureQueriesContext(connection) as avec_trois:
        client.get(ADRESSE)
    for nom in ("collegue", "dsm", "prp"):
        scenes.envoi(d, a=d[nom])
    with django_assert_max_num_queries(len(avec_trois)):
        client.get(ADRESSE)


@pytest.mark.parametrize("etat", [EtatCourriel.AMBIGU, EtatCourriel.ECHEC])
def test_relancer_et_abandonner_une_seule_fois_au_journal(distribution, client_de, etat):
    client = client_de(distribution.pilote)
    relance, abandonne = scenes.envoi(distribution, etat), scenes.envoi(distribution, etat)
    assert client.post(f"{ADRESSE}{relance.uuid}/relancer/").status_code == 302
    assert client.post(f"{ADRESSE}{abandonne.uuid}/abandonner/").status_code == 302
    assert (_etat(relance), _etat(abandonne)) == (EtatCourriel.A_ENVOYER, EtatCourriel.ABANDONNE)
    for courriel in (relance, abandonne):
        refus = client.post(f"{ADRESSE}{courriel.uuid}/relancer/")
        assert refus.status_code == 409
        assert "n’attend plus de décision" in refus.content.decode()
    decisions = Entree.objects.filter(acte="notifications.courriel.trancher", par=distribution.pilote)
    assert sorted(entree.details["renvoyer"] for entree in decisions) == [False, True]


def test_ce_qu_une_restauration_retient_se_decide_d_un_coup(distribution, client_de):
    client = client_de(distribution.pilote)
    retenus, incertain = [scenes.retenu(distribution) for _ in range(3)], scenes.envoi(distribution)
    assert "3 courriels retenus" in client.get(ADRESSE).content.decode()
    assert client.post(f"{ADRESSE}retenus/", {"decision": ""}).status_code == 409
    assert client.post(f"{ADRESSE}retenus/", {"decision": "renvoyer"}).status_code == 302
    assert {_etat(courriel) for courriel in retenus} == {EtatCourriel.A_ENVOYER}
    assert _etat(incertain) == EtatCourriel.AMBIGU
    assert "retenus par une restauration" not in client.get(ADRESSE).content.decode()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_clics_a_la_fois_ne_tranchent_qu_une_fois(distribution):
    d = distribution
    for _ in range(3):
        scenes.retenu(d)
    assert sorted(ensemble(*[lambda: relacher(par=d.pilote, renvoyer=True)] * 2)) == [0, 3]
    assert Entree.objects.filter(acte="notifications.courriel.trancher").count() == 3


def test_le_pilote_seul_en_a_la_tache_et_une_seule(distribution):
    d = distribution
    assert list(taches(Personne.objects.get(pk=d.pilote.pk))) == []
    scenes.envoi(d)
    scenes.envoi(d, EtatCourriel.ECHEC)
    (tache,) = taches(Personne.objects.get(pk=d.pilote.pk))
    assert tache.dossier == "2 courriels"
    for nom in ("dsm", "prp", "superutilisateur", "gestionnaire"):
        assert list(taches(Personne.objects.get(pk=d[nom].pk))) == []
