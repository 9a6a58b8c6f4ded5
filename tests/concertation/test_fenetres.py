"""L’accès cesse à la requête suivante : retrait, fin de fenêtre, rôle perdu, fermeture, exclusion (N-05, S-05, D16)."""

import datetime

import pytest
from django.utils import timezone

from concertation.actions import comite, convocations, exclusions, plans
from concertation.models import Nomination, ParticipationComite, SituationComplexe
from encadrement.accueil.actions import revoquer_delegation, terminer_attribution
from encadrement.personnes.models import Attribution, Delegation, Personne
from encadrement.socle.erreurs import ErreurMetier
from tests.concertation import scenes
from tests.concertation.gestes import adresse, declares

pytestmark = pytest.mark.django_db

MINUTE, HEURE, JOUR = (datetime.timedelta(**{unite: 1}) for unite in ("minutes", "hours", "days"))


@pytest.fixture
def d(distribution):
    return distribution


@pytest.fixture
def a(time_machine):
    """Amène l’horloge à un instant."""
    time_machine.move_to(timezone.now(), tick=False)
    return lambda instant: time_machine.move_to(instant, tick=False)


@pytest.fixture
def lit(client_de, settings):
    """Dit si la personne ouvre la situation et y lit le récit ; sa session, elle, reste ouverte d’un appel à l’autre."""
    settings.SESSION_COOKIE_AGE = 10**8
    clients = {}

    def lit(personne, situation):
        client = clients.setdefault(personne.pk, client_de(personne))
        session = client.session
        session.pop("zone", None)  # le verrou d’inactivité a ses propres essais
        session.save()
        reponse = client.get(situation.get_absolute_url())
        assert reponse.status_code in (200, 404), reponse.status_code
        montre = scenes.RECIT["question"][:20] in reponse.text
        assert montre is (reponse.status_code == 200)
        return montre

    return lit


def convoquee(d):
    """Une situation convoquée, où chacun a déclaré n’avoir aucun lien."""
    situation = scenes.situation_convoquee(d)
    return declares(situation, d.coordonnatrice, d.gestionnaire, d.delegue, d.collegue, d.animatrice)


def participation(situation, personne):
    return ParticipationComite.objects.get(situation=situation, personne=personne, retiree=False)


# — Les conviés


def test_s_05_l_acces_d_un_representant_se_ferme_trente_jours_apres_la_rencontre(d, lit, a):
    situation = convoquee(d)
    fin = situation.inscription.rencontre.fin
    for instant, ouvert in ((fin, True), (fin + 30 * JOUR - MINUTE, True), (fin + 30 * JOUR, False)):
        a(instant)
        assert lit(d.collegue, situation) is ouvert, instant


def test_s_05_l_acces_d_un_invite_se_ferme_quarante_huit_heures_apres(d, lit, a):
    situation = convoquee(d)
    fin = situation.inscription.rencontre.fin
    for instant, ouvert in ((fin + 48 * HEURE - MINUTE, True), (fin + 48 * HEURE, False)):
        a(instant)
        assert lit(d.animatrice, situation) is ouvert, instant
        assert lit(d.collegue, situation)


def test_convier_n_ouvre_rien_avant_la_convocation(d, client_de):
    situation = scenes.situation_inscrite(d)
    assert client_de(d.collegue).get(situation.get_absolute_url()).status_code == 404
    comite.convoquer_rencontre(situation.inscription.rencontre, par=d.coordonnatrice)
    assert client_de(d.collegue).get(situation.get_absolute_url()).status_code == 302


def test_s_05_retirer_quelqu_un_ferme_a_la_requete_suivante(d, lit):
    situation = convoquee(d)
    assert lit(d.collegue, situation)
    convocations.retirer_de_la_situation(participation(situation, d.collegue), par=d.coordonnatrice)
    assert not lit(d.collegue, situation)


def test_une_prolongation_motivee_rouvre_et_se_referme(d, lit, a):
    situation = convoquee(d)
    convie = participation(situation, d.animatrice)
    a(convie.ferme_le + HEURE)
    assert not lit(d.animatrice, situation)
    for jours, motif in ((5, " "), (31, "Suite à donner."), (0, "Suite à donner.")):
        with pytest.raises(ErreurMetier):
            convocations.prolonger_acces(convie, par=d.coordonnatrice, jours=jours, motif=motif)
    assert not lit(d.animatrice, situation)
    depart = timezone.now()
    convocations.prolonger_acces(convie, par=d.coordonnatrice, jours=5, motif="Suite à donner.")
    assert lit(d.animatrice, situation)
    a(depart + 5 * JOUR)
    assert not lit(d.animatrice, situation)


def test_reporter_la_situation_ferme_jusqu_a_la_convocation_suivante(d, lit):
    situation = convoquee(d)
    convocations.reporter_situation(
        situation, scenes.rencontre_planifiee(d, 50), par=d.coordonnatrice, motif="Trop de situations."
    )
    assert not lit(d.collegue, situation)
    assert not lit(d.animatrice, situation)


def test_annuler_la_rencontre_ferme_les_acces_qu_elle_ouvrait(d, lit):
    situation = convoquee(d)
    comite.annuler_rencontre(situation.inscription.rencontre, par=d.coordonnatrice, motif="Tempête.")
    assert not lit(d.collegue, situation)


def test_devancer_la_rencontre_devance_la_fermeture(d, lit, a):
    situation = convoquee(d)
    rencontre = situation.inscription.rencontre
    ancienne = rencontre.fin + 48 * HEURE
    debut = rencontre.debut - 7 * JOUR
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=debut, fin=debut + 3 * HEURE)
    a(ancienne - HEURE)
    assert not lit(d.animatrice, situation)


def test_d16_une_nomination_terminee_ne_montre_plus_l_ordre_du_jour(d, client_de):
    situation = convoquee(d)
    rencontre = situation.inscription.rencontre
    client = client_de(d.collegue)
    assert situation.numero in client.get(rencontre.get_absolute_url()).text
    comite.terminer_nomination(Nomination.objects.get(personne=d.collegue), par=d.dsm)
    # La fenêtre ouverte par la convocation, elle, se retire par le coordonnateur.
    convocations.retirer_de_la_situation(participation(situation, d.collegue), par=d.coordonnatrice)
    assert situation.numero not in client.get(rencontre.get_absolute_url()).text


# — Les rôles, la hiérarchie, les délégations


def test_n_05_le_coordonnateur_qui_perd_son_role_ne_lit_plus(d, lit):
    situation = convoquee(d)
    assert lit(d.coordonnatrice, situation)
    terminer_attribution(Attribution.objects.get(personne=d.coordonnatrice), par=d.dsm, motif="Fin de mandat.")
    assert not lit(d.coordonnatrice, situation)


def test_n_05_une_delegation_revoquee_ne_lit_plus(d, lit):
    situation = declares(scenes.situation_transmise(d), d.gestionnaire, d.delegue)
    assert lit(d.delegue, situation)
    revoquer_delegation(Delegation.objects.get(de=d.gestionnaire, a=d.delegue), par=d.gestionnaire)
    assert not lit(d.delegue, situation)
    assert lit(d.gestionnaire, situation)


def test_n_05_un_changement_de_gestionnaire_vaut_aussitot(d, lit):
    situation = declares(scenes.situation_transmise(d), d.gestionnaire, d.delegue)
    assert lit(d.gestionnaire, situation)
    Personne.objects.filter(pk=d.mentore.pk).update(superieur=d.parrain)
    assert not lit(d.gestionnaire, situation)
    assert not lit(d.delegue, situation)
    declares(SituationComplexe.objects.get(pk=situation.pk), d.parrain)
    assert lit(d.parrain, situation)


def test_n_05_un_compte_ferme_n_ouvre_plus_rien(d, client_de):
    situation = convoquee(d)
    client = client_de(d.collegue)
    assert client.get(situation.get_absolute_url()).status_code == 200
    Personne.objects.filter(pk=d.collegue.pk).update(is_active=False)
    reponse = client.get(situation.get_absolute_url())
    assert reponse.status_code == 302
    assert "/compte/" in reponse.url


def test_n_02_une_exclusion_vaut_a_la_requete_suivante(d, lit):
    situation = convoquee(d)
    for personne in (d.coordonnatrice, d.gestionnaire, d.collegue):
        assert lit(personne, situation)
        exclusions.exclure(situation, par=d.mentore, personne=personne)
        assert not lit(personne, situation)


# — La fin de la situation


def test_trente_jours_apres_la_fermeture_le_dossier_se_referme_pour_tous_sauf_son_auteur(d, lit, a):
    situation = declares(scenes.situation_fermee(d), d.coordonnatrice, d.gestionnaire, d.delegue, d.collegue)
    gens = (d.coordonnatrice, d.gestionnaire, d.delegue)
    a(situation.fermee_le + 30 * JOUR - MINUTE)
    assert all(lit(personne, situation) for personne in (*gens, d.mentore))
    a(situation.fermee_le + 30 * JOUR)
    assert [personne for personne in (*gens, d.collegue) if lit(personne, situation)] == []
    assert lit(d.mentore, situation)


def test_fermee_ses_orientations_se_referment_aussi(d, client_de, a):
    situation = scenes.situation_fermee(d)
    orientation = situation.orientations.get(rang=1)
    gens = {
        "responsable": orientation.responsable,
        "directeur": orientation.direction.directeur,
        "coordonnatrice": d.coordonnatrice,
    }
    declares(situation, d.coordonnatrice)
    a(situation.fermee_le + 30 * JOUR)
    for nom, personne in gens.items():
        client = client_de(personne)
        assert client.get(orientation.get_absolute_url()).status_code == 404, nom


def test_retiree_seul_son_auteur_la_lit(d, client_de):
    situation = scenes.situation_retiree(d)
    for nom, montre in (("mentore", True), ("gestionnaire", False), ("coordonnatrice", False)):
        page = client_de(d[nom]).get(situation.get_absolute_url()).text
        assert (scenes.RECIT["question"][:20] in page) is montre, nom


def test_ramenee_au_comite_elle_ne_se_lit_plus_des_anciens_convies_une_fois_leur_fenetre_fermee(d, lit, a):
    situation = scenes.situation_en_suivi(d)
    declares(situation, d.collegue)
    fenetre = participation(situation, d.collegue).ferme_le
    plans.ramener_au_comite(situation, par=d.coordonnatrice, motif="Rien n’a bougé.")
    a(fenetre)
    assert not lit(d.collegue, SituationComplexe.objects.get(pk=situation.pk))


# — L’accès d’urgence


def test_x_7_un_acces_d_urgence_dure_soixante_minutes(d, lit, a):
    exception = scenes.exception_approuvee(d)
    situation = exception.situation
    declares(situation, d.dsm)
    for minutes, ouvert in ((0, True), (59, True), (60, False), (24 * 60, False)):
        a(exception.approuve_le + minutes * MINUTE)
        assert lit(d.dsm, situation) is ouvert, minutes


def test_x_7_avant_l_approbation_rien_ne_s_ouvre(d, client_de):
    demande = scenes.exception_demandee(d)
    assert client_de(d.dsm).get(demande.situation.get_absolute_url()).status_code == 404
    assert client_de(d.dsm).get(adresse("situation_declarer", demande.situation)).status_code == 404
