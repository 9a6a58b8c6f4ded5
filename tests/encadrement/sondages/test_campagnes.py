"""Ouvrir, inviter, relancer, fermer : rien ne se double, et chacun ne lit que ce qu’il a à lire."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from encadrement.acces.matrice import AccesRefuse
from encadrement.accueil.a_faire import taches_de
from encadrement.accueil.mes_donnees import rubriques_de
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel, EtatCourriel, Rappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.personnes.models import Personne
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import AnneeFinanciere
from encadrement.sondages import lecteurs, tasks
from encadrement.sondages.actions import campagne_continue, fermer_campagne, inviter, ouvrir_campagne, repondre
from encadrement.sondages.droits import DROITS_CAMPAGNE
from encadrement.sondages.models import Campagne, Invitation
from encadrement.sondages.taches import taches
from tests.encadrement.acces.trois_faces import desaccords
from tests.encadrement.sondages.essai import CODE, REPONSES, repondre_a
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


def relire(personne):
    return Personne.objects.get(pk=personne.pk)


# --- Ouvrir et inviter -------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-141")
def test_ouvrir_deux_fois_rend_la_meme_campagne(campagne):
    encore = ouvrir_campagne(CODE, cle="essai", mesure="autre", annee=2030, libelle="autre")
    assert encore == campagne
    assert Entree.objects.filter(acte="sondages.campagne.ouvrir").count() == 1


def test_lannee_se_donne_comme_on_la(db):
    campagne = ouvrir_campagne(CODE, cle="b", mesure="essai", annee=AnneeFinanciere(2026), libelle="b")
    assert campagne.annee == 2026
    assert str(campagne.annee_financiere) == "2026-2027"


def test_un_questionnaire_inconnu_ne_souvre_pas(db):
    with pytest.raises(ErreurMetier, match="Aucun questionnaire"):
        ouvrir_campagne("inconnu", cle="c", mesure="essai", annee=2026, libelle="c")


@pytest.mark.exigence("R-071", "R-141")
def test_inviter_deux_fois_ninvite_ni_nenvoie_deux_fois(campagne):
    gens = PersonneFactory.create_batch(2, mot_de_passe=None)
    assert len(inviter(campagne, gens)) == 2
    assert [invitation.personne for invitation in inviter(campagne, [*gens, *PersonneFactory.create_batch(1)])] != gens
    assert Invitation.objects.count() == Courriel.objects.filter(gabarit="sondages/invitation").count() == 3


def test_le_courriel_dit_le_sujet_le_delai_et_jamais_une_note(campagne):
    inviter(campagne, [PersonneFactory()], dossier="Entente 2026-001", attendue_le=datetime.date(2026, 12, 1))
    courriel = Courriel.objects.get()
    assert courriel.objet == "Votre avis est attendu\xa0: évaluation d’essai"
    assert "Entente 2026-001" in courriel.texte
    assert "2026-12-01" in courriel.texte
    assert "détachées de votre nom" in courriel.texte


def test_un_compte_ferme_nest_pas_invite(campagne):
    assert inviter(campagne, [PersonneFactory(is_active=False), None]) == []


def test_on_ninvite_plus_a_une_campagne_fermee(campagne):
    fermee = fermer_campagne(campagne)
    with pytest.raises(ErreurMetier, match="fermée"):
        inviter(fermee, [PersonneFactory()])


def test_une_campagne_continue_se_suit_jusqua_sa_fermeture(db):
    def ouverte(**options):
        return campagne_continue(CODE, mesure="essai", libelle="continue", **{"annee": 2026, "groupe": "a", **options})

    premiere = ouverte()
    assert ouverte() == premiere
    assert ouverte(groupe="b") != premiere
    assert ouverte(annee=2025) != premiere
    fermer_campagne(premiere)
    seconde = ouverte()
    assert seconde != premiere
    assert ouverte() == seconde


# --- À faire, relances -------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-071", "R-161", "R-164")
def test_repondre_est_a_faire_jusqua_la_reponse(campagne, invitees, client_de):
    invitation = invitees[0]
    [tache] = taches_de(relire(invitation.personne))
    assert tache.geste == "Répondre\xa0: évaluation d’essai"
    assert tache.url == invitation.get_absolute_url()
    assert not tache.retard
    assert invitation.get_absolute_url() in client_de(invitation.personne).get("/").content.decode()
    repondre_a([invitation])
    assert taches_de(relire(invitation.personne)) == []
    fermer_campagne(campagne)
    assert taches_de(relire(invitees[1].personne)) == []


def test_la_tache_devient_un_retard_puis_tombe_avec_la_campagne(campagne, time_machine):
    [invitation] = inviter(campagne, [PersonneFactory()])
    Campagne.objects.update(fin=invitation.attendue_le + datetime.timedelta(days=2))
    vues = {}
    for jours in (0, 1, 2, 3):
        time_machine.move_to(_midi(invitation.attendue_le + datetime.timedelta(days=jours)))
        vues[jours] = [tache.retard for tache in taches_de(relire(invitation.personne))]
    assert vues == {0: [False], 1: [True], 2: [True], 3: []}


def test_les_taches_se_lisent_en_une_requete(campagne):
    personne = PersonneFactory()
    couts = set()
    for sujet in range(4):
        inviter(campagne, [personne], sujet=sujet)
        lue = relire(personne)
        assert lue.roles_attribues == frozenset()
        assert lue.represente_ids
        with CaptureQueriesContext(connection) as requetes:
            assert len(taches(lue)) == sujet + 1
        couts.add(len(requetes))
    assert couts == {1}


def _midi(jour):
    return datetime.datetime.combine(jour, datetime.time(16), tzinfo=datetime.UTC)


@pytest.mark.exigence("R-071")
def test_les_non_repondants_sont_relances_a_7_et_14_jours_et_pas_les_autres(db, time_machine):
    lundi = datetime.date(2026, 9, 14)
    time_machine.move_to(_midi(lundi))
    campagne = ouvrir_campagne(CODE, cle="r", mesure="essai", annee=2026, libelle="r")
    repond, tarde = inviter(campagne, PersonneFactory.create_batch(2, mot_de_passe=None))
    relances = {}
    for jours in (6, 7, 8, 14, 21, 30):
        time_machine.move_to(_midi(lundi + datetime.timedelta(days=jours)))
        if jours == 8:
            repondre(repond, par=repond.personne, reponses=REPONSES)
        balayer_rappels()
        relances[jours] = sorted(Rappel.objects.values_list("destinataire", "jalon"))
    premieres = sorted((i.personne_id, "répondre 2026-09-14 J+7") for i in (repond, tarde))
    assert relances[6] == []
    assert relances[7] == relances[8] == premieres
    assert (
        relances[14]
        == relances[21]
        == relances[30]
        == sorted([*premieres, (tarde.personne_id, "répondre 2026-09-14 J+14")])
    )
    etats = dict(Courriel.objects.filter(gabarit="sondages/rappel").values_list("a", "etat"))
    assert etats[repond.personne_id] == EtatCourriel.ABANDONNE


def test_fermer_retire_les_relances_en_file(campagne, invitees, time_machine):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=9))
    balayer_rappels()
    en_file = Courriel.objects.filter(gabarit="sondages/rappel", etat=EtatCourriel.A_ENVOYER)
    assert en_file.count() == 6
    fermer_campagne(campagne)
    assert not en_file.exists()


# --- Fermer ------------------------------------------------------------------------------------------------------


def test_le_balayage_ferme_le_lendemain_du_dernier_jour(db, time_machine):
    time_machine.move_to(_midi(datetime.date(2026, 9, 14)))
    ouvrir_campagne(CODE, cle="f", mesure="essai", annee=2026, libelle="f", fin=datetime.date(2026, 9, 20))
    sans_fin = ouvrir_campagne(CODE, cle="g", mesure="essai", annee=2026, libelle="g")
    vues = {}
    for jour in (20, 21, 22):
        time_machine.move_to(_midi(datetime.date(2026, 9, jour)))
        tasks.fermer()
        vues[jour] = sorted(Campagne.objects.filter(fermee_le=None).values_list("cle", flat=True))
    assert vues == {20: ["f", "g"], 21: ["g"], 22: ["g"]}
    assert Campagne.objects.get(cle="f").fermee_le == datetime.date(2026, 9, 21)
    fermeture = Entree.objects.get(acte="sondages.campagne.fermer")
    assert fermeture.par == Personne.objects.systeme()
    assert sans_fin.ouverte


def test_fermer_deux_fois_ne_change_rien(campagne, invitees):
    repondre_a(invitees)
    fermer_campagne(campagne)
    lot = fermer_campagne(campagne).lot
    assert Campagne.objects.get().lot == lot
    assert Entree.objects.filter(acte="sondages.campagne.fermer").count() == 1


@pytest.mark.parametrize("qui", ["mentor", "gestionnaire", "pilote", "drhcaj", "superutilisateur"])
def test_seules_la_dsm_et_lappr_ferment(distribution, campagne, qui):
    with pytest.raises(AccesRefuse):
        fermer_campagne(campagne, par=distribution[qui])
    assert Campagne.objects.get().fermee_le is None


# --- Ce que chacun lit -------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-154")
def test_la_dsm_suit_la_campagne_sa_participation_et_qui_relancer(distribution, campagne, invitees, client_de):
    repondre_a(invitees[:5])
    client = client_de(distribution.dsm)
    liste = texte_de(client.get(reverse("sondages:campagnes")))
    assert "Évaluation d’essai" in liste
    assert "5 sur 6" in liste
    page = texte_de(client.get(campagne.get_absolute_url()))
    assert "N’ont pas encore répondu" in page
    assert str(invitees[5].personne) in page
    assert not any(f"<li>{invitation.personne} " in page for invitation in invitees[:5])
    assert "5 sur 6 (83 %)" in page
    assert client.post(reverse("sondages:campagne_fermer", args=[campagne.uuid])).url == campagne.get_absolute_url()
    page = texte_de(client.get(campagne.get_absolute_url()))
    assert "4,0 sur 5" in page
    assert page.count("Plus de temps libéré.") == 5
    assert "N’ont pas encore répondu" not in page


@pytest.mark.exigence("R-143", "R-477")
def test_la_mesure_ouvre_les_resultats_dun_questionnaire_a_un_groupe(distribution, campagne, invitees, client_de):
    membre = distribution.mentor
    page = campagne.get_absolute_url()
    assert client_de(membre).get(page).status_code == 404
    lecteurs.inscrire(
        CODE,
        groupes=lambda personne: ["a"] if personne.pk == membre.pk else [],
        personnes=lambda groupe: Personne.objects.filter(pk=membre.pk if groupe == "a" else 0),
    )
    repondre_a(invitees[:5])
    client = client_de(membre)
    lue = texte_de(client.get(page))
    assert "5 sur 6" in lue
    assert str(invitees[5].personne) not in lue
    assert client.get(reverse("sondages:campagne_fermer", args=[campagne.uuid])).status_code == 403
    assert "Évaluation d’essai" in texte_de(client.get(reverse("sondages:campagnes")))
    assert "Questionnaires" not in texte_de(client.get(reverse("sondages:campagnes")))
    assert client_de(distribution.mentore).get(page).status_code == 404
    ouvrir_campagne(CODE, cle="z", mesure="essai", groupe="b", annee=2026, libelle="du voisin")
    assert "Du voisin" not in texte_de(client.get(reverse("sondages:campagnes")))
    assert desaccords(DROITS_CAMPAGNE, Campagne.objects.all(), distribution) == []


def test_mes_donnees_disent_a_quoi_on_ma_invite_et_jamais_ma_reponse(campagne, invitees):
    repondre_a(invitees[:1], mot="Ma phrase")
    rubriques = rubriques_de(invitees[0].personne)
    [ligne] = rubriques["sondages_invitations"]
    assert (ligne["campagne"], ligne["remplie"]) == ("évaluation d’essai", True)
    assert "Ma phrase" not in str(rubriques)
