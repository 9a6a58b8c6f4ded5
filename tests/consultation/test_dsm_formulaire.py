"""Le quatrième échelon : le formulaire de la DSM s’ouvre rempli, se relit, se signe et part (R-181, R-208)."""

import datetime

import pytest
from django.db import connection

from consultation.actions import demandes, dsm, experts
from consultation.views.dsm import ENGAGEMENT
from encadrement.documents.models import Document
from encadrement.notifications.models import Courriel
from encadrement.signatures.models import Signature
from encadrement.socle.erreurs import Perime
from encadrement.trajectoire.transition import TransitionImpossible
from tests.consultation import scenes
from tests.consultation.pages_dsm import adresse, relire, signature, transmettre
from tests.consultation.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
CHERCHE = "Cherché « prismes » et « neurovision » : personne n’en fait à domicile."
NOMMANT = "Mme Tremblay, 418-555-0199, refuse l’aide."


@pytest.fixture
def client(distribution, client_de):
    return client_de(distribution.mentore)


@pytest.fixture
def formulaire(distribution):
    return scenes.formulaire_ouvert(distribution)


def ecrire(demande, **champs):
    demandes.ecrire_demande(demande, par=demande.demandeur, **champs)


def renvoyer(distribution, demande):
    dsm.renvoyer_demande(relire(demande), par=distribution.appr, motif="Précisez la durée des séances.")


# --- Y venir ----------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-177", "R-181")
def test_un_expert_a_decline_le_formulaire_souvre_deja_rempli(distribution, client):
    demande = scenes.demande_declinee(distribution)
    reponse = client.post(adresse("demander_dsm", demande))
    assert reponse.url == adresse("modifier", demande)
    assert relire(demande).etat == "formulaire"
    page = client.get(reponse.url)
    for champ in ("question", "contexte", "recherches", "constats", "attentes", "partenaires"):
        assert champs_de(page)[champ] == scenes.FORMULAIRE[champ]


@pytest.mark.exigence("R-177", "R-181")
def test_on_ne_va_pas_a_la_dsm_sans_avoir_consulte_un_expert(distribution, client):
    demande = scenes.demande_autorisee(distribution)
    with rien_decrit():
        reponse = client.post(adresse("demander_dsm", demande))
    assert reponse.status_code == 409
    assert "Consultez d’abord un expert du bottin" in texte_de(reponse)


@pytest.mark.exigence("R-181", "R-207")
def test_si_lexpertise_nexiste_pas_on_dit_ce_quon_a_cherche(distribution, client):
    demande = scenes.demande_autorisee(distribution)
    with rien_decrit():
        assert client.post(adresse("constater_absence", demande), {"motif": " "}).status_code == 200
    assert client.post(adresse("constater_absence", demande), {"motif": CHERCHE}).url == adresse("modifier", demande)
    assert relire(demande).etat == "formulaire"
    assert "neurovision" in texte_de(client.get(adresse("transmettre", demande)))


def test_ce_quon_a_cherche_ne_nomme_personne_sans_relecture(distribution, client):
    demande = scenes.demande_autorisee(distribution)
    with rien_decrit():
        reponse = client.post(adresse("constater_absence", demande), {"motif": NOMMANT})
    assert "semble contenir" in texte_de(reponse)


# --- Signer et transmettre --------------------------------------------------------------------------------------


@pytest.mark.exigence("R-173", "R-181", "R-190", "R-208", "R-400")
def test_le_demandeur_relit_signe_et_la_dsm_recoit(distribution, client, formulaire):
    page = texte_de(client.get(adresse("transmettre", formulaire)))
    for dit in (*(scenes.FORMULAIRE[champ] for champ in ("question", "constats", "attentes")), "Héminégligence"):
        assert dit.replace("\xa0", " ") in page
    for dit in ("☒ Consultation d’un expert", "Marie-Ève Huard", "Hors de mon champ.", "Hélène Arsenault"):
        assert dit in page
    assert transmettre(client, formulaire).url == formulaire.get_absolute_url()
    relue = relire(formulaire)
    assert (relue.etat, relue.a_la_dsm) == ("transmise", True)
    posee = Signature.objects.get()
    assert (posee.personne, posee.titre, posee.engagement) == (distribution.mentore, "demandeur", ENGAGEMENT)
    assert Document.objects.get().instantane == relue.instantane
    avises = courriels("demande_a_analyser")
    assert {distribution.appr.prenom, distribution.appr_liaison.prenom} <= set(avises)
    assert any("@" in avise for avise in avises), "la boîte de la DSM"
    assert distribution.gestionnaire.prenom in courriels("demande_transmise")


@pytest.mark.exigence("R-177", "R-178", "R-400")
@pytest.mark.parametrize(
    ("champ", "phrase"),
    [
        ("question", "Écrivez la question précise"),
        ("recherches", "ce que vous avez cherché"),
        ("constats", "ce que vous avez trouvé"),
        ("attentes", "Dites ce que vous attendez"),
    ],
)
def test_incomplet_le_formulaire_ne_part_pas(client, formulaire, champ, phrase):
    ecrire(formulaire, **{champ: ""})
    with rien_decrit():
        reponse = transmettre(client, formulaire)
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)


@pytest.mark.parametrize("manque", ["engagement", "mot_de_passe", "empreinte"])
def test_il_faut_lire_sengager_et_confirmer_son_identite(client, formulaire, manque):
    saisi = {**signature(client, formulaire), manque: ""}
    with rien_decrit():
        assert client.post(adresse("transmettre", formulaire), saisi).status_code == 200


def test_ce_qui_a_change_depuis_la_lecture_ne_part_pas(distribution, client, formulaire):
    lue = signature(client, formulaire)
    ecrire(formulaire, question="Changée dans un autre onglet.")
    with rien_decrit():
        reponse = client.post(adresse("transmettre", formulaire), lue)
    assert reponse.status_code == 409
    assert "Le contenu a changé" in texte_de(reponse)
    assert "Changée dans un autre onglet." in texte_de(reponse)
    perimee = scenes.Confirmation(empreinte_lue="0" * 64)
    with pytest.raises(Perime), rien_decrit():
        dsm.transmettre_a_la_dsm(relire(formulaire), par=distribution.mentore, confirmation=perimee)


def test_ce_qui_semble_nommer_quelquun_se_montre_avant_denvoyer(client, formulaire):
    ecrire(formulaire, contexte=NOMMANT)
    page = client.get(adresse("transmettre", formulaire))
    assert "À relire avant de transmettre" in texte_de(page)
    with rien_decrit():
        assert transmettre(client, formulaire).status_code == 200
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert transmettre(client, formulaire, relu=relu).status_code == 302


def test_un_second_clic_ne_signe_rien(client, formulaire):
    lue = signature(client, formulaire)
    assert client.post(adresse("transmettre", formulaire), lue).status_code == 302
    with rien_decrit():
        assert client.post(adresse("transmettre", formulaire), lue).status_code == 409


def test_tout_ou_rien_si_la_signature_echoue(distribution, formulaire, monkeypatch):
    def en_panne(*_, **__):
        raise RuntimeError("panne")

    monkeypatch.setattr("encadrement.demandes.actions.signer", en_panne)
    with pytest.raises(RuntimeError), rien_decrit():
        dsm.transmettre_a_la_dsm(formulaire, par=distribution.mentore, confirmation=scenes.CONFIRMATION)


# --- Renvoyer ---------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-210")
def test_lappr_renvoie_avec_un_commentaire_et_rien_nest_perdu(distribution, client_de, client):
    demande = scenes.demande_transmise(distribution)
    motif = "Précisez la durée des séances."
    reponse = client_de(distribution.appr).post(adresse("renvoyer", demande), {"motif": motif})
    assert reponse.url == demande.get_absolute_url()
    assert relire(demande).etat == "formulaire"
    assert courriels("demande_renvoyee") == [distribution.mentore.prenom]
    page = client.get(adresse("modifier", demande))
    assert motif in texte_de(page)
    assert champs_de(page)["question"] == scenes.QUESTION


def test_renvoyee_et_laissee_telle_quelle_elle_ne_se_signe_pas_deux_fois(distribution, client, formulaire):
    transmettre(client, formulaire)
    renvoyer(distribution, formulaire)
    assert transmettre(client, formulaire).status_code == 302
    assert (Signature.objects.count(), Document.objects.count()) == (1, 1)
    assert relire(formulaire).etat == "transmise"


def test_renvoyee_puis_modifiee_elle_se_fige_et_se_signe_de_nouveau(distribution, client, formulaire):
    transmettre(client, formulaire)
    premier = relire(formulaire).instantane
    renvoyer(distribution, formulaire)
    ecrire(relire(formulaire), question="Et à deux visites par semaine?")
    assert relire(formulaire).instantane is None
    assert transmettre(client, formulaire).status_code == 302
    relue = relire(formulaire)
    assert relue.instantane != premier
    assert relue.instantane.donnees["question"] == "Et à deux visites par semaine?"
    assert (Signature.objects.count(), Document.objects.count()) == (2, 2)


def test_meme_revenu_a_un_contenu_deja_signe_on_ne_transmet_que_ce_quon_a_lu(distribution, client, formulaire):
    transmettre(client, formulaire)
    renvoyer(distribution, formulaire)
    ecrire(relire(formulaire), question="Une autre question?")
    lue = signature(client, formulaire)
    ecrire(relire(formulaire), question=scenes.QUESTION)
    with rien_decrit():
        assert client.post(adresse("transmettre", formulaire), lue).status_code == 409


def test_renvoyee_la_page_montre_ce_qui_serait_signe_maintenant(distribution, client, formulaire):
    """Le gestionnaire a changé pendant le renvoi : l’ancien contenu ne doit ni se montrer ni bloquer la signature."""
    transmettre(client, formulaire)
    renvoyer(distribution, formulaire)
    distribution.mentore.superieur = distribution.autre_gestionnaire
    distribution.mentore.save(update_fields=["superieur"])
    assert distribution.autre_gestionnaire.nom_complet in texte_de(client.get(adresse("transmettre", formulaire)))
    assert transmettre(client, formulaire).status_code == 302


@pytest.mark.exigence("R-181")
def test_un_expert_consulte_en_soiree_la_ete_ce_jour_la(distribution, client, formulaire):
    """À 20 h en Gaspésie, l’horloge universelle est déjà au lendemain : ce qu’on signe dit le jour d’ici."""
    formulaire.sollicitations.update(choisie_le=datetime.datetime.fromisoformat("2026-10-06T20:30:00-04:00"))
    transmettre(client, formulaire)
    assert [expert["le"] for expert in relire(formulaire).instantane.donnees["experts"]] == ["2026-10-06"]


# --- Ce qui ne se montre pas ------------------------------------------------------------------------------------


@pytest.mark.parametrize("champ", ["question", "contexte", "recherches", "constats", "attentes", "partenaires"])
def test_en_redaction_aucun_texte_nest_en_clair_dans_la_base(distribution, champ):
    demande = scenes.demande_en_redaction(distribution)
    ecrire(demande, **{champ: "Canari bleu."})
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names():
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert "Canari bleu" not in str(curseur.fetchall()), table
    assert getattr(relire(demande), champ) == "Canari bleu."


def test_lavis_de_lexpert_est_chiffre(distribution):
    demande = scenes.rencontre_tenue(distribution)
    experts.rendre_avis(demande, par=distribution.mentor, avis="Canari vert.")
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names():
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert "Canari vert" not in str(curseur.fetchall()), table


@pytest.mark.parametrize("scene", ["demande_transmise", "demande_analysee", "demande_en_contact", "demande_au_comite"])
def test_aucun_courriel_ne_dit_ce_que_la_demande_contient(distribution, scene):
    demande = getattr(scenes, scene)(distribution)
    secrets = [*filter(None, demande.reponses.values()), str(demande.sujet), "L’expertise manque", "directions sont"]
    assert Courriel.objects.exists()
    for courriel in Courriel.objects.all():
        for secret in secrets:
            assert secret not in courriel.objet + courriel.texte + courriel.html, (courriel.gabarit, secret)


@pytest.mark.parametrize(("nom", "code"), [("gestionnaire", 403), ("animatrice", 404), ("appr", 404), ("inactif", 302)])
def test_personne_dautre_ne_transmet(distribution, client_de, formulaire, nom, code):
    with rien_decrit():
        reponse = client_de(distribution[nom]).post(adresse("transmettre", formulaire), {"engagement": "on"})
    assert reponse.status_code == code


def test_on_ne_transmet_pas_depuis_un_autre_etat(distribution):
    for scene in (scenes.demande_en_redaction, scenes.demande_autorisee):
        demande = scene(distribution)
        with pytest.raises(TransitionImpossible), rien_decrit():
            dsm.transmettre_a_la_dsm(demande, par=distribution.mentore, confirmation=scenes.CONFIRMATION)
