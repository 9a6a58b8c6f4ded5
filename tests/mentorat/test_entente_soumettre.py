"""Passer à la signature : le contenu se fige, et tout ce qui manque se dit d’un coup."""

import datetime

import pytest

from encadrement.signatures.models import Instantane
from mentorat.actions import bottin
from mentorat.actions import ententes as actions
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de
from tests.mentorat.traces import actes, courriels, rien_decrit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entente(distribution):
    return scenes.remplir(scenes.entente_naissante(distribution))


@pytest.mark.exigence("R-334", "R-094", "R-104")
@pytest.mark.parametrize("nom", ["mentor", "mentore"])
def test_la_dyade_passe_a_la_signature(distribution, client_de, entente, nom):
    actions.ajouter_objectif(entente, par=entente.mentor)
    reponse = client_de(distribution[nom]).post(adresse("entente_soumettre", entente))
    assert reponse.url == entente.get_absolute_url()
    relue = scenes.relire(entente)
    passage = relue.passages.get(transition="soumettre")
    assert (relue.etat, passage.de, passage.vers, passage.par) == (
        "a_signer",
        "brouillon",
        "a_signer",
        distribution[nom],
    )
    contenu = relue.instantane.donnees
    assert contenu["mentore"]["nom"] == relue.mentore.nom_complet
    assert [len(objectif["activites"]) for objectif in contenu["objectifs"]] == [2, 2, 2]
    assert relue.objectifs.count() == 3, "les lignes vides ne se signent pas"
    assert courriels("entente_a_signer") == sorted([relue.mentor.nom_complet, relue.mentore.nom_complet])
    assert actes(relue)[-1] == "mentorat.entente.soumettre"


@pytest.mark.parametrize(
    ("nom", "code"), [("gestionnaire", 403), ("delegue", 403), ("dsm", 404), ("gestionnaire_mentor", 404)]
)
def test_personne_dautre_ne_passe_a_la_signature(distribution, client_de, entente, nom, code):
    with rien_decrit():
        assert client_de(distribution[nom]).post(adresse("entente_soumettre", entente)).status_code == code


def test_on_ne_soumet_pas_deux_fois(distribution, client_de, entente):
    client = client_de(distribution.mentore)
    client.post(adresse("entente_soumettre", entente))
    with rien_decrit():
        reponse = client.post(adresse("entente_soumettre", entente))
    assert reponse.status_code == 409
    assert "« à signer »" in texte_de(reponse)


@pytest.mark.exigence("R-328", "R-329", "R-331", "R-332", "R-054")
def test_une_entente_vide_dit_tout_ce_qui_manque_dun_coup(distribution, client_de):
    entente = scenes.entente_naissante(distribution)
    entente.besoin_nouveau_programme = entente.besoin_competences = False
    entente.save()
    with rien_decrit():
        reponse = client_de(distribution.mentore).post(adresse("entente_soumettre", entente))
    assert reponse.status_code == 409
    texte = texte_de(reponse)
    for phrase in (
        "Cochez au moins un besoin",
        "Écrivez au moins un objectif d’apprentissage.",
        "Précisez la fréquence et la durée des rencontres.",
        "Précisez la durée de l’entente : du, au.",
    ):
        assert phrase in texte


@pytest.mark.exigence("R-049", "R-411", "R-267")
@pytest.mark.parametrize("niveau", ["gestionnaire", "directrice"])
def test_un_mentor_devenu_superieur_du_mentore_arrete_lentente(distribution, client_de, entente, niveau):
    entente.mentore.superieur = entente.mentor if niveau == "gestionnaire" else distribution.gestionnaire
    if niveau == "directrice":
        distribution.gestionnaire.superieur = entente.mentor
        distribution.gestionnaire.save(update_fields=["superieur"])
        entente.mentor.superieur = None
        entente.mentor.save(update_fields=["superieur"])
    entente.mentore.save(update_fields=["superieur"])
    with rien_decrit():
        reponse = client_de(entente.mentor).post(adresse("entente_soumettre", entente))
    assert reponse.status_code == 409
    assert "Le mentor ne peut pas être le supérieur hiérarchique du mentoré" in texte_de(reponse)


@pytest.mark.exigence("R-050", "R-412")
def test_un_mentor_retire_du_bottin_arrete_lentente(distribution, client_de, entente):
    bottin.retirer_du_bottin(distribution.mentor.fiche_mentor, par=distribution.dsm)
    with rien_decrit():
        reponse = client_de(distribution.mentore).post(adresse("entente_soumettre", entente))
    assert "inscrit au bottin des mentors" in texte_de(reponse)


@pytest.mark.exigence("R-051", "R-052")
def test_une_autre_discipline_sans_besoin_de_competences_demande_une_raison(distribution, client_de, entente):
    entente.besoin_competences = False
    entente.save()
    entente.mentor.titre_emploi = distribution.collegue.titre_emploi
    entente.mentor.save(update_fields=["titre_emploi"])
    client = client_de(distribution.mentore)
    with rien_decrit():
        reponse = client.post(adresse("entente_soumettre", entente))
    assert "ne sont pas de la même discipline" in texte_de(reponse)
    assert client.post(adresse("entente_soumettre", entente), {"raison": "Aucun mentor."}).status_code == 302
    passage = entente.passages.get(transition="soumettre")
    assert passage.motif == "Aucun mentor."
    assert "Travail social" in passage.avertissements[0]


@pytest.mark.exigence("R-330")
def test_onze_objectifs_demandent_une_raison(distribution, client_de):
    entente = scenes.remplir(scenes.entente_naissante(distribution), objectifs=[scenes.OBJECTIFS[1]] * 11)
    client = client_de(distribution.mentore)
    assert "Vous visez 11 objectifs en six mois" in texte_de(client.post(adresse("entente_soumettre", entente)))
    assert client.post(adresse("entente_soumettre", entente), {"raison": "Ils sont petits."}).status_code == 302


@pytest.mark.exigence("R-056", "R-409")
def test_six_mois_et_un_jour_ne_passent_pas_a_la_signature(distribution, client_de, entente):
    entente.debut, entente.fin = datetime.date(2026, 9, 14), datetime.date(2027, 3, 15)
    entente.save()
    client = client_de(distribution.mentore)
    with rien_decrit():
        reponse = client.post(adresse("entente_soumettre", entente))
    assert "au plus tard le 2027-03-14" in texte_de(reponse)
    entente.fin = datetime.date(2027, 3, 14)
    entente.save()
    assert client.post(adresse("entente_soumettre", entente)).status_code == 302


def test_une_panne_a_la_derniere_etape_ne_laisse_rien(distribution, client_de, entente, monkeypatch):
    monkeypatch.setattr(actions, "annoncer", _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        client_de(distribution.mentore).post(adresse("entente_soumettre", entente))
    assert not Instantane.objects.filter(nature="entente").exists()


def _panne(*_args, **_options):
    raise RuntimeError("panne")
