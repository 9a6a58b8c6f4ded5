"""La convocation : qui la reçoit, ce que son agenda inscrit, déplace et retire (R-385, R-386, R-393, R-456).

Les courriels écrits sont relus par un autre lecteur iCalendar que celui qui les compose.
"""

import datetime

import pytest
import vobject
from django.urls import reverse

from cdp.actions import adhesions, communautes, ordre_du_jour, rencontres
from cdp.models import Communaute
from encadrement.documents.models import Document
from encadrement.notifications.models import Courriel
from encadrement.rencontres.models import Mode, Reponse
from encadrement.rencontres.serie import moment_local
from encadrement.socle.erreurs import ErreurMetier
from tests.cdp import scenes
from tests.cdp.traces import rien_decrit
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_septembre(time_machine):
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)


@pytest.fixture
def rencontre(distribution):
    """Mardi 15 septembre 2026, de 13 h 30 à 16 h 30."""
    return scenes.rencontre_planifiee(distribution)


@pytest.fixture
def animatrice(distribution, rencontre, client_de):
    return client_de(distribution.animatrice)


def adresse(nom, objet):
    return reverse(f"cdp:{nom}", args=[objet.uuid])


def courriels(gabarit, personne=None):
    trouves = Courriel.objects.filter(gabarit=f"cdp/{gabarit}").order_by("pk")
    return list(trouves.filter(a=personne) if personne else trouves)


def agenda(courriel):
    """Rend l’événement et la méthode qu’un agenda lit dans la convocation jointe."""
    lu = vobject.readOne(courriel.calendrier)
    lu.validate()
    return lu.vevent, lu.method.value


def un_agenda(gabarit, personne):
    (courriel,) = courriels(gabarit, personne)
    return agenda(courriel)


def local(mois, jour, heure, minute=0):
    return moment_local(datetime.date(2026, mois, jour), datetime.time(heure, minute))


# --- Convoquer ------------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-385")
def test_la_page_montre_qui_sera_convoque_et_lordre_du_jour(distribution, rencontre, animatrice):
    rencontres.inviter_a_la_rencontre(
        rencontre, par=distribution.animatrice, nom_externe="Line Metallic", organisme="Gesgapegiag"
    )
    page = texte_de(animatrice.get(adresse("rencontre_convoquer", rencontre)))
    for nom in ("Marie-Ève Huard", "Zélie Babin", "Kim Gagné", "Line Metallic", "Gesgapegiag"):
        assert nom in page
    assert "Simon Leblanc" not in page  # il a quitté
    assert "Données probantes : intervention parentale" in page


@pytest.mark.exigence("R-385", "R-386", "R-390")
def test_convoquer_inscrit_la_rencontre_a_lagenda_de_chacun(distribution, rencontre, animatrice):
    assert animatrice.post(adresse("rencontre_convoquer", rencontre)).url == rencontre.get_absolute_url()
    convoques = {courriel.a for courriel in courriels("rencontre_convoquee")}
    assert convoques == {distribution.animatrice, distribution.secretaire, distribution.membre}
    evenement, methode = un_agenda("rencontre_convoquee", distribution.membre)
    assert (methode, evenement.sequence.value, evenement.status.value) == ("REQUEST", "0", "CONFIRMED")
    assert evenement.uid.value.startswith(f"{rencontre.uuid}@")
    assert (evenement.dtstart.value, evenement.dtend.value) == (local(9, 15, 13, 30), local(9, 15, 16, 30))
    assert evenement.attendee.value == f"mailto:{distribution.membre.courriel}"
    assert evenement.location.value == scenes.LIEN
    assert rencontre.get_absolute_url() in evenement.url.value
    assert Document.objects.filter(instantane__nature="cdp_ordre_du_jour").count() == 1


@pytest.mark.exigence("R-385")
def test_la_convocation_ne_dit_aucun_sujet(distribution, rencontre, animatrice):
    ordre_du_jour.ecrire_objectifs(
        rencontre, par=distribution.animatrice, objectif_general="Revoir le bégaiement", objectifs_specifiques=""
    )
    animatrice.post(adresse("rencontre_convoquer", rencontre))
    for courriel in courriels("rencontre_convoquee"):
        ecrit = courriel.objet + courriel.texte + courriel.html + courriel.calendrier.replace("\r\n ", "")
        for sujet in ("Grille TDL", "probantes", "bégaiement"):
            assert sujet not in ecrit


def test_convoquer_deux_fois_ne_convoque_quune_fois(distribution, rencontre, animatrice):
    animatrice.post(adresse("rencontre_convoquer", rencontre))
    with rien_decrit():
        reponse = animatrice.post(adresse("rencontre_convoquer", rencontre))
    assert reponse.status_code == 409
    assert "convoquée" in texte_de(reponse)
    assert len(courriels("rencontre_convoquee", distribution.membre)) == 1


@pytest.mark.exigence("R-386", "R-393")
def test_une_rencontre_a_distance_sans_lien_nest_pas_convoquee(distribution, animatrice):
    communaute = scenes.communaute_active(distribution)
    Communaute.objects.filter(pk=communaute.pk).update(lien_teams="")
    communaute.refresh_from_db()
    rencontre = scenes.rencontre_planifiee(distribution, communaute, dans=30, lien="")
    with rien_decrit():
        reponse = animatrice.post(adresse("rencontre_convoquer", rencontre))
    assert reponse.status_code == 409
    assert "Donnez le lien Teams ou de visioconférence." in texte_de(reponse)


@pytest.mark.exigence("R-386")
def test_le_lien_de_la_communaute_part_a_lagenda_a_defaut_dun_autre(distribution, animatrice):
    rencontre = scenes.rencontre_planifiee(distribution, dans=30, mode=Mode.HYBRIDE, lieu="Salle B-204", lien="")
    animatrice.post(adresse("rencontre_convoquer", rencontre))
    evenement, _ = un_agenda("rencontre_convoquee", distribution.membre)
    assert evenement.location.value == "Salle B-204"
    assert scenes.LIEN in evenement.description.value


@pytest.mark.exigence("R-395")
def test_sans_point_propre_on_ne_convoque_pas(distribution, client_de):
    (rencontre,) = rencontres.planifier_rencontres(
        scenes.communaute_active(distribution), [scenes.moment(14)], par=distribution.animatrice, mode="virtuelle"
    )
    with rien_decrit():
        reponse = client_de(distribution.animatrice).post(adresse("rencontre_convoquer", rencontre))
    assert reponse.status_code == 409
    assert "aucun point propre à cette rencontre" in texte_de(reponse)


def test_au_dela_du_plafond_dheures_convoquer_demande_une_raison(distribution, rencontre, animatrice):
    moments = [scenes.moment(30 + 7 * rang) for rang in range(8)]
    rencontres.planifier_rencontres(rencontre.communaute, moments, par=distribution.animatrice, mode="virtuelle")
    page = adresse("rencontre_convoquer", rencontre)
    assert "passeront leur plafond d’heures" in texte_de(animatrice.get(page))
    with rien_decrit():
        animatrice.post(page)
    assert animatrice.post(page, {"raison": "Le parrain a accordé les heures de vive voix."}).status_code == 302


def test_une_rencontre_commencee_ne_se_convoque_plus(distribution, rencontre, client_de, time_machine):
    time_machine.move_to("2026-09-15T14:00:00-04:00", tick=False)
    with rien_decrit():
        reponse = client_de(distribution.animatrice).post(adresse("rencontre_convoquer", rencontre))
    assert "déjà commencée" in texte_de(reponse)


# --- Déplacer, annuler ----------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-456")
def test_deplacer_garde_lidentite_et_monte_la_sequence(distribution, rencontre):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    debut, fin = scenes.moment(21)
    rencontres.deplacer_rencontre(rencontre, par=distribution.animatrice, debut=debut, fin=fin)
    rencontres.deplacer_rencontre(
        rencontre, par=distribution.secretaire, mode=Mode.PRESENCE, lieu="Salle B-204", lien=""
    )
    avant, _ = un_agenda("rencontre_convoquee", distribution.membre)
    lus = [agenda(courriel) for courriel in courriels("rencontre_deplacee", distribution.membre)]
    assert [(evenement.sequence.value, methode) for evenement, methode in lus] == [("1", "REQUEST"), ("2", "REQUEST")]
    assert {evenement.uid.value for evenement, _ in lus} == {avant.uid.value}
    assert {evenement.organizer.value for evenement, _ in lus} == {avant.organizer.value}
    assert lus[1][0].dtstart.value == local(9, 22, 13, 30)
    assert lus[1][0].location.value == "Salle B-204"
    assert scenes.LIEN not in lus[1][0].description.value


def test_une_rencontre_seulement_planifiee_se_deplace_sans_aviser_personne(distribution, rencontre):
    debut, fin = scenes.moment(21)
    rencontres.deplacer_rencontre(rencontre, par=distribution.animatrice, debut=debut, fin=fin)
    assert courriels("rencontre_deplacee") == []
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    evenement, _ = un_agenda("rencontre_convoquee", distribution.membre)
    assert (evenement.sequence.value, evenement.dtstart.value) == ("1", local(9, 22, 13, 30))


def test_annuler_efface_la_rencontre_des_agendas(distribution, rencontre, animatrice):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    debut, fin = scenes.moment(21)
    rencontres.deplacer_rencontre(rencontre, par=distribution.animatrice, debut=debut, fin=fin)
    animatrice.post(adresse("rencontre_annuler", rencontre))
    evenement, methode = un_agenda("rencontre_annulee", distribution.membre)
    assert (methode, evenement.status.value, evenement.sequence.value) == ("CANCEL", "CANCELLED", "2")
    assert evenement.uid.value.startswith(f"{rencontre.uuid}@")
    assert evenement.dtstart.value == local(9, 22, 13, 30)


def test_annuler_ce_qui_nest_pas_convoque_navise_personne(distribution, rencontre, animatrice):
    animatrice.post(adresse("rencontre_annuler", rencontre))
    assert courriels("rencontre_annulee") == []


def test_une_communaute_suspendue_annule_ses_rencontres_dans_les_agendas(distribution, rencontre):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    communautes.suspendre_communaute(rencontre.communaute, par=distribution.parrain, motif="Réorganisation.")
    evenement, methode = un_agenda("rencontre_annulee", distribution.membre)
    assert (methode, evenement.sequence.value) == ("CANCEL", "1")
    rencontre.refresh_from_db()
    assert rencontre.etat == "annulee"


@pytest.mark.exigence("R-466")
def test_annuler_une_rencontre_dune_serie_laisse_les_autres(distribution):
    moments = [scenes.moment(14), scenes.moment(21)]
    une, autre = rencontres.planifier_rencontres(
        scenes.communaute_active(distribution), moments, par=distribution.animatrice, mode="virtuelle"
    )
    assert une.serie == autre.serie
    rencontres.annuler_rencontre(une, par=distribution.animatrice)
    autre.refresh_from_db()
    assert autre.etat == "planifiee"


# --- Les gens qui changent entre-temps ------------------------------------------------------------------------------


@pytest.mark.exigence("R-484")
def test_un_invite_de_la_maison_recoit_la_convocation_et_repond(distribution, rencontre, client_de):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    rencontres.inviter_a_la_rencontre(rencontre, par=distribution.animatrice, personne=distribution.collegue)
    evenement, methode = un_agenda("rencontre_invitation", distribution.collegue)
    assert (methode, evenement.sequence.value) == ("REQUEST", "0")
    client_de(distribution.collegue).post(adresse("rencontre_repondre", rencontre), {"presence": "present"})
    assert rencontre.participations.get(personne=distribution.collegue).reponse == Reponse.PRESENT


def test_un_invite_davance_est_convoque_avec_les_autres(distribution, rencontre):
    rencontres.inviter_a_la_rencontre(rencontre, par=distribution.animatrice, personne=distribution.collegue)
    assert courriels("rencontre_invitation") == []
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    assert un_agenda("rencontre_convoquee", distribution.collegue)[1] == "REQUEST"


def test_qui_arrive_apres_est_convoque_qui_part_est_libere(distribution, rencontre):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    adhesion = adhesions.inviter(rencontre.communaute, distribution.executif_cm, par=distribution.animatrice)
    adhesions.accepter_invitation(adhesion, par=distribution.executif_cm)
    assert un_agenda("rencontre_convoquee", distribution.executif_cm)[1] == "REQUEST"
    adhesion.refresh_from_db()
    adhesions.quitter(adhesion, par=distribution.executif_cm)
    evenement, methode = un_agenda("rencontre_sans_vous", distribution.executif_cm)
    assert (methode, evenement.sequence.value) == ("CANCEL", "1")
    assert courriels("rencontre_sans_vous", distribution.membre) == []
    debut, fin = scenes.moment(21)
    rencontre.refresh_from_db()
    rencontres.deplacer_rencontre(rencontre, par=distribution.animatrice, debut=debut, fin=fin)
    assert courriels("rencontre_deplacee", distribution.executif_cm) == []


# --- Rediffuser -----------------------------------------------------------------------------------------------------


def test_un_ordre_du_jour_change_se_rediffuse_une_fois(distribution, rencontre, animatrice):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    page, bouton = rencontre.get_absolute_url(), "Annoncer le nouvel ordre du jour"
    assert bouton not in texte_de(animatrice.get(page))
    ordre_du_jour.ajouter_point(rencontre, par=distribution.membre, sujet="Télépratique")
    assert bouton in texte_de(animatrice.get(page))
    assert animatrice.post(adresse("rencontre_rediffuser", rencontre)).url == page
    assert len(courriels("ordre_du_jour_change", distribution.membre)) == 1
    assert Document.objects.filter(instantane__nature="cdp_ordre_du_jour").count() == 2
    assert bouton not in texte_de(animatrice.get(page))
    with rien_decrit():
        reponse = animatrice.post(adresse("rencontre_rediffuser", rencontre))
    assert "L’ordre du jour n’a pas changé depuis le dernier envoi." in texte_de(reponse)


def test_planifier_une_autre_rencontre_ne_fait_pas_annoncer_celle_ci(distribution, rencontre, animatrice):
    rencontres.convoquer_rencontre(rencontre, par=distribution.animatrice)
    scenes.rencontre_planifiee(distribution, dans=30)
    assert "Annoncer le nouvel ordre du jour" not in texte_de(animatrice.get(rencontre.get_absolute_url()))


def test_on_ne_rediffuse_que_ce_qui_est_convoque(distribution, rencontre):
    with pytest.raises(ErreurMetier, match="rencontre convoquée"):
        rencontres.rediffuser_ordre_du_jour(rencontre, par=distribution.animatrice)


@pytest.mark.exigence("R-137", "R-385", "R-388")
@pytest.mark.parametrize("nom", ["membre", "parrain", "dsm", "appr"])
def test_convoquer_deplacer_et_annuler_reviennent_a_qui_tient_la_communaute(distribution, rencontre, client_de, nom):
    client = client_de(distribution[nom])
    for page in ("rencontre_convoquer", "rencontre_deplacer", "rencontre_annuler", "rencontre_rediffuser"):
        with rien_decrit():
            reponse = client.post(adresse(page, rencontre))
        assert reponse.status_code == 403
        assert "l’animateur, le secrétaire" in texte_de(reponse)
