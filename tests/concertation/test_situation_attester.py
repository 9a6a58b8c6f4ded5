"""Le gestionnaire lit, atteste les démarches préalables et approuve, ou renvoie (R-227, R-246, R-257 ; X-2)."""

import pytest
from django.urls import reverse

from concertation.actions import situations
from concertation.models import PassageSituation
from encadrement.acces.matrice import AccesRefuse
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Delegation, Personne
from encadrement.socle.temps import jour_local
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
ATTESTE = {"demarches": "on"}


@pytest.fixture
def situation(distribution):
    return scenes.situation_a_attester(distribution)


@pytest.fixture
def gestionnaire(distribution, client_de, situation):
    declares(situation, distribution.gestionnaire)
    return client_de(distribution.gestionnaire)


@pytest.mark.exigence("R-227", "R-246", "R-257")
def test_le_gestionnaire_lit_atteste_et_le_coordonnateur_recoit(distribution, gestionnaire, situation):
    assert situation.numero in texte_de(gestionnaire.get(ACCUEIL))
    page = texte_de(gestionnaire.get(adresse("situation_attester", situation)))
    assert scenes.RECIT["contexte"] in page
    assert gestionnaire.post(adresse("situation_attester", situation), ATTESTE).url == adresse("situation", situation)
    relue = relire(situation)
    assert (relue.etat, relue.attestee_par) == ("transmise", distribution.gestionnaire)
    assert relue.attestee_le is not None
    assert courriels("situation_transmise") == [distribution.coordonnatrice.prenom]
    assert courriels("situation_attestee") == [distribution.mentore.prenom]


@pytest.mark.exigence("R-246")
def test_sans_cocher_que_les_demarches_sont_faites_rien_ne_part(gestionnaire, situation):
    with rien_decrit():
        reponse = gestionnaire.post(adresse("situation_attester", situation), {})
    assert reponse.status_code == 200
    assert "Cochez cette attestation" in texte_de(reponse)


def test_la_page_consigne_la_lecture_avant_de_montrer_une_fois(distribution, gestionnaire, situation):
    avant = len(lectures(situation))
    gestionnaire.get(adresse("situation_attester", situation))
    (lu,) = lectures(situation)[avant:]
    assert lu == (
        distribution.gestionnaire,
        "attestation des démarches préalables",
        list(situations.CHAMPS_DU_RECIT),
    )
    # Attestée, la page ne s’est pas montrée : rien à consigner de plus.
    gestionnaire.post(adresse("situation_attester", situation), ATTESTE)
    assert len(lectures(situation)) == avant + 1


@pytest.mark.parametrize("methode", ["get", "post"])
def test_avant_de_lire_ou_dattester_on_declare(distribution, client_de, situation, methode):
    client = client_de(distribution.gestionnaire)
    for page in ("situation_attester", "situation"):
        if (page, methode) != ("situation", "post"):
            reponse = getattr(client, methode)(adresse(page, situation), ATTESTE)
            assert reponse.url.startswith(adresse("situation_declarer", situation))
    assert relire(situation).etat == "a_attester"
    assert lectures(situation) == []


def test_le_delegue_du_gestionnaire_atteste_en_son_nom(distribution, client_de, situation):
    declares(situation, distribution.delegue)
    client_de(distribution.delegue).post(adresse("situation_attester", situation), ATTESTE)
    passage = PassageSituation.objects.filter(situation=situation).last()
    assert (passage.par, passage.au_nom_de) == (distribution.delegue, distribution.gestionnaire)


def test_le_gestionnaire_ne_voit_pas_ou_la_demande_nest_pas_de_ses_gens(distribution, client_de, situation):
    client = client_de(distribution.autre_gestionnaire)
    assert client.post(adresse("situation_attester", situation), ATTESTE).status_code == 404
    assert situation.numero not in texte_de(client.get(LISTE))


def test_personne_natteste_ce_quil_presente_lui_meme(distribution, situation):
    Personne.objects.filter(pk=distribution.mentore.pk).update(superieur=distribution.autre_gestionnaire)
    scenes.situation_a_attester(distribution)
    # Même en tenant la place de son propre gestionnaire, par délégation.
    Delegation.objects.create(
        de=distribution.autre_gestionnaire, a=distribution.mentore, debut=jour_local(), fin=jour_local()
    )
    mentore = Personne.objects.get(pk=distribution.mentore.pk)
    with pytest.raises(AccesRefuse):
        situations.attester_demarches(relire(situation), par=mentore)


def test_deux_fois_ne_compte_quune(distribution, gestionnaire, situation):
    gestionnaire.post(adresse("situation_attester", situation), ATTESTE)
    with rien_decrit():
        reponse = gestionnaire.post(adresse("situation_attester", situation), ATTESTE)
    assert reponse.status_code == 409
    assert "Ce dossier est maintenant à l’état" in texte_de(reponse)


def test_tout_ou_rien_si_lavis_ne_peut_partir(distribution, situation, monkeypatch):
    def en_panne(*_, **__):
        raise RuntimeError("panne")

    monkeypatch.setattr(situations, "annoncer", en_panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        situations.attester_demarches(situation, par=distribution.gestionnaire)


# — Renvoyer


def test_renvoyee_la_demande_revient_avec_le_commentaire_et_tout_ce_qui_etait_ecrit(
    distribution, client_de, gestionnaire, situation
):
    reponse = gestionnaire.post(
        adresse("situation_renvoyer", situation), {"motif": "Tentez d’abord le guichet d’accès."}
    )
    assert reponse.url == ACCUEIL
    assert gestionnaire.get(adresse("situation", situation)).status_code == 404
    demandeur = client_de(distribution.mentore)
    for page in ("situation", "situation_modifier"):
        assert "Tentez d’abord le guichet d’accès." in texte_de(demandeur.get(adresse(page, situation)))
    assert recit(situation)["question"] == scenes.RECIT["question"]
    assert courriels("situation_renvoyee") == [distribution.mentore.prenom]


def test_le_motif_est_chiffre_et_ne_part_dans_aucun_courriel(gestionnaire, situation):
    gestionnaire.post(adresse("situation_renvoyer", situation), {"motif": "Canari au motif."})
    passage = PassageSituation.objects.filter(transition="renvoyer").get()
    assert passage.texte == "Canari au motif."
    assert "Canari" not in passage.motif
    for courriel in Courriel.objects.all():
        assert "Canari" not in courriel.objet + courriel.texte + courriel.html + courriel.calendrier


@pytest.mark.parametrize(
    ("motif", "phrase"), [(" ", "Écrivez le motif"), ("J. T. n’a pas consenti.", "Ce texte semble contenir")]
)
def test_sans_motif_ou_avec_un_motif_qui_nomme_rien_ne_bouge(gestionnaire, situation, motif, phrase):
    with rien_decrit():
        reponse = gestionnaire.post(adresse("situation_renvoyer", situation), {"motif": motif})
    assert phrase in texte_de(reponse)


# — Le dossier selon qui le lit


def test_le_dossier_montre_le_recit_sans_rien_didentite_et_dessine_la_trajectoire(
    distribution, gestionnaire, situation
):
    page = texte_de(gestionnaire.get(adresse("situation", situation)))
    for dit in (situation.numero, scenes.RECIT["question"], "attesté par l’intervenant", "Attester et approuver"):
        assert dit in page
    assert "On attend : Hélène Arsenault" in page
    assert "tiré des étapes elles-mêmes" in page


@pytest.mark.exigence("R-233", "R-403")
def test_la_trajectoire_de_lannexe_14_se_dessine_detape_en_etape(distribution, client_de):
    situation = scenes.situation_inscrite(distribution)
    client = client_de(distribution.mentore)
    page = texte_de(client.get(adresse("situation", situation)))
    for etape in ("en rédaction", "à attester par le gestionnaire", "recevabilité à analyser", "inscrite à une rencontre",
                  "orientations en suivi", "fermée"):  # fmt: skip
        assert etape in page
    assert "On attend : le comité, à sa rencontre" in page
    assert f"{reverse('cadre:questions')}#Q-02" in page


def test_les_titres_de_page_et_les_messages_ne_disent_rien_du_recit(distribution, client_de, situation):
    client = client_de(distribution.mentore)
    for page in ("situation", "situation_retirer"):
        texte = texte_de(client.get(adresse(page, situation)))
        titre = texte.partition("<title>")[2].partition("</title>")[0]
        assert scenes.RECIT["question"][:20] not in titre
    reponse = client.post(adresse("situation_retirer", situation), follow=True)
    for message in reponse.context["messages"]:
        assert scenes.RECIT["question"][:20] not in str(message)
