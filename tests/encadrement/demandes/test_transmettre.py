"""Transmettre : relire ce qui part, s’engager, confirmer son identité ; un soutien est signé, un cas se poursuit au comité."""

import pytest

from encadrement.acces.matrice import AccesRefuse
from encadrement.demandes import actions
from encadrement.demandes.views import ENGAGEMENT
from encadrement.documents.models import Document
from encadrement.notifications.models import Courriel
from encadrement.signatures.models import Signature
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.transition import TransitionImpossible
from tests.consultation import scenes
from tests.consultation.traces import courriels, rien_decrit
from tests.encadrement.demandes.pages import adresse, relire, signature, transmettre
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
NOMMANT = "Mme Tremblay, 418-555-0199, refuse l’aide."


@pytest.fixture
def soutien(distribution):
    return scenes.soutien_en_redaction(distribution)


@pytest.fixture
def cas(distribution):
    return scenes.cas_en_redaction(distribution)


@pytest.fixture
def client(distribution, client_de):
    return client_de(distribution.mentore)


def ecrire(demande, **champs):
    actions.ecrire_demande_service(demande, par=demande.demandeur, **champs)


@pytest.mark.exigence("R-065", "R-136", "R-400")
def test_un_soutien_se_signe_et_part_aux_appr(distribution, client, soutien):
    page = texte_de(client.get(adresse("demande_transmettre", soutien)))
    for dit in (soutien.question, soutien.attentes, "☒ Soutien d’un APPR", "Hélène Arsenault", ENGAGEMENT):
        assert dit.replace("\xa0", " ") in page
    assert transmettre(client, soutien).url == soutien.get_absolute_url()
    relue = relire(soutien)
    assert relue.etat == "transmise"
    posee = Signature.objects.get()
    assert (posee.personne, posee.titre, posee.engagement) == (distribution.mentore, "demandeur", ENGAGEMENT)
    assert posee.instantane == relue.instantane
    assert relue.instantane.gabarit == "demandes/annexe_11_v1"
    assert Document.objects.get().instantane == relue.instantane
    appr = {distribution.appr.prenom, distribution.appr_liaison.prenom}
    assert appr < set(courriels("demande_transmise", "demandes"))


@pytest.mark.exigence("R-400")
@pytest.mark.parametrize(
    ("champ", "phrase"), [("question", "Écrivez la question précise"), ("attentes", "Dites ce que vous attendez")]
)
def test_sans_question_ni_attente_elle_ne_part_pas(client, soutien, champ, phrase):
    ecrire(soutien, **{champ: " "})
    with rien_decrit():
        reponse = transmettre(client, soutien)
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)


def test_ce_qui_a_change_depuis_la_lecture_ne_part_pas(client, soutien):
    lue = signature(client, soutien)
    ecrire(soutien, question="Changée dans un autre onglet.")
    with rien_decrit():
        reponse = client.post(adresse("demande_transmettre", soutien), lue)
    assert reponse.status_code == 409
    assert "Le contenu a changé depuis que vous l’avez lu" in texte_de(reponse)
    assert "Changée dans un autre onglet." in texte_de(reponse)


def test_meme_revenu_a_un_contenu_deja_signe_on_ne_transmet_que_ce_quon_a_lu(distribution, client, soutien):
    transmettre(client, soutien)
    actions.renvoyer_demande_service(relire(soutien), par=distribution.appr, motif="Précisez.")
    relue = relire(soutien)
    signee = relue.question
    ecrire(relue, question="Une autre question.")
    lue = signature(client, relue)
    ecrire(relue, question=signee)
    with rien_decrit():
        assert client.post(adresse("demande_transmettre", relue), lue).status_code == 409


def test_renvoyee_et_laissee_telle_quelle_elle_ne_se_signe_pas_deux_fois(distribution, client, soutien):
    transmettre(client, soutien)
    actions.renvoyer_demande_service(relire(soutien), par=distribution.appr, motif="Précisez.")
    assert transmettre(client, soutien).status_code == 302
    assert (Signature.objects.count(), Document.objects.count()) == (1, 1)
    assert relire(soutien).etat == "transmise"


def test_renvoyee_puis_modifiee_elle_se_signe_de_nouveau(distribution, client, soutien):
    transmettre(client, soutien)
    premier = relire(soutien).instantane
    actions.renvoyer_demande_service(relire(soutien), par=distribution.appr, motif="Précisez.")
    ecrire(relire(soutien), question="Une question plus précise.")
    assert relire(soutien).instantane is None
    assert transmettre(client, soutien).status_code == 302
    assert relire(soutien).instantane != premier
    assert (Signature.objects.count(), Document.objects.count()) == (2, 2)


def test_un_gestionnaire_change_pendant_le_renvoi_et_la_page_montre_le_nouveau(distribution, client, soutien):
    transmettre(client, soutien)
    actions.renvoyer_demande_service(relire(soutien), par=distribution.appr, motif="Précisez.")
    distribution.mentore.superieur = distribution.autre_gestionnaire
    distribution.mentore.save(update_fields=["superieur"])
    assert distribution.autre_gestionnaire.nom_complet in texte_de(client.get(adresse("demande_transmettre", soutien)))
    assert transmettre(client, soutien).status_code == 302
    assert relire(soutien).instantane.donnees["gestionnaire"]["nom"] == distribution.autre_gestionnaire.nom_complet


@pytest.mark.parametrize("manque", ["engagement", "mot_de_passe", "empreinte"])
def test_il_faut_lire_sengager_et_confirmer_son_identite(client, soutien, manque):
    saisi = {**signature(client, soutien), manque: ""}
    with rien_decrit():
        assert client.post(adresse("demande_transmettre", soutien), saisi).status_code == 200
    assert relire(soutien).etat == "brouillon"


def test_ce_qui_semble_nommer_quelquun_se_montre_avant_denvoyer(client, soutien):
    ecrire(soutien, contexte=NOMMANT)
    page = client.get(adresse("demande_transmettre", soutien))
    assert "À relire avant de transmettre" in texte_de(page)
    with rien_decrit():
        assert transmettre(client, soutien).status_code == 200
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert transmettre(client, soutien, relu=relu).status_code == 302


def test_un_texte_glisse_dans_lenvoi_ne_compte_pas(client, soutien):
    transmettre(client, soutien, question="Une autre question.", contexte="Glissé.")
    assert relire(soutien).instantane.donnees["question"] == soutien.question
    assert relire(soutien).contexte == soutien.contexte


# --- Le cas du comité : il se poursuit ailleurs -----------------------------------------------------------------


@pytest.mark.exigence("R-220")
def test_un_cas_du_comite_se_poursuit_au_lieu_de_se_transmettre(distribution, client, cas):
    page = texte_de(client.get(adresse("demande", cas)))
    assert "Poursuivre au comité" in page
    assert cas.question in page
    assert adresse("demande_transmettre", cas) not in page
    assert adresse("demande_modifier", cas) not in page
    with rien_decrit():
        for nom in ("demande_transmettre", "demande_modifier"):
            assert client.get(adresse(nom, cas)).url == cas.get_absolute_url()
            assert client.post(adresse(nom, cas), {"question": "Glissée?"}).url == cas.get_absolute_url()
    with pytest.raises(TransitionImpossible, match="ne se transmet pas d’ici"), rien_decrit():
        actions.transmettre_demande_service(cas, par=distribution.mentore, confirmation=scenes.CONFIRMATION)


def test_une_fois_poursuivi_rien_ne_reste_ici_de_ce_qui_etait_ecrit(distribution, client, cas):
    ecrit = dict(cas.reponses)
    assert actions.poursuivre_ailleurs(cas, par=distribution.mentore) == ecrit
    relue = relire(cas)
    assert relue.etat == "close"
    assert not any(relue.reponses.values())
    page = texte_de(client.get(adresse("demande", cas)))
    assert "s’est poursuivie ailleurs" in page
    assert ecrit["question"] not in page
    passage = relue.passages.get()
    assert (passage.transition, passage.titre) == ("poursuivre", "application")
    with pytest.raises(TransitionImpossible), rien_decrit():
        actions.poursuivre_ailleurs(relue, par=distribution.mentore)


def test_un_soutien_ne_se_poursuit_pas_ailleurs(distribution, soutien):
    with pytest.raises(ErreurMetier, match="transmettez-la à la DSM"), rien_decrit():
        actions.poursuivre_ailleurs(soutien, par=distribution.mentore)


@pytest.mark.parametrize("nom", ["gestionnaire", "coordonnatrice", "appr", "collegue"])
def test_personne_dautre_ne_poursuit_un_cas(distribution, cas, nom):
    with pytest.raises(AccesRefuse), rien_decrit():
        actions.poursuivre_ailleurs(cas, par=distribution[nom])


@pytest.mark.parametrize("nom", ["soutien_transmis", "demande_au_comite"])
def test_aucun_courriel_ne_dit_ce_que_la_demande_contient(distribution, nom):
    demande = getattr(scenes, nom)(distribution)
    assert Courriel.objects.exists()
    for courriel in Courriel.objects.all():
        for texte in filter(None, demande.reponses.values()):
            assert texte not in courriel.objet + courriel.texte + courriel.html


@pytest.mark.parametrize(("nom", "code"), [("gestionnaire", 404), ("appr", 404), ("collegue", 404), ("inactif", 302)])
def test_personne_dautre_ne_transmet(distribution, client_de, soutien, nom, code):
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse("demande_transmettre", soutien), {"engagement": "on"})
    assert reponse.status_code == code
