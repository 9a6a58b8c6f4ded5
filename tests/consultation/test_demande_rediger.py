"""Écrire une demande : la question, ses propres recherches, le groupe; rien ne se perd, rien ne nomme (R-178, R-206)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.actions import demandes, dsm
from consultation.models import Ampleur, DemandeConsultation, EtatConsultation, SujetConsultation
from tests.consultation import scenes
from tests.consultation.gestes import adresse, relire, saisie, texte_de
from tests.consultation.traces import rien_decrit
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de

pytestmark = pytest.mark.django_db
OUVRIR, LISTE = reverse("consultation:demande_ouvrir"), reverse("consultation:demandes")
NAM = "TREM 5501 0112"


@pytest.fixture
def demande(distribution):
    return scenes.demande_en_redaction(distribution)


@pytest.fixture
def demandeur(distribution, client_de):
    return client_de(distribution.mentore)


# — Ouvrir, écrire


def test_deux_clics_nouvrent_quune_demande(distribution, demandeur):
    premiere, seconde = demandeur.post(OUVRIR), demandeur.post(OUVRIR)
    demande = DemandeConsultation.objects.get()
    assert demande.demandeur == distribution.mentore
    assert premiere.url == seconde.url == adresse("demande_modifier", demande)


def test_ouvrir_ne_se_fait_pas_par_une_simple_visite(demandeur):
    assert demandeur.get(OUVRIR).status_code == 405
    assert not DemandeConsultation.objects.exists()


@pytest.mark.exigence("R-178", "R-206")
def test_le_demandeur_consigne_ce_quil_a_cherche_et_ce_quil_a_trouve(demande, demandeur):
    envoi = saisie(demande, recherches="Deux guides, une collègue.", constats="Rien à une visite par semaine.")
    assert demandeur.post(adresse("demande_modifier", demande), envoi).url == adresse("demande", demande)
    page = texte_de(demandeur.get(adresse("demande", demande)))
    assert "Deux guides, une collègue." in page
    assert "Rien à une visite par semaine." in page
    assert relire(demande).etat == EtatConsultation.BROUILLON


def test_un_brouillon_peut_etre_incomplet(distribution, demandeur):
    demande = demandes.ouvrir_demande(par=distribution.mentore)
    reponse = demandeur.post(adresse("demande_modifier", demande), {"ampleur": "individuelle", "question": "Pourquoi?"})
    assert reponse.url == adresse("demande", demande)
    assert relire(demande).question == "Pourquoi?"


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"constats": "é" * 4001}, "Ce texte dépasse 4000 caractères"),
        ({"disponibilites": "x" * 301}, "300 caractères"),
        ({"ampleur": "foule"}, "Dites si vous consultez seul ou en groupe."),
        ({"ampleur": ""}, "Dites si vous consultez seul ou en groupe."),
        ({"sujet": "11111111-1111-4111-8111-111111111111"}, "Ce sujet n’est plus à la liste"),
        ({"sujet": "n’importe quoi"}, "Ce sujet n’est plus à la liste"),
    ],
)
def test_une_saisie_fautive_est_expliquee_et_le_reste_est_garde(demande, demandeur, champs, phrase):
    reponse = demandeur.post(adresse("demande_modifier", demande), saisie(demande, question="Neuve?", **champs))
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    relue = relire(demande)
    assert relue.question == "Neuve?"
    (champ,) = champs
    assert getattr(relue, champ) == getattr(demande, champ)
    if champ in ("constats", "disponibilites"):
        assert champs_de(reponse)[champ] == champs[champ]


def test_les_caracteres_invisibles_sont_retires(demande, demandeur):
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, question="Pri\u202esmes\x00?\x07"))
    assert relire(demande).question == "Prismes?"


# — Le sujet


@pytest.mark.exigence("R-187")
def test_un_sujet_en_texte_libre_rejoint_celui_de_la_liste_malgre_les_accents(demande, demandeur):
    connu = SujetConsultation.objects.get(libelle="Dysphagie")
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, sujet_libre="  DYSPHAGIE "))
    assert relire(demande).sujet == connu


@pytest.mark.exigence("R-187")
def test_un_sujet_nouveau_sajoute_et_attend_detre_classe(demande, demandeur):
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, sujet_libre="Prismes à domicile"))
    sujet = relire(demande).sujet
    assert (sujet.libelle, sujet.a_classer) == ("Prismes à domicile", True)


def test_un_sujet_retire_de_la_liste_reste_celui_de_la_demande(demande, demandeur):
    SujetConsultation.objects.filter(pk=demande.sujet_id).update(retire=True)
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, question="Neuve?"))
    relue = relire(demande)
    assert (relue.sujet, relue.question) == (demande.sujet, "Neuve?")


# — Le groupe


def _ajouter(client, demande, personne, **champs):
    envoi = saisie(demande, geste="ajouter_participant", personne=personne, **champs)
    return client.post(adresse("demande_modifier", demande), envoi)


def test_une_personne_sajoute_par_son_nom_ou_par_son_matricule(distribution, demande, demandeur):
    d = distribution
    assert _ajouter(demandeur, demande, "bujold").url.endswith("#groupe")
    assert _ajouter(demandeur, demande, d.secretaire.matricule).status_code == 302
    relue = relire(demande)
    assert set(relue.participants.all()) == {d.collegue, d.secretaire}
    assert relue.ampleur == Ampleur.GROUPE


def test_la_touche_entree_dans_le_nom_ajoute_la_personne_au_lieu_de_la_perdre(distribution, demande, demandeur):
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, geste="enregistrer", personne="Bujold"))
    assert list(relire(demande).participants.all()) == [distribution.collegue]


def test_deux_homonymes_se_distinguent_sans_javascript(distribution, demande, demandeur):
    autre = PersonneFactory(prenom="Zoé", nom="Bujold")
    reponse = _ajouter(demandeur, demande, "Zoé Bujold")
    assert "Plusieurs personnes portent ce nom" in texte_de(reponse)
    assert not relire(demande).participants.exists()
    _ajouter(demandeur, demande, "Zoé Bujold", laquelle=str(autre.uuid))
    assert list(relire(demande).participants.all()) == [autre]


@pytest.mark.exigence("R-169")
@pytest.mark.parametrize(
    ("qui", "phrase"),
    [
        ("mentore", "Vous êtes déjà de ce groupe"),
        ("gestionnaire", "il ne peut en être aussi un participant"),
        ("directrice", "n’est pas membre du conseil multidisciplinaire"),
    ],
)
def test_certaines_personnes_ne_sont_pas_du_groupe(distribution, demande, demandeur, qui, phrase):
    reponse = _ajouter(demandeur, demande, distribution[qui].matricule)
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)
    assert not relire(demande).participants.exists()


def test_un_nom_inconnu_ou_vide_est_explique(demande, demandeur):
    assert "Aucune personne en poste ne porte ce nom" in texte_de(_ajouter(demandeur, demande, "Zzyzx"))
    assert "Écrivez le nom de la personne." in texte_de(_ajouter(demandeur, demande, " "))


def test_une_personne_retiree_du_groupe_nen_est_plus(distribution, demandeur, client_de):
    demande = scenes.demande_de_groupe(distribution)
    cible = f"retirer_participant:{distribution.collegue.uuid}"
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, geste=cible))
    assert not relire(demande).participants.exists()
    demandes.ecrire_demande(relire(demande), par=distribution.mentore, ampleur=Ampleur.INDIVIDUELLE)
    demandes.soumettre_demande(relire(demande), par=distribution.mentore)
    assert client_de(distribution.collegue).get(adresse("demande", demande)).status_code == 404


def test_redevenir_seul_demande_de_retirer_le_groupe_dabord(distribution, demandeur):
    demande = scenes.demande_de_groupe(distribution)
    reponse = demandeur.post(adresse("demande_modifier", demande), saisie(demande, ampleur="individuelle"))
    assert "Retirez d’abord les personnes du groupe" in texte_de(reponse)
    assert relire(demande).ampleur == Ampleur.GROUPE


# — Relire avant d’enregistrer


@pytest.mark.parametrize("champ", ["question", "contexte", "recherches", "constats", "disponibilites"])
def test_un_identifiant_avertit_avant_detre_enregistre(demande, demandeur, champ):
    texte = f"Mme Tremblay, {NAM}, 418 555-1234"
    reponse = demandeur.post(adresse("demande_modifier", demande), saisie(demande, **{champ: texte}))
    page = texte_de(reponse)
    assert reponse.status_code == 200
    assert "Ce texte semble contenir" in page
    assert getattr(relire(demande), champ) == getattr(demande, champ)
    assert champs_de(reponse)[champ] == texte


def test_relu_le_texte_senregistre(demande, demandeur):
    envoi = saisie(demande, contexte="Joindre au 418 555-1234")
    page = demandeur.post(adresse("demande_modifier", demande), envoi)
    relu = page.context["form"].fields["relu"].widget.attrs["value"]
    assert demandeur.post(adresse("demande_modifier", demande), {**envoi, "relu": relu}).status_code == 302
    assert relire(demande).contexte == "Joindre au 418 555-1234"


def test_un_sujet_libre_qui_nomme_quelquun_nentre_pas_a_la_liste(demande, demandeur):
    avant = SujetConsultation.objects.count()
    page = demandeur.post(adresse("demande_modifier", demande), saisie(demande, sujet_libre=f"Cas de {NAM}"))
    assert "Ce texte semble contenir" in texte_de(page)
    assert SujetConsultation.objects.count() == avant


# — Le brouillon enregistré à mesure


def _lus(client, demande):
    lus = champs_de(client.get(adresse("demande_modifier", demande)))
    return {**lus, "sujet": str(demande.sujet.uuid)}


def test_le_brouillon_senregistre_a_mesure_meme_incomplet(demande, demandeur):
    envoi = {**_lus(demandeur, demande), "constats": "", "question": "En cours d’éc"}
    reponse = demandeur.post(adresse("demande_brouillon", demande), envoi)
    assert reponse.status_code == 200
    assert reponse.json()["enregistre_le"]
    relue = relire(demande)
    assert (relue.question, relue.constats) == ("En cours d’éc", "")


def test_un_sujet_a_moitie_tape_nentre_pas_a_la_liste(demande, demandeur):
    avant = SujetConsultation.objects.count()
    demandeur.post(adresse("demande_brouillon", demande), {**_lus(demandeur, demande), "sujet_libre": "Hém"})
    assert SujetConsultation.objects.count() == avant


def test_deux_onglets_ne_secrasent_pas(demande, demandeur):
    premier, second = _lus(demandeur, demande), _lus(demandeur, demande)
    demandeur.post(adresse("demande_brouillon", demande), {**premier, "question": "Du premier onglet?"})
    autre = demandeur.post(adresse("demande_brouillon", demande), {**second, "contexte": "Du second."})
    assert autre.status_code == 200
    relue = relire(demande)
    assert (relue.question, relue.contexte) == ("Du premier onglet?", "Du second.")
    conflit = demandeur.post(adresse("demande_brouillon", demande), {**second, "question": "Du second?"})
    assert conflit.status_code == 409
    assert relire(demande).question == "Du premier onglet?"
    page = demandeur.post(adresse("demande_modifier", demande), {**second, "question": "Du second?"})
    assert page.status_code == 409
    assert "Du premier onglet?" in texte_de(page)
    assert champs_de(page)["question"] == "Du second?"


def test_une_fois_presentee_la_demande_ne_secrit_plus(distribution, demandeur):
    demande = scenes.demande_soumise(distribution)
    assert demandeur.get(adresse("demande_modifier", demande)).url == adresse("demande", demande)
    with rien_decrit():
        page = demandeur.post(adresse("demande_modifier", demande), saisie(demande, question="Autre chose?"))
        brouillon = demandeur.post(adresse("demande_brouillon", demande), saisie(demande, question="Autre chose?"))
    assert page.status_code == 409
    assert "Autre chose?" in texte_de(page)
    assert "son contenu ne change plus" in brouillon.json()["message"]


@pytest.mark.parametrize("nom", ["gestionnaire", "delegue", "dsm", "appr_liaison", "mentor", "superutilisateur"])
def test_une_demande_en_redaction_nest_qua_son_auteur(distribution, client_de, demande, nom):
    client = client_de(distribution[nom])
    for page in ("demande", "demande_modifier", "demande_soumettre"):
        assert client.get(adresse(page, demande)).status_code == 404
    assert client.post(adresse("demande_brouillon", demande), saisie(demande)).status_code == 404
    assert demande.numero not in texte_de(client.get(LISTE))


# — Le formulaire de la DSM


@pytest.mark.exigence("R-173", "R-190", "R-208")
def test_le_formulaire_de_la_dsm_se_remplit_de_la_meme_page_sans_rien_ressaisir(distribution, demandeur):
    demande = scenes.formulaire_ouvert(distribution)
    page = demandeur.get(adresse("demande_modifier", demande))
    assert "Formulaire de la DSM (annexe 11, reconstituée)" in texte_de(page)
    lus = champs_de(page)
    for champ in ("question", "contexte", "recherches", "attentes", "partenaires", "disponibilites", "constats"):
        assert lus[champ] == scenes.FORMULAIRE[champ]
    envoi = saisie(demande, attentes="Un protocole.", partenaires="SAPA", geste="transmettre")
    assert demandeur.post(adresse("demande_modifier", demande), envoi).url == adresse("demande_transmettre", demande)
    assert relire(demande).attentes == "Un protocole."


def test_ce_que_la_dsm_demande_de_preciser_se_lit_en_haut_du_formulaire(distribution, demandeur):
    demande = scenes.demande_transmise(distribution)
    dsm.renvoyer_demande(demande, par=distribution.appr, motif="Précisez le nombre de visites.")
    page = texte_de(demandeur.get(adresse("demande_modifier", demande)))
    assert "La DSM demande une précision" in page
    assert "Précisez le nombre de visites." in page


def test_au_premier_echelon_la_page_ne_demande_pas_ce_qui_ne_sert_qua_la_dsm(demande, demandeur):
    assert "attentes" not in champs_de(demandeur.get(adresse("demande_modifier", demande)))
    demandeur.post(adresse("demande_modifier", demande), saisie(demande, attentes="Glissée"))
    assert relire(demande).attentes == demande.attentes


# — La liste


def test_la_liste_se_filtre_par_etat_par_nom_et_par_numero(distribution, client_de):
    d = distribution
    fermee = scenes.demande_fermee(d)
    soumise = scenes.demande_soumise(d, d.collegue)

    def lus(personne, **filtres):
        return {demande.numero for demande in client_de(personne).get(LISTE, filtres).context["page"]}

    deux = {fermee.numero, soumise.numero}
    assert lus(d.gestionnaire) == lus(d.gestionnaire, q="", etat="inventé", page="zz") == deux
    assert lus(d.mentor) == lus(d.mentore) == {fermee.numero}
    assert lus(d.dsm) == lus(d.autre_gestionnaire) == set()
    assert lus(d.gestionnaire, etat="en_cours") == lus(d.gestionnaire, etat="a_discuter") == {soumise.numero}
    assert lus(d.gestionnaire, q="ZOE") == lus(d.gestionnaire, q=soumise.numero) == {soumise.numero}
    assert lus(d.gestionnaire, q="\x00loic") == {fermee.numero}


@pytest.mark.exigence("R-177")
@pytest.mark.parametrize(
    ("scene", "tour"),
    [
        ("demande_soumise", "Hélène Arsenault"),
        ("demande_autorisee", "Loïc St-Onge"),
        ("demande_chez_expert", "Guylaine Cyr"),
        ("moment_propose", "Loïc St-Onge"),
        ("avis_rendu", "Loïc St-Onge"),
        ("demande_transmise", "un APPR de la DSM"),
        ("demande_acheminee", "l’agent de liaison du RUISSS UL"),
    ],
)
def test_le_demandeur_voit_toujours_a_qui_le_tour(distribution, client_de, scene, tour):
    demande = getattr(scenes, scene)(distribution)
    lecteur = client_de(distribution.delegue)
    (ligne,) = lecteur.get(LISTE).context["page"]
    assert str(ligne.tour) == tour
    page = texte_de(lecteur.get(adresse("demande", demande)))
    assert f"À qui le tour : <strong>{tour}</strong>" in page
    assert f"On attend : {tour}" in page


def test_la_liste_coute_autant_de_requetes_a_douze_demandes_qua_une(distribution, client_de):
    d = distribution
    scenes.moment_propose(d)
    client = client_de(d.gestionnaire)

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).status_code == 200
        return len(requetes)

    compter()
    a_une = compter()
    for _ in range(11):
        scenes.demande_acceptee(d, demandeur=PersonneFactory(superieur=d.gestionnaire, service=d.mentore.service))
    assert compter() == a_une
