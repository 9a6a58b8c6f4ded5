"""Voir les rencontres, y répondre, y inviter, les déplacer, les annuler, les tenir (R-120, R-160, R-456, R-457)."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdp.actions import rencontres
from cdp.models import ParticipationCdp
from encadrement.rencontres.models import Mode, Reponse
from encadrement.rencontres.serie import moment_local
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


@pytest.fixture(autouse=True)
def en_septembre(time_machine):
    """Le 1er septembre 2026 : les jours et les changements d’heure des essais sont connus."""
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)


@pytest.fixture
def rencontre(distribution):
    return scenes.rencontre_convoquee(distribution)


@pytest.fixture
def animatrice(distribution, client_de):
    return client_de(distribution.animatrice)


@pytest.fixture
def membre(distribution, client_de):
    return client_de(distribution.membre)


# --- La liste et la vigie -------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-120", "R-160")
@pytest.mark.parametrize("nom", ["parrain", "dsm", "appr"])
def test_la_vigie_voit_date_mode_sujets_et_presences_sans_lire_le_reste(distribution, client_de, nom):
    scenes.rencontre_publiee(distribution, il_y_a=20)
    avenir = scenes.rencontre_convoquee(distribution, dans=14)
    client = client_de(distribution[nom])
    page = texte_de(client.get(adresse("communaute_rencontres", avenir.communaute)))
    assert "Mardi 15 septembre 2026" in page
    assert "Grille TDL : retour des essais" in page
    assert "3 sur 4" in page  # présences : la membre était absente
    assert "Serez-vous là?" not in page
    lue = texte_de(client.get(adresse("rencontre", avenir)))
    assert "Grille TDL : retour des essais" in lue
    for reserve in ("Pièce jointe", scenes.LIEN, "Ordre du jour (PDF", "Corriger l’item 14", "Proposer un point"):
        assert reserve not in lue


@pytest.mark.exigence("R-120")
def test_la_frequence_se_compare_au_plan_de_lannee(distribution, client_de):
    scenes.plan_approuve(distribution)
    rencontre = scenes.rencontre_publiee(distribution, il_y_a=20)
    vigie = client_de(distribution.parrain).get(adresse("communaute_rencontres", rencontre.communaute)).context["vigie"]
    assert vigie == {"tenues": 1, "a_venir": 0, "prevues": 6, "en_personne": 0}


@pytest.mark.exigence("R-292", "R-457")
def test_une_annee_sans_rencontre_en_personne_se_voit(distribution, client_de, animatrice):
    rencontre = scenes.rencontre_planifiee(distribution)
    page = adresse("communaute_rencontres", rencontre.communaute)
    manque = "Aucune rencontre en personne cette année"
    assert manque in texte_de(animatrice.get(page))
    scenes.rencontre_planifiee(distribution, dans=30, mode=Mode.HYBRIDE, lieu="Salle B-204")
    assert manque not in texte_de(animatrice.get(page))


def test_une_rencontre_annulee_ne_compte_pas_pour_la_presence_de_lannee(distribution, animatrice):
    rencontre = scenes.rencontre_planifiee(distribution, mode=Mode.PRESENCE, lieu="Salle B-204")
    rencontres.annuler_rencontre(rencontre, par=distribution.animatrice)
    page = texte_de(animatrice.get(adresse("communaute_rencontres", rencontre.communaute)))
    assert "Aucune rencontre en personne cette année" in page
    assert "annulée" in page


def test_les_rencontres_se_lisent_par_annee_financiere(distribution, animatrice):
    ancienne = scenes.rencontre_tenue(distribution, il_y_a=200)  # le 13 février 2026
    page = adresse("communaute_rencontres", ancienne.communaute)
    assert ancienne not in animatrice.get(page).context["passees"]
    assert animatrice.get(page, {"annee": "2025"}).context["passees"] == [ancienne]
    for hostile in ("1", "abc", "\x00", "9" * 40):
        assert animatrice.get(page, {"annee": hostile}).status_code == 200


def test_la_liste_ne_coute_pas_plus_quand_elle_sallonge(distribution, animatrice):
    rencontre = scenes.rencontre_convoquee(distribution)
    page = adresse("communaute_rencontres", rencontre.communaute)

    def compter():
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            animatrice.get(page)
        return len(requetes)

    compter()
    avant = compter()
    scenes.rencontre_convoquee(distribution, dans=21)
    scenes.rencontre_tenue(distribution, il_y_a=9)
    scenes.rencontre_tenue(distribution, il_y_a=8)
    assert compter() <= avant + 2  # le plan prérempli des points et des présences des rencontres passées


# --- La page --------------------------------------------------------------------------------------------------------


def test_les_suivis_ouverts_reviennent_au_point_trois(distribution, membre):
    scenes.rencontre_publiee(distribution, il_y_a=20)
    rencontre = scenes.rencontre_planifiee(distribution)
    page = texte_de(membre.get(adresse("rencontre", rencontre)))
    assert "Lecture et suivi du compte rendu précédent (rencontre du 12 août 2026)" in page
    assert "Corriger l’item 14" in page
    assert "quand le budget sera connu" in page


def test_une_rencontre_inconnue_ou_dune_autre_communaute_est_introuvable(distribution, client_de, rencontre):
    client = client_de(distribution.collegue)
    for nom in ("rencontre", "rencontre_modifier", "rencontre_convoquer", "rencontre_inviter", "rencontre_deplacer"):
        assert client.get(adresse(nom, rencontre)).status_code == 404
        assert client.get(reverse(f"cdp:{nom}", args=[uuid.uuid4()])).status_code == 404


# --- Répondre -------------------------------------------------------------------------------------------------------


def test_on_repond_en_un_clic_et_on_change_davis(distribution, membre, rencontre):
    ligne = rencontre.participations.get(personne=distribution.membre)
    for presence, phrase in ((Reponse.ABSENT, "vous ne pourrez pas"), (Reponse.PRESENT, "vous serez là")):
        reponse = membre.post(adresse("rencontre_repondre", rencontre), {"presence": presence}, follow=True)
        assert phrase in texte_de(reponse)
        ligne.refresh_from_db()
        assert ligne.reponse == presence
        assert ligne.repondu_le


@pytest.mark.parametrize("presence", ["", "attendue", "peut-être", "\x00"])
def test_une_reponse_inconnue_nest_pas_notee(distribution, membre, rencontre, presence):
    with rien_decrit():
        assert membre.post(adresse("rencontre_repondre", rencontre), {"presence": presence}).status_code == 400


def test_repondre_apres_lannulation_est_explique(distribution, membre, rencontre):
    rencontres.annuler_rencontre(rencontre, par=distribution.animatrice)
    with rien_decrit():
        reponse = membre.post(adresse("rencontre_repondre", rencontre), {"presence": "present"})
    assert reponse.status_code == 409
    assert "Cette rencontre n’attend plus de réponse." in texte_de(reponse)
    assert "Serez-vous là?" not in texte_de(membre.get(adresse("rencontre", rencontre)))


def test_qui_a_quitte_ne_repond_plus(distribution, client_de, rencontre):
    with rien_decrit():
        reponse = client_de(distribution.ancien_membre).post(
            adresse("rencontre_repondre", rencontre), {"presence": "present"}
        )
    assert reponse.status_code == 404


# --- Inviter --------------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-484")
def test_on_invite_une_personne_de_la_maison_cherchee_par_son_nom(distribution, animatrice, client_de, rencontre):
    page = adresse("rencontre_inviter", rencontre)
    assert "Zoé Bujold" in texte_de(animatrice.get(page, {"q": "zoe"}))
    assert animatrice.post(page, {"personne": str(distribution.collegue.uuid)}).url == rencontre.get_absolute_url()
    assert animatrice.get(page, {"q": "zoe"}).context["trouvees"] == []
    invitee = client_de(distribution.collegue)
    lue = texte_de(invitee.get(adresse("rencontre", rencontre)))
    assert "Pièce jointe" in lue
    assert "Serez-vous là?" in lue
    assert invitee.get(adresse("rencontre_compte_rendu", rencontre)).status_code in {403, 404}
    assert invitee.get(adresse("communaute_rencontres", rencontre.communaute)).status_code == 403


@pytest.mark.exigence("R-484")
def test_une_invitee_ne_lit_pas_les_suivis_de_la_communaute(distribution, client_de):
    scenes.rencontre_publiee(distribution, il_y_a=20)
    rencontre = scenes.rencontre_planifiee(distribution)
    rencontres.inviter_a_la_rencontre(rencontre, par=distribution.animatrice, personne=distribution.collegue)
    page = texte_de(client_de(distribution.collegue).get(adresse("rencontre", rencontre)))
    assert "Grille TDL" in page
    assert "Corriger l’item 14" not in page


@pytest.mark.exigence("R-484")
def test_on_invite_quelquun_de_lexterieur(distribution, animatrice, rencontre):
    page = adresse("rencontre_inviter", rencontre)
    animatrice.post(page, {"nom_externe": "Line Metallic", "organisme": "Gesgapegiag"})
    ligne = ParticipationCdp.objects.get(rencontre=rencontre, nom_externe="Line Metallic")
    assert (ligne.est_invite, ligne.organisme) == (True, "Gesgapegiag")
    vide = animatrice.post(page, {"nom_externe": " ", "organisme": "Gesgapegiag"})
    assert "Nommez la personne invitée." in texte_de(vide)
    assert champs_de(vide)["organisme"] == "Gesgapegiag"


@pytest.mark.parametrize("saisie", [{}, {"personne": ""}, {"personne": "1"}, {"personne": str(uuid.uuid4())}])
def test_inviter_personne_est_explique(animatrice, rencontre, saisie):
    with rien_decrit():
        reponse = animatrice.post(adresse("rencontre_inviter", rencontre), saisie)
    assert reponse.status_code == 409
    assert "Choisissez une personne dans la liste." in texte_de(reponse)


def test_inviter_deux_fois_la_meme_personne_ou_un_membre_est_explique(distribution, animatrice, rencontre):
    for personne in (distribution.membre, distribution.animatrice):
        reponse = animatrice.post(adresse("rencontre_inviter", rencontre), {"personne": str(personne.uuid)})
        assert reponse.status_code == 409
        assert "déjà convoquée" in texte_de(reponse)


def test_un_compte_ferme_ne_sinvite_pas(distribution, animatrice, rencontre):
    ferme = PersonneFactory(prenom="Aimé", nom="Parti", is_active=False)
    page = adresse("rencontre_inviter", rencontre)
    assert "Aimé Parti" not in texte_de(animatrice.get(page, {"q": "aime"}))
    assert animatrice.post(page, {"personne": str(ferme.uuid)}).status_code == 409


# --- Déplacer, annuler, tenir ---------------------------------------------------------------------------------------


def _deplacement(rencontre, **champs):
    base = {"jour": "2026-09-22", "heure_debut": "13:30", "heure_fin": "16:30", "mode": rencontre.mode}
    return {**base, "lieu": rencontre.lieu, "lien": rencontre.lien, **champs}


@pytest.mark.exigence("R-456")
def test_deplacer_change_la_date_et_redemande_la_presence(distribution, animatrice, rencontre):
    rencontres.repondre_a_la_convocation(rencontre, par=distribution.membre, presence="present")
    reponse = animatrice.post(adresse("rencontre_deplacer", rencontre), _deplacement(rencontre))
    assert reponse.url == rencontre.get_absolute_url()
    rencontre.refresh_from_db()
    assert rencontre.debut == moment_local(datetime.date(2026, 9, 22), datetime.time(13, 30))
    assert (rencontre.etat, rencontre.sequence) == ("convoquee", 1)
    assert rencontre.participations.get(personne=distribution.membre).reponse == Reponse.ATTENDUE


@pytest.mark.exigence("R-456")
def test_changer_de_lieu_seulement_garde_les_reponses(distribution, animatrice, rencontre):
    rencontres.repondre_a_la_convocation(rencontre, par=distribution.membre, presence="present")
    saisie = _deplacement(rencontre, jour="2026-09-15", mode="hybride", lieu="Salle B-204, Gaspé")
    animatrice.post(adresse("rencontre_deplacer", rencontre), saisie)
    rencontre.refresh_from_db()
    assert (rencontre.mode, rencontre.lieu, rencontre.sequence) == ("hybride", "Salle B-204, Gaspé", 1)
    assert rencontre.participations.get(personne=distribution.membre).reponse == Reponse.PRESENT


@pytest.mark.parametrize(
    ("champs", "code", "phrase"),
    [
        ({"jour": "2026-09-15"}, 409, "Vous n’avez rien changé"),
        ({"jour": "2026-08-30"}, 409, "Cette date est passée"),
        ({"heure_fin": "13:00"}, 200, "La rencontre finit le même jour, après son début."),
        ({"heure_fin": "13:30"}, 200, "La rencontre finit le même jour, après son début."),
        ({"heure_debut": "25:99"}, 200, "Écrivez une heure comme"),
        ({"jour": "2027-03-14", "heure_debut": "02:30", "heure_fin": "05:00"}, 200, "2 h 30 n’existe pas"),
        ({"jour": "2026-11-01", "heure_debut": "01:30", "heure_fin": "05:00"}, 200, "1 h 30 arrive deux fois"),
        ({"mode": "presence", "lieu": ""}, 409, "Dites où se tient la rencontre."),
        ({"mode": "pigeon"}, 200, "Choisissez comment se tient la rencontre."),
        ({"lien": "teams"}, 200, "Ce lien n’est pas complet"),
        ({"lien": "javascript:alert(1)"}, 200, "Ce lien n’est pas complet"),
    ],
)
def test_un_deplacement_fautif_est_explique_sans_rien_ecrire(distribution, animatrice, rencontre, champs, code, phrase):
    saisie = _deplacement(rencontre, **champs)
    with rien_decrit():
        reponse = animatrice.post(adresse("rencontre_deplacer", rencontre), saisie)
    assert reponse.status_code == code
    assert phrase in texte_de(reponse)
    assert champs_de(reponse)["heure_fin"] == saisie["heure_fin"]


def test_on_ne_deplace_pas_sur_une_autre_rencontre(distribution, animatrice, rencontre):
    autre = scenes.rencontre_planifiee(distribution, dans=21)
    reponse = animatrice.post(adresse("rencontre_deplacer", rencontre), _deplacement(rencontre))
    assert reponse.status_code == 409
    assert "commence déjà à ce moment" in texte_de(reponse)
    rencontre.refresh_from_db()
    assert rencontre.debut != autre.debut


def test_une_rencontre_a_cheval_sur_le_changement_dheure_garde_sa_duree_reelle(animatrice, rencontre):
    saisie = _deplacement(rencontre, jour="2027-03-14", heure_debut="01:00", heure_fin="04:00")
    animatrice.post(adresse("rencontre_deplacer", rencontre), saisie)
    rencontre.refresh_from_db()
    assert rencontre.minutes == 120  # de 1 h à 4 h, moins l’heure qu’on n’a pas vécue


def test_une_rencontre_annulee_ne_se_deplace_ni_ne_se_convoque(distribution, animatrice, rencontre):
    assert animatrice.post(adresse("rencontre_annuler", rencontre)).status_code == 302
    for nom, saisie in (("rencontre_deplacer", _deplacement(rencontre)), ("rencontre_convoquer", {})):
        with rien_decrit():
            reponse = animatrice.post(adresse(nom, rencontre), saisie)
        assert reponse.status_code == 409
        assert "annulée" in texte_de(reponse)


def test_une_rencontre_a_venir_na_pas_encore_eu_lieu(distribution, animatrice, rencontre):
    with rien_decrit():
        reponse = animatrice.post(adresse("rencontre_tenir", rencontre))
    assert reponse.status_code == 409
    assert "n’a pas encore commencé" in texte_de(reponse)


def test_la_rencontre_a_eu_lieu_meme_sans_convocation(distribution, client_de, time_machine):
    rencontre = scenes.rencontre_planifiee(distribution)
    time_machine.move_to("2026-09-16T08:00:00-04:00", tick=False)
    animatrice = client_de(distribution.animatrice)
    page = texte_de(animatrice.get(adresse("communaute_rencontres", rencontre.communaute)))
    assert "L’heure est passée" in page
    animatrice.post(adresse("rencontre_tenir", rencontre))
    rencontre.refresh_from_db()
    assert rencontre.etat == "tenue"
    assert rencontre.participations.count() == 3
