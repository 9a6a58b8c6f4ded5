"""Ce qui protège une situation, par les pages : déclarer, exclure, voir qui a lu, ouvrir à deux, détruire (O-04, O-05, O-14)."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from concertation.actions import exclusions as actions
from concertation.actions import recits, situations
from concertation.actions.conservation import detruire_situation
from concertation.models import AccesExceptionnel, DeclarationInteret, EtatSituation, Exclusion
from encadrement.acces.matrice import AccesRefuse
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.outils.horloge import au
from encadrement.socle import coffre
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import ajouter_mois, jour_local
from tests.concertation import scenes
from tests.concertation.gestes import adresse, courriels, relire
from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(distribution):
    return distribution


# — Déclarer un lien, ou aucun (N-03)


def test_n_03_on_ne_lit_pas_avant_d_avoir_repondu_et_l_on_revient_ou_l_on_allait(d, client_de):
    situation = scenes.situation_transmise(d)
    client = client_de(d.coordonnatrice)
    reponse = client.get(situation.get_absolute_url())
    assert reponse.status_code == 302
    assert reponse.url.startswith(adresse("situation_declarer", situation))
    assert not Entree.objects.filter(acte=recits.LECTURE).exists()
    page = client.get(reponse.url)
    assert scenes.RECIT["contexte"][:30] not in page.text
    suite = client.post(reponse.url, {**champs_de(page), "lien": "aucun"})
    assert suite.url == situation.get_absolute_url()
    assert scenes.RECIT["contexte"][:30] in client.get(suite.url).text


def test_n_03_declarer_un_lien_cache_la_situation_aussitot_et_avise_sans_dire_qui(d, client_de):
    situation = scenes.situation_convoquee(d)
    client = client_de(d.delegue)
    page = client.get(adresse("situation_declarer", situation))
    reponse = client.post(adresse("situation_declarer", situation), {**champs_de(page), "lien": "lien"}, follow=True)
    assert reponse.redirect_chain[0][0] == reverse("concertation:accueil")
    assert situation.numero not in reponse.text
    assert client.get(situation.get_absolute_url()).status_code == 404
    assert client.get(adresse("situation_declarer", situation)).status_code == 404
    exclusion = Exclusion.objects.get()
    assert (exclusion.personne, exclusion.declaree) == (d.delegue, True)
    assert courriels("lien_declare") == [d.coordonnatrice.prenom]
    ligne = Courriel.objects.get(gabarit="concertation/lien_declare")
    assert d.delegue.nom not in ligne.texte + ligne.objet


def test_ne_rien_repondre_s_explique(d, client_de):
    situation = scenes.situation_transmise(d)
    reponse = client_de(d.coordonnatrice).post(adresse("situation_declarer", situation), {})
    assert reponse.status_code == 200
    assert "Répondez avant de lire" in texte_de(reponse)
    assert not DeclarationInteret.objects.exists()


def test_qui_porte_la_situation_ne_peut_pas_s_en_exclure_par_une_declaration(d, client_de):
    situation = scenes.situation_transmise(d)
    reponse = client_de(d.mentore).post(adresse("situation_declarer", situation), {"lien": "lien"})
    assert reponse.status_code == 409
    assert "confiez-la à un collègue" in texte_de(reponse)
    assert not DeclarationInteret.objects.exists()
    assert not Exclusion.objects.exists()


def test_on_peut_encore_declarer_un_lien_apres_avoir_reconnu_la_personne(d, client_de):
    situation = scenes.situation_transmise(d)
    client = client_de(d.coordonnatrice)
    client.post(adresse("situation_declarer", situation), {"lien": "aucun"})
    assert "vous avez reconnu la personne" in texte_de(client.get(adresse("situation_declarer", situation)))
    client.post(adresse("situation_declarer", situation), {"lien": "lien"})
    assert DeclarationInteret.objects.get().en_conflit
    assert client.get(situation.get_absolute_url()).status_code == 404


# — Exclure (O-05)


def _service(personne):
    return {"service": personne.service_id}


def _direction(personne):
    return {"direction": personne.service.direction_id}


@pytest.mark.parametrize(
    ("saisie", "exclus"),
    [
        (lambda d: {"personne": d.delegue.matricule}, {"delegue"}),
        (lambda d: {"personne": "Landry Edith"}, {"delegue"}),
        (lambda d: _service(d.delegue), {"delegue", "ancien_gestionnaire"}),
        (lambda d: _direction(d.coordonnatrice), {"coordonnatrice", "dsm", "appr", "prp", "pilote"}),
    ],
    ids=["matricule", "nom", "service", "direction"],
)
def test_o_05_exclure_vaut_des_la_requete_suivante(d, client_de, saisie, exclus):
    situation = scenes.situation_transmise(d)
    jour = jour_local() - datetime.timedelta(days=1)
    client = client_de(d.mentore)
    donnees = {**saisie(d), "avis_le": jour.isoformat()}
    assert client.post(adresse("situation_exclusions", situation), donnees).status_code == 302
    exclusion = Exclusion.objects.get()
    assert (exclusion.posee_par, exclusion.avis_le, exclusion.declaree) == (d.mentore, jour, False)
    for nom, personne in d:
        attendu = nom in {"mentore", "gestionnaire", "delegue", "coordonnatrice"} - exclus
        if nom != "inactif":
            code = client_de(personne).get(adresse("situation_declarer", situation)).status_code
            assert (code == 200) is attendu, nom


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({}, "Dites qui est exclu"),
        ({"personne": "Personne Inconnue"}, "Aucune personne en poste"),
        ({"personne": "Babin Zélie", "direction": "PREMIERE"}, "Une exclusion à la fois"),
        ({"personne": "Babin Zélie", "avis_le": "2099-01-01"}, "Cet avis n’est pas encore reçu"),
        ({"personne": "Babin Zélie", "avis_le": "2026-02-31"}, "Cette date n’existe pas"),
    ],
)
def test_une_exclusion_mal_remplie_s_explique_et_n_ecrit_rien(d, client_de, saisie, phrase):
    situation = scenes.situation_transmise(d)
    if "direction" in saisie:
        saisie = {**saisie, "direction": d.coordonnatrice.service.direction_id}
    reponse = client_de(d.mentore).post(adresse("situation_exclusions", situation), saisie)
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    assert not Exclusion.objects.exists()


def test_deux_homonymes_se_choisissent(d, client_de):
    situation = scenes.situation_transmise(d)
    client = client_de(d.mentore)
    reponse = client.post(adresse("situation_exclusions", situation), {"personne": "Babin"})
    assert "Plusieurs personnes portent ce nom" in texte_de(reponse)
    client.post(adresse("situation_exclusions", situation), {"personne": "Babin", "laquelle": str(d.secretaire.uuid)})
    assert Exclusion.objects.get().personne == d.secretaire


@pytest.mark.parametrize("vise", ["personne", "service", "direction"])
def test_l_intervenant_responsable_ne_peut_pas_etre_exclu(d, client_de, vise):
    situation = scenes.situation_transmise(d)
    saisie = {"personne": {"personne": d.mentore.matricule}, **{}}.get(vise) or (
        _service(d.mentore) if vise == "service" else _direction(d.mentore)
    )
    reponse = client_de(d.coordonnatrice).post(adresse("situation_exclusions", situation), saisie)
    assert reponse.status_code == 409
    assert "ne peut pas être exclu" in texte_de(reponse)
    assert not Exclusion.objects.exists()


def test_exclure_deux_fois_la_meme_personne_n_en_fait_qu_une(d, client_de):
    situation = scenes.situation_transmise(d)
    for _ in range(2):
        client_de(d.mentore).post(adresse("situation_exclusions", situation), {"personne": d.delegue.matricule})
    assert Exclusion.objects.count() == 1


def test_la_page_dit_quand_plus_personne_ne_peut_agir(d, client_de):
    situation = scenes.situation_transmise(d)
    client = client_de(d.mentore)
    for personne in (d.gestionnaire, d.coordonnatrice):
        client.post(adresse("situation_exclusions", situation), {"personne": personne.matricule})
    page = texte_de(client.get(adresse("situation_exclusions", situation)))
    assert "une délégation à un autre gestionnaire" in page
    assert "Plus aucun coordonnateur" in page


def test_qui_s_exclut_avec_sa_direction_ne_revient_pas_sur_la_page(d, client_de):
    situation = scenes.situation_transmise(d)
    reponse = client_de(d.coordonnatrice).post(adresse("situation_exclusions", situation), _direction(d.coordonnatrice))
    assert reponse.url == reverse("concertation:accueil")


def test_lever_rend_la_situation_visible_sauf_a_qui_a_declare_un_lien(d, client_de):
    situation = scenes.situation_transmise(d)
    posee = actions.exclure(situation, par=d.mentore, personne=d.gestionnaire)
    actions.declarer(situation, par=d.delegue, en_conflit=True)
    declaree = Exclusion.objects.get(declaree=True)
    client = client_de(d.mentore)
    assert client.post(adresse("exclusion_lever", posee)).status_code == 302
    refus = client.post(adresse("exclusion_lever", declaree))
    assert refus.status_code == 409
    assert "son exclusion ne se lève pas" in texte_de(refus)
    for personne, code in ((d.gestionnaire, 200), (d.delegue, 404)):
        assert client_de(personne).get(adresse("situation_declarer", situation)).status_code == code
    page = texte_de(client.get(adresse("situation_exclusions", situation)))
    assert "Levées (1)" in page


def test_exclure_retire_du_fil_ce_qui_annoncait_la_situation_et_n_envoie_plus_rien(d, client_de):
    situation = scenes.situation_transmise(d)
    accueil = reverse("accueil:a_faire")
    assert "attester" in client_de(d.gestionnaire).get(accueil).text
    actions.exclure(situation, par=d.mentore, personne=d.gestionnaire)
    assert not Courriel.objects.filter(a=d.gestionnaire, objet_uuid=situation.uuid).exists()
    assert str(situation.uuid) not in client_de(d.gestionnaire).get(accueil).text
    # Les autres gardent ce qu’ils ont reçu.
    assert Courriel.objects.filter(a=d.delegue, objet_uuid=situation.uuid).exists()
    assert Courriel.objects.filter(a=None, objet_uuid=situation.uuid, etat="abandonne").exists()


# — Qui a lu (O-02, O-04)


def test_o_04_l_export_dit_chaque_lecture_en_moins_d_une_minute_et_laisse_une_trace(d, client_de):
    situation = scenes.situation_transmise(d)
    for personne in (d.coordonnatrice, d.gestionnaire, d.mentore):
        scenes.lu(situation, personne)
    client = client_de(d.prp)
    page = texte_de(client.get(adresse("situation_lectures", situation)))
    assert "3 lectures" in page
    assert "Question posée au comité, situation décrite" in page
    depart = datetime.datetime.now(datetime.UTC)
    classeur = client.get(adresse("situation_lectures_exporter", situation))
    assert datetime.datetime.now(datetime.UTC) - depart < datetime.timedelta(minutes=1)
    lignes = list(load_workbook(io.BytesIO(classeur.content)).active.iter_rows(values_only=True))
    assert [ligne[1] for ligne in lignes[1:]] == [str(p) for p in (d.mentore, d.gestionnaire, d.coordonnatrice)]
    assert lignes[1][2:6] == (
        d.mentore.matricule,
        "l’intervenant responsable",
        lignes[1][4],
        "consultation du dossier",
    )
    csv = client.get(adresse("situation_lectures_exporter", situation), {"format": "csv"})
    assert csv.content.decode("utf-8-sig").count("\r\n") == 4
    traces = Entree.objects.filter(acte="export.telecharger")
    assert [trace.details["lignes"] for trace in traces] == [3, 3]
    assert {trace.details["filtre"]["situation"] for trace in traces} == {situation.numero}
    assert scenes.RECIT["question"][:20] not in csv.content.decode("utf-8-sig")


def test_la_page_des_lectures_ne_coute_pas_une_requete_par_ligne(d, client_de):
    situation = scenes.situation_transmise(d)
    client = client_de(d.prp)
    scenes.lu(situation, d.mentore)
    client.get(adresse("situation_lectures", situation))

    def cout():
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse("situation_lectures", situation))
        return len(requetes)

    une = cout()
    for _ in range(20):
        scenes.lu(situation, d.mentore)
    assert cout() == une


# — L’accès d’urgence, à deux


def test_x_7_la_reponse_est_la_meme_que_le_code_existe_ou_non(d, client_de):
    situation = scenes.situation_transmise(d)
    actions.exclure(situation, par=d.mentore, personne=d.prp)
    pages = {}
    for nom, personne, numero in (
        ("reçue", d.dsm, situation.numero),
        ("inconnue", d.dsm, "CC-2026-99"),
        ("exclue", d.prp, situation.numero),
        ("exclue, inconnue", d.prp, "CC-2026-99"),
    ):
        reponse = client_de(personne).post(
            reverse("concertation:exception_demander"), {"numero": numero, "motif": "Urgence."}, follow=True
        )
        pages[nom] = (
            reponse.status_code,
            reponse.redirect_chain,
            len(texte_de(reponse)),
            "une seconde personne" in texte_de(reponse),
        )
    assert pages["reçue"] == pages["inconnue"]
    assert pages["exclue"] == pages["exclue, inconnue"]
    assert AccesExceptionnel.objects.get().personne == d.dsm


def test_x_7_deux_personnes_un_motif_soixante_minutes(d, client_de, time_machine):
    situation = scenes.situation_transmise(d)
    demande = reverse("concertation:exception_demander")
    client_de(d.dsm).post(demande, {"numero": f" {situation.numero.lower()} ", "motif": "Urgence de nuit."})
    exception = AccesExceptionnel.objects.get()
    # Qui demande ne voit pas sa demande, et ne peut pas l’approuver.
    assert situation.numero not in client_de(d.dsm).get(reverse("concertation:exceptions")).text
    assert client_de(d.dsm).post(adresse("exception_approuver", exception)).status_code == 404
    assert client_de(d.dsm).get(situation.get_absolute_url()).status_code == 404
    prp = client_de(d.prp)
    assert situation.numero in prp.get(reverse("concertation:exceptions")).text
    assert "Urgence de nuit." in texte_de(prp.get(adresse("exception_approuver", exception)))
    assert prp.post(adresse("exception_approuver", exception)).status_code == 302
    assert situation.numero in client_de(d.dsm).get(reverse("concertation:exceptions")).text
    assert client_de(d.dsm).get(adresse("situation_declarer", situation)).status_code == 200
    assert courriels("exception_approuvee") == sorted([d.dsm.prenom, d.prp.prenom])
    assert prp.post(adresse("exception_approuver", exception)).status_code == 409
    exception.refresh_from_db()
    assert exception.ferme_le - exception.approuve_le == datetime.timedelta(minutes=60)


def test_une_demande_d_urgence_sans_motif_ou_qui_nomme_quelqu_un_s_explique(d, client_de):
    situation = scenes.situation_transmise(d)
    client = client_de(d.dsm)
    for motif, phrase in (("", "Écrivez le motif"), ("Joindre le 418 555-0123.", "numéro de téléphone")):
        reponse = client.post(reverse("concertation:exception_demander"), {"numero": situation.numero, "motif": motif})
        assert reponse.status_code == 200
        assert phrase in texte_de(reponse)
    assert not AccesExceptionnel.objects.exists()


def test_une_demande_vieille_d_un_jour_ne_s_approuve_plus(d, client_de, time_machine):
    demande = scenes.exception_demandee(d)
    time_machine.move_to(demande.demande_le + datetime.timedelta(hours=24, seconds=1))
    assert demande.situation.numero not in client_de(d.prp).get(reverse("concertation:exceptions")).text
    reponse = client_de(d.prp).post(adresse("exception_approuver", demande))
    assert reponse.status_code == 409
    assert "l’urgence est passée" in texte_de(reponse)
    assert client_de(d.dsm).get(demande.situation.get_absolute_url()).status_code == 404


def test_qui_est_exclu_n_apprend_pas_qu_on_demande_a_lire(d, client_de):
    situation = scenes.situation_transmise(d)
    actions.exclure(situation, par=d.mentore, personne=d.prp)
    demande = actions.demander_exception(situation.numero, par=d.dsm, motif="Urgence.")
    assert courriels("exception_demandee") == []
    assert situation.numero not in client_de(d.prp).get(reverse("concertation:exceptions")).text
    assert client_de(d.prp).get(adresse("exception_approuver", demande)).status_code == 404


# — Conservation et destruction (O-14, O-15)


def echue(d, scene=scenes.situation_fermee, mois=61):
    with au(ajouter_mois(jour_local(), -mois)):
        return scene(d)


def test_o_14_detruire_a_l_echeance_par_la_page_ne_laisse_que_le_certificat(
    d, client_de, django_capture_on_commit_callbacks
):
    situation = echue(d)
    client = client_de(d.prp)
    assert situation.numero in client.get(reverse("concertation:conservation")).text
    page = client.get(adresse("situation_detruire", situation))
    saisie = {**champs_de(page), "engagement": "on", "mot_de_passe": MOT_DE_PASSE}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(adresse("situation_detruire", situation), saisie).status_code == 302
    situation = relire(situation)
    assert situation.etat == EtatSituation.DETRUITE
    assert not coffre.a_une_cle(situation.uuid)
    assert set(situation.orientations.values_list("chiffre", flat=True)) == {""}
    assert set(situation.participations.values_list("nom_externe", flat=True)) == {""}
    assert situation.passages.first().texte in ("", "Contenu détruit.")
    document = Document.objects.get(instantane__nature="concertation_destruction")
    assert produire(document).est_produit
    assert f"Certificat {document.numero}" in texte_de(client.get(reverse("concertation:conservation")))
    telecharger = reverse("documents:telecharger", args=[document.uuid])
    pdf = client.get(telecharger)
    assert pdf.status_code == 200
    assert f"destruction-{situation.numero}.pdf" in pdf.headers["Content-Disposition"]
    for nom in ("coordonnatrice", "dsm", "mentore", "superutilisateur"):
        assert client_de(d[nom]).get(telecharger).status_code == 404, nom
    assert document.instantane.signatures.get().titre == "prp"
    assert client.get(adresse("situation_lectures", situation)).status_code == 200


def test_detruire_avant_l_echeance_ou_sans_confirmer_est_refuse(d, client_de):
    situation, client = scenes.situation_fermee(d), client_de(d.prp)
    saisie = {"engagement": "on", "mot_de_passe": MOT_DE_PASSE}
    reponse = client.post(adresse("situation_detruire", situation), saisie)
    assert reponse.status_code == 409
    assert "n’a pas atteint son échéance" in texte_de(reponse)
    assert coffre.a_une_cle(situation.uuid)
    assert relire(situation).etat == EtatSituation.FERMEE
    # L’échéance venue, il faut encore s’engager et confirmer son identité.
    type(situation).objects.update(detruire_le=jour_local())
    for manque in ("engagement", "mot_de_passe"):
        incomplete = {cle: valeur for cle, valeur in saisie.items() if cle != manque}
        assert client.post(adresse("situation_detruire", situation), incomplete).status_code == 200
    assert relire(situation).etat == EtatSituation.FERMEE


def test_une_panne_pendant_la_destruction_laisse_le_dossier_entier(d, monkeypatch, django_capture_on_commit_callbacks):
    situation = echue(d)

    def casser(*args, **kwargs):
        raise ErreurMetier("Panne.")

    monkeypatch.setattr("concertation.actions.conservation.demander_document", casser)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ErreurMetier):
        detruire_situation(situation, par=d.prp, confirmation=scenes.CONFIRMATION)
    assert coffre.a_une_cle(situation.uuid)
    assert relire(situation).etat == EtatSituation.FERMEE
    assert recits.contenu(situation)["question"] == scenes.RECIT["question"]


@pytest.mark.parametrize("scene", [scenes.situation_non_recevable, scenes.situation_retiree])
def test_ce_qui_finit_sans_rencontre_se_referme_et_se_detruit_aussi(d, client_de, scene):
    situation = echue(d, scene)
    assert situation.detruire_le < jour_local()
    assert situation.numero in client_de(d.prp).get(reverse("concertation:conservation")).text
    # Trente jours après, plus personne que son auteur ne l’ouvre.
    for nom in ("gestionnaire", "delegue", "coordonnatrice"):
        assert client_de(d[nom]).get(situation.get_absolute_url()).status_code == 404, nom


def test_une_demande_retiree_ne_se_lit_plus_que_de_son_auteur(d, client_de):
    situation = scenes.situation_retiree(d)
    for nom, lit in (("mentore", True), ("gestionnaire", False)):
        reponse = client_de(d[nom]).get(situation.get_absolute_url())
        assert reponse.status_code == 200, nom
        assert (scenes.RECIT["question"][:20] in texte_de(reponse)) is lit, nom
    # Retirée avant d’être transmise, elle n’a jamais été au coordonnateur.
    with pytest.raises(AccesRefuse):
        recits.lire_recit(situation, par=d.coordonnatrice)


def test_la_conservation_montre_ce_qui_vient_dans_l_annee_et_rien_d_autre(d, client_de):
    proche, loin = echue(d, mois=55), scenes.situation_retiree(d)
    page = client_de(d.prp).get(reverse("concertation:conservation")).text
    assert proche.numero in page
    assert loin.numero not in page


def test_un_brouillon_retire_se_detruit_comme_le_reste(d, django_capture_on_commit_callbacks):
    """Retirée avant que rien n’y soit attesté, une demande n’est pas gardée pour toujours."""
    with au(ajouter_mois(jour_local(), -61)):
        situation = scenes.situation_ouverte(d)
        situations.retirer_situation(situation, par=d.mentore)
    with django_capture_on_commit_callbacks(execute=True):
        detruire_situation(situation, par=d.prp, confirmation=scenes.CONFIRMATION)
    assert relire(situation).etat == EtatSituation.DETRUITE
    assert not coffre.a_une_cle(situation.uuid)
