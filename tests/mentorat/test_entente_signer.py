"""Signer l’entente : lire le contenu figé, s’engager, confirmer son identité; dans n’importe quel ordre."""

import pytest

from encadrement.signatures.models import Signature
from encadrement.trajectoire.transition import TransitionImpossible
from mentorat.actions import ententes as actions
from mentorat.trajectoire import ENTENTE
from mentorat.views.ententes import ENGAGEMENT
from tests.factories import MOT_DE_PASSE
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, signer_par_la_page, texte_de
from tests.mentorat.traces import actes, courriels, ecrit, rien_decrit

pytestmark = pytest.mark.django_db
PAGE = "entente_signer"


@pytest.fixture
def entente(distribution):
    return scenes.entente(distribution, "a_signer")


@pytest.mark.exigence("R-055", "R-069", "R-100", "R-109", "R-334", "R-408")
@pytest.mark.parametrize("ordre", [("mentor", "mentore"), ("mentore", "mentor")])
def test_les_deux_signent_dans_nimporte_quel_ordre_puis_le_gestionnaire_est_avise(
    distribution, client_de, entente, ordre
):
    premier, second = (distribution[nom] for nom in ordre)
    assert signer_par_la_page(client_de(premier), PAGE, entente).url == entente.get_absolute_url()
    assert scenes.relire(entente).etat == "a_signer"
    assert courriels("entente_a_approuver") == []
    signer_par_la_page(client_de(second), PAGE, entente)
    relue = scenes.relire(entente)
    assert relue.etat == "a_approuver"
    assert distribution.gestionnaire.nom_complet in courriels("entente_a_approuver")
    assert [passage.transition for passage in relue.passages.order_by("id")][-3:] == ["signer", "signer", "presenter"]
    assert actes(relue).count("signature") == 2


def test_la_signature_garde_qui_a_quel_titre_comment_dou_et_sur_quoi(distribution, client_de, entente):
    signer_par_la_page(client_de(distribution.mentor), PAGE, entente)
    signature = Signature.objects.get()
    assert (signature.personne, signature.nom, signature.titre) == (
        distribution.mentor,
        distribution.mentor.nom_complet,
        "mentor",
    )
    assert (signature.methode, signature.adresse, signature.engagement) == ("mot_de_passe", "127.0.0.1", ENGAGEMENT)
    assert signature.instantane == entente.instantane
    assert signature.signee_le


@pytest.mark.exigence("R-061", "R-100", "R-109", "R-333")
def test_la_page_montre_le_contenu_fige_et_les_regles_dethique_datees(distribution, client_de, entente):
    texte = texte_de(client_de(distribution.mentor).get(adresse(PAGE, entente)))
    assert scenes.OBJECTIFS[1][0][:60] in texte
    assert "Aux 3 semaines" in texte
    assert f"version {entente.regles_ethique_version}" in texte
    assert ENGAGEMENT in texte


@pytest.mark.exigence("R-334")
def test_lentente_ne_se_presente_pas_au_gestionnaire_sans_les_deux_signatures(entente):
    actions.signer_entente(entente, par=entente.mentor, confirmation=scenes.CONFIRMATION)
    with rien_decrit(), pytest.raises(TransitionImpossible, match="celle du mentoré"):
        scenes.relire(entente).franchir(ENTENTE["presenter"], par=entente.mentor)


@pytest.mark.parametrize(("nom", "code"), [("gestionnaire", 403), ("dsm", 404), ("collegue", 404), ("inactif", 302)])
def test_personne_dautre_ne_signe(distribution, client_de, entente, nom, code):
    donnees = {"engagement": "on", "mot_de_passe": MOT_DE_PASSE, "empreinte": entente.instantane.empreinte}
    with rien_decrit():
        assert client_de(distribution[nom]).post(adresse(PAGE, entente), donnees).status_code == code


def test_on_ne_signe_pas_deux_fois(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    lus = champs_de(client.get(adresse(PAGE, entente)))
    donnees = {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE}
    client.post(adresse(PAGE, entente), donnees)
    with rien_decrit():
        reponse = client.post(adresse(PAGE, entente), donnees)
    assert reponse.status_code == 409
    assert "porte déjà une signature à ce titre" in texte_de(reponse)


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"mot_de_passe": "Pas-le-bon-2026"}, "Ce mot de passe n’est pas le vôtre. Rien n’a été signé."),
        ({"mot_de_passe": ""}, "Écrivez votre mot de passe"),
        ({"engagement": ""}, "Cochez l’engagement pour signer."),
        ({"empreinte": ""}, "La page n’a pas dit quel contenu vous lisiez"),
    ],
)
def test_sans_engagement_identite_ni_empreinte_rien_nest_signe(distribution, client_de, entente, saisi, phrase):
    with rien_decrit():
        reponse = signer_par_la_page(client_de(distribution.mentor), PAGE, entente, **saisi)
    assert phrase in texte_de(reponse)
    if "engagement" not in saisi:
        assert champs_de(reponse)["engagement"] == "on"
    assert champs_de(reponse)["mot_de_passe"] == ""


def test_trop_dessais_de_mot_de_passe_arretent_meme_le_bon(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    with rien_decrit():
        for _ in range(12):
            reponse = signer_par_la_page(client, PAGE, entente, mot_de_passe="Pas-le-bon-2026")
        assert "Trop d’essais : attendez quelques minutes" in texte_de(reponse)
        assert "Trop d’essais" in texte_de(signer_par_la_page(client, PAGE, entente))


@pytest.mark.exigence("R-334")
def test_une_page_lue_avant_un_changement_ne_signe_pas_le_nouveau_contenu(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    lus = champs_de(client.get(adresse(PAGE, entente)))
    actions.rouvrir_entente(entente, par=entente.mentore)
    actions.ecrire_entente(entente, par=entente.mentore, saisi={"frequence": "Chaque mois"}, temoins={})
    actions.soumettre_entente(entente, par=entente.mentore)
    with rien_decrit():
        reponse = client.post(adresse(PAGE, entente), {**lus, "engagement": "on", "mot_de_passe": MOT_DE_PASSE})
    assert reponse.status_code == 409
    assert "Le contenu a changé depuis que vous l’avez lu" in texte_de(reponse)
    assert "Chaque mois" in texte_de(reponse)
    assert champs_de(reponse)["empreinte"] == scenes.relire(entente).instantane.empreinte


def test_le_contenu_signe_ne_bouge_pas_quand_une_personne_change_de_nom(distribution, client_de, entente):
    nom = entente.mentore.nom_complet
    actions.signer_entente(entente, par=entente.mentor, confirmation=scenes.CONFIRMATION)
    distribution.mentore.nom = "Autrenom"
    distribution.mentore.save()
    texte = texte_de(client_de(distribution.mentore).get(adresse(PAGE, entente)))
    assert nom in texte
    signer_par_la_page(client_de(distribution.mentore), PAGE, entente)
    relue = scenes.relire(entente)
    assert relue.etat == "a_approuver"
    assert relue.instantane.donnees["mentore"]["nom"] == nom
    assert set(relue.instantane.signatures.values_list("nom", flat=True)) == {
        distribution.mentor.nom_complet,
        distribution.mentore.nom_complet,
    }


def test_une_panne_a_la_presentation_ne_laisse_pas_la_seconde_signature(distribution, client_de, entente, monkeypatch):
    actions.signer_entente(entente, par=entente.mentor, confirmation=scenes.CONFIRMATION)
    monkeypatch.setattr(actions, "annoncer", _panne)
    with rien_decrit(), pytest.raises(RuntimeError):
        signer_par_la_page(client_de(distribution.mentore), PAGE, entente)
    assert ecrit()["Signature"] == 1


def _panne(*_args, **_options):
    raise RuntimeError("panne")
