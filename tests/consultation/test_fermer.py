"""Fermer ou poursuivre : la suite reste au dossier, ce qu’on en pense part sans nom (R-181, R-185, R-205, R-209)."""

import json

import pytest

from consultation.actions import demandes
from consultation.models import EtatConsultation, LigneSuivi, Suite
from encadrement.journal.models import Entree
from encadrement.sondages.models import Campagne, Invitation, Reponse
from tests.consultation import scenes
from tests.consultation.gestes import FERMETURE, adresse, relire, texte_de
from tests.consultation.traces import courriels, rien_decrit
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de

pytestmark = pytest.mark.django_db
FERMER = {"suite_au_dossier": "denouee", **FERMETURE}


@pytest.fixture
def demande(distribution):
    return scenes.avis_rendu(distribution)


@pytest.fixture
def demandeur(distribution, client_de):
    return client_de(distribution.mentore)


@pytest.mark.exigence("R-185", "R-205", "R-209")
def test_le_demandeur_dit_ce_que_la_consultation_a_change_et_la_ferme(distribution, demandeur, demande):
    page = texte_de(demandeur.get(adresse("demande_fermer", demande)))
    for question in ("Cette consultation…", "utile pour cette situation", "utile pour ma pratique", "Commentaire"):
        assert question in page
    assert "Elles partent au sondage sans votre nom, sans cette demande et sans heure." in page
    assert "Essayer deux blocs de 10 minutes" in page
    assert demandeur.post(adresse("demande_fermer", demande), FERMER).url == demande.get_absolute_url()
    relue = relire(demande)
    assert (relue.etat, relue.suite) == (EtatConsultation.FERMEE, Suite.DENOUEE)
    ligne = LigneSuivi.objects.get()
    assert (ligne.expert, ligne.minutes, ligne.demandeur) == (distribution.mentor, 45, distribution.mentore)
    assert json.loads(Reponse.objects.get().contenu) == {"apport": "piste", "valeur_situation": 4, "valeur_pratique": 5}
    assert courriels("consultation_fermee") == ["Guylaine"]
    assert "l’impasse est dénouée" in texte_de(demandeur.get(adresse("demande", demande)))


def test_la_consultation_ne_se_ferme_quune_fois(demandeur, demande):
    demandeur.post(adresse("demande_fermer", demande), FERMER)
    with rien_decrit():
        assert demandeur.post(adresse("demande_fermer", demande), FERMER).status_code == 409
        assert demandeur.post(adresse("demande_poursuivre", demande), FERMETURE).status_code == 409


@pytest.mark.parametrize("nom", ["mentor", "gestionnaire", "delegue", "collegue", "dsm"])
def test_personne_dautre_ne_ferme_ni_ne_poursuit(distribution, client_de, demande, nom):
    attendu = 404 if nom in ("collegue", "dsm") else 403
    with rien_decrit():
        for page, envoi in (("demande_fermer", FERMER), ("demande_poursuivre", FERMETURE)):
            assert client_de(distribution[nom]).post(adresse(page, demande), envoi).status_code == attendu


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"suite_au_dossier": ""}, "Dites ce que la consultation a changé."),
        ({"suite_au_dossier": "magie"}, "Dites ce que la consultation a changé."),
        ({"apport": ""}, "Choisissez une réponse."),
        ({"valeur_situation": "6"}, "Choisissez une des réponses proposées."),
        ({"valeur_pratique": "\x00"}, "Choisissez une des réponses proposées."),
        ({"commentaire": "é" * 4001}, "Ce texte dépasse 4 000 caractères"),
        ({"commentaire": "Merci pour TREM 5501 0112"}, "Ce texte semble contenir"),
    ],
)
def test_une_reponse_manquante_ou_fautive_est_expliquee_sans_rien_perdre(demandeur, demande, champs, phrase):
    with rien_decrit():
        reponse = demandeur.post(adresse("demande_fermer", demande), {**FERMER, "commentaire": "Bien.", **champs})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    lus = champs_de(reponse)
    for champ, valeur in {**FERMER, "commentaire": "Bien."}.items():
        assert champ in champs or lus[champ] == valeur


@pytest.mark.exigence("R-181")
def test_si_la_dsm_est_encore_necessaire_on_poursuit_au_lieu_de_fermer(demandeur, demande):
    with rien_decrit():
        reponse = demandeur.post(
            adresse("demande_fermer", demande), {**FERMER, "suite_au_dossier": "encore_necessaire"}
        )
    page = texte_de(reponse)
    assert reponse.status_code == 409
    assert "poursuivez vers elle : rien n’est à ressaisir" in page
    assert adresse("demande_poursuivre", demande) in page
    assert champs_de(reponse)["apport"] == "piste"


@pytest.mark.exigence("R-173", "R-181", "R-205", "R-208", "R-209")
def test_poursuivre_ouvre_le_formulaire_de_la_dsm_deja_rempli(demandeur, demande):
    page = demandeur.get(adresse("demande_poursuivre", demande))
    assert "suite_au_dossier" not in page.context["form"].fields
    reponse = demandeur.post(adresse("demande_poursuivre", demande), FERMETURE)
    assert reponse.url == adresse("demande_modifier", demande)
    relue = relire(demande)
    assert (relue.etat, relue.suite) == (EtatConsultation.FORMULAIRE, Suite.ENCORE_NECESSAIRE)
    assert champs_de(demandeur.get(reponse.url))["question"] == scenes.QUESTION
    assert LigneSuivi.objects.count() == Reponse.objects.count() == 1


@pytest.mark.exigence("R-205", "R-209")
def test_la_consultation_du_ruisss_se_ferme_aussi_meme_si_la_question_reste(distribution, demandeur):
    demande = scenes.demande_en_contact(distribution)
    assert "Consignez-la d’abord" in texte_de(demandeur.get(adresse("demande_fermer", demande)))
    scenes.experts.consigner_rencontre(
        demande, par=distribution.mentore, jour=demande.acheminement.contact_le, **scenes.RENCONTRE
    )
    assert "Consignez-la d’abord" not in texte_de(demandeur.get(adresse("demande_fermer", demande)))
    envoi = {**FERMER, "suite_au_dossier": "encore_necessaire"}
    assert demandeur.post(adresse("demande_fermer", demande), envoi).status_code == 302
    assert LigneSuivi.objects.get().est_du_ruisss
    assert courriels("consultation_fermee") == []


# — Sans nom


@pytest.mark.exigence("R-185", "R-209")
def test_une_reponse_ne_se_rattache_a_personne_ni_a_aucune_demande(distribution, client_de, demande):
    client_de(distribution.mentore).post(
        adresse("demande_fermer", demande), {**FERMER, "commentaire": "Canari quatorze."}
    )
    champs = {champ.name for champ in Reponse._meta.get_fields()}
    assert champs == {"id", "campagne", "contenu"}
    reponse = Reponse.objects.get()
    assert "Canari quatorze." in reponse.contenu
    assert str(demande.uuid) not in reponse.contenu
    ailleurs = [
        *Entree.objects.values_list("details", flat=True),
        *Invitation.objects.values(),
        *Campagne.objects.values(),
        *LigneSuivi.objects.values(),
        *demande.passages.values(),
    ]
    assert "Canari" not in str(ailleurs)
    for nom in ("mentore", "mentor", "gestionnaire"):
        assert "Canari" not in texte_de(client_de(distribution[nom]).get(adresse("demande", demande)))
    # Le groupe est l’expert, jamais le demandeur.
    assert reponse.campagne.groupe == str(distribution.mentor.uuid)


@pytest.mark.exigence("R-209")
def test_lordre_des_fermetures_ne_dit_pas_qui_a_repondu_quoi(distribution, client_de):
    d = distribution
    for rang in range(8):
        personne = PersonneFactory(superieur=d.gestionnaire, service=d.mentore.service)
        ouverte = scenes.avis_rendu(d, personne)
        client_de(personne).post(adresse("demande_fermer", ouverte), {**FERMER, "commentaire": f"Rang {rang}"})
    ecrites = [
        json.loads(contenu)["commentaire"]
        for contenu in Reponse.objects.order_by("pk").values_list("contenu", flat=True)
    ]
    assert sorted(ecrites) == [f"Rang {rang}" for rang in range(8)]
    # Sur huit, tomber dans l’ordre par hasard arrive une fois sur 40 320.
    assert ecrites != sorted(ecrites)


def test_une_demande_retiree_ne_se_ferme_pas(distribution, demandeur):
    demande = scenes.demande_acceptee(distribution)
    demandes.retirer_demande(demande, par=distribution.mentore)
    with rien_decrit():
        assert demandeur.post(adresse("demande_fermer", demande), FERMER).status_code == 409
