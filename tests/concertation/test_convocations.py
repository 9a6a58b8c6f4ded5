"""Inscrire, convier, ouvrir et fermer les accès : qui lit, de quand à quand, et ce que son agenda en sait (R-218 à R-258)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concertation.actions import comite, convocations, exclusions, situations
from concertation.models import EtatComite, Inscription, ParticipationComite, RencontreComite, TitreConvie
from encadrement.journal.models import Entree
from encadrement.outils.horloge import au
from encadrement.personnes.models import Direction
from encadrement.socle import coffre
from encadrement.socle.temps import jour_local
from tests.concertation import scenes
from tests.concertation.agenda import convocations as agenda
from tests.concertation.gestes import adresse, courriels, declares, relire, rien_decrit, texte_de
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def d(distribution):
    scenes.representants(distribution)
    return distribution


@pytest.fixture
def coord(d, client_de):
    return client_de(d.coordonnatrice)


@pytest.fixture
def recevable(d):
    return scenes.situation_recevable(d)


@pytest.fixture
def inscrite(d):
    return scenes.situation_inscrite(d)


@pytest.fixture
def convoquee(d):
    return scenes.situation_convoquee(d)


def _envoi(rencontre, **champs):
    return {"rencontre": str(rencontre.uuid), "minutes": "45 min", **champs}


def _conviees(situation):
    """Rend {prénom: titre} des personnes de l’établissement conviées."""
    lignes = situation.participations.filter(retiree=False, personne__isnull=False).select_related("personne")
    return {ligne.personne.prenom: ligne.titre for ligne in lignes}


def _ouvre(client_de, personne, situation):
    """Dit si la personne accède à la situation : elle la lit, ou on lui demande d’abord de déclarer."""
    reponse = client_de(personne).get(adresse("situation", situation))
    assert reponse.status_code != 302 or reponse.url.startswith(adresse("situation_declarer", situation)), reponse.url
    return reponse.status_code in (200, 302)


# — Inscrire


@pytest.mark.exigence("R-217", "R-242", "R-250", "R-258")
def test_inscrite_la_situation_convie_lintervenant_et_un_representant_par_direction(d, coord, recevable):
    rencontre = scenes.rencontre_planifiee(d)
    page = texte_de(coord.get(adresse("situation_inscrire", recevable)))
    for _, representant in scenes.directions(d):
        assert str(representant) in page
    reponse = coord.post(adresse("situation_inscrire", recevable), _envoi(rencontre, minutes="1 h"))
    assert reponse.url == adresse("situation_conviees", recevable)
    assert relire(recevable).etat == "inscrite"
    assert (recevable.inscription.rencontre, recevable.inscription.minutes) == (rencontre, 60)
    representants = dict.fromkeys((p.prenom for _, p in scenes.directions(d)), "representant")
    assert _conviees(recevable) == {d.mentore.prenom: "intervenant", **representants}
    attendus = {d.mentore.prenom, d.gestionnaire.prenom, d.delegue.prenom}
    assert set(courriels("situation_inscrite")) == attendus


def test_inscrire_nouvre_rien_avant_la_convocation(d, client_de, inscrite):
    assert not _ouvre(client_de, d.collegue, inscrite)
    assert not inscrite.participations.exclude(ouvre_le=None).exists()


def test_le_substitut_est_convie_quand_le_representant_ne_lest_plus(d, recevable):
    direction, representant = scenes.directions(d)[0]
    substitut = PersonneFactory(service=representant.service)
    for nomination in representant.nominations.all():
        comite.terminer_nomination(nomination, par=d.dsm)
    nomination = comite.nommer_representant(direction, substitut, par=d.pilote, pouvoir=True, est_substitut=True)
    comite.accepter_nomination(nomination, par=d.dsm)
    convocations.inscrire_situation(recevable, scenes.rencontre_planifiee(d), par=d.coordonnatrice)
    assert substitut.prenom in _conviees(recevable)
    assert representant.prenom not in _conviees(recevable)


def test_un_representant_exclu_laisse_sa_place_au_substitut(d, recevable):
    direction, representant = scenes.directions(d)[0]
    substitut = PersonneFactory(service=d.secretaire.service)
    nomination = comite.nommer_representant(direction, substitut, par=d.pilote, pouvoir=True, est_substitut=True)
    comite.accepter_nomination(nomination, par=d.dsm)
    exclusions.exclure(recevable, par=d.mentore, personne=representant)
    convocations.inscrire_situation(recevable, scenes.rencontre_planifiee(d), par=d.coordonnatrice)
    assert substitut.prenom in _conviees(recevable)
    assert representant.prenom not in _conviees(recevable)


@pytest.mark.exigence("R-228")
def test_une_demande_arrivee_apres_le_depot_ne_sinscrit_quen_le_confirmant(d, coord, recevable):
    rencontre = scenes.rencontre_planifiee(d)
    RencontreComite.objects.filter(pk=rencontre.pk).update(depot_le=jour_local() - datetime.timedelta(days=1))
    with rien_decrit():
        page = coord.post(adresse("situation_inscrire", recevable), _envoi(rencontre))
    assert "arrivée après le dernier jour pour déposer" in texte_de(page)
    coord.post(adresse("situation_inscrire", recevable), _envoi(rencontre, confirmee=str(rencontre.uuid)))
    assert recevable.inscription.rencontre == rencontre


def test_confirmer_vaut_pour_la_rencontre_montree_et_pas_pour_une_autre(d, coord, recevable):
    montree, autre = scenes.rencontre_planifiee(d), scenes.rencontre_planifiee(d, dans=50)
    RencontreComite.objects.update(depot_le=jour_local() - datetime.timedelta(days=1))
    with rien_decrit():
        coord.post(adresse("situation_inscrire", recevable), _envoi(autre, confirmee=str(montree.uuid)))
    assert recevable.inscription is None


def test_une_rencontre_deja_convoquee_previent_que_lacces_souvre_aussitot(d, coord, client_de, recevable):
    rencontre = scenes.rencontre_planifiee(d)
    comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    page = coord.post(adresse("situation_inscrire", recevable), _envoi(rencontre))
    assert "liront aussitôt" in texte_de(page)
    coord.post(adresse("situation_inscrire", recevable), _envoi(rencontre, confirmee=str(rencontre.uuid)))
    assert _ouvre(client_de, d.collegue, recevable)
    assert len(agenda(d.collegue)) == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"rencontre": "n’importe quoi"}, "Choisissez une rencontre à venir."),
        ({"rencontre": ""}, "Choisissez une rencontre à venir."),
        ({"rencontre": "11111111-1111-4111-8111-111111111111"}, "Choisissez une rencontre à venir."),
        ({"minutes": "bientôt"}, "Écrivez une durée"),
        ({"minutes": "9 h"}, "Écrivez une durée entre"),
    ],
)
def test_une_saisie_fautive_est_expliquee(d, coord, recevable, champs, phrase):
    rencontre = scenes.rencontre_planifiee(d)
    with rien_decrit():
        reponse = coord.post(adresse("situation_inscrire", recevable), {**_envoi(rencontre), **champs})
    assert phrase in texte_de(reponse)


def test_une_rencontre_passee_ou_annulee_ne_se_choisit_pas(d, coord, recevable):
    annulee = scenes.rencontre_planifiee(d, dans=50)
    comite.annuler_rencontre(annulee, par=d.coordonnatrice, motif="Tempête.")
    with rien_decrit():
        reponse = coord.post(adresse("situation_inscrire", recevable), _envoi(annulee))
    assert "Choisissez une rencontre à venir." in texte_de(reponse)
    with pytest.raises(Exception, match="passée ou annulée"):
        convocations.inscrire_situation(recevable, annulee, par=d.coordonnatrice)


def test_deux_fois_ne_compte_quune(d, coord, recevable):
    rencontre = scenes.rencontre_planifiee(d)
    coord.post(adresse("situation_inscrire", recevable), _envoi(rencontre))
    autre = scenes.rencontre_planifiee(d, dans=50)
    with rien_decrit():
        assert coord.post(adresse("situation_inscrire", recevable), _envoi(autre)).status_code == 409


# — Reporter, retirer de la rencontre


def test_reportee_lancienne_rencontre_garde_la_trace_et_les_memes_gens_sont_convies(d, coord, client_de, convoquee):
    ancienne, avant = convoquee.inscription, _conviees(convoquee)
    autre = scenes.rencontre_planifiee(d, dans=50)
    reponse = coord.post(adresse("situation_reporter", convoquee), _envoi(autre, motif="Il manque une direction."))
    assert reponse.status_code == 302
    assert convoquee.inscription.rencontre == autre
    assert Inscription.objects.get(pk=ancienne.pk).reportee
    assert _conviees(convoquee) == avant
    externes = convoquee.participations.filter(retiree=False, personne=None)
    assert [(p.nom_externe, p.organisme) for p in externes] == [("Service de police", "Sûreté municipale")]
    # Les accès ouverts pour l’ancienne rencontre sont fermés ; la nouvelle n’est pas convoquée.
    assert not _ouvre(client_de, d.collegue, convoquee)
    assert [lu[0] for lu in agenda(d.collegue)] == ["REQUEST", "CANCEL"]


def test_retiree_de_la_rencontre_la_situation_redevient_a_inscrire_et_les_acces_se_ferment(
    d, coord, client_de, convoquee
):
    assert _ouvre(client_de, d.animatrice, convoquee)
    assert coord.post(adresse("situation_desinscrire", convoquee)).status_code == 302
    assert relire(convoquee).etat == "recevable"
    assert not _ouvre(client_de, d.animatrice, convoquee)
    assert _ouvre(client_de, d.mentore, convoquee)
    with rien_decrit():
        assert coord.post(adresse("situation_desinscrire", convoquee)).status_code == 409


# — Convier


@pytest.mark.exigence("R-247")
@pytest.mark.parametrize(
    ("titre", "fenetre"),
    [("invite", datetime.timedelta(hours=48)), ("gestionnaire", datetime.timedelta(days=30))],
)
def test_une_personne_conviee_par_son_nom_lit_le_temps_de_sa_fenetre(d, coord, client_de, inscrite, titre, fenetre):
    envoi = {"personne": "babin zelie", "titre": titre}
    assert coord.post(adresse("situation_conviees", inscrite), envoi).url == adresse("situation_conviees", inscrite)
    assert not _ouvre(client_de, d.secretaire, inscrite)
    comite.convoquer_rencontre(inscrite.inscription.rencontre, par=d.coordonnatrice)
    assert _ouvre(client_de, d.secretaire, inscrite)
    fin = jour_local(inscrite.inscription.rencontre.fin + fenetre)
    with au(fin, heure=14):
        assert _ouvre(client_de, d.secretaire, inscrite)
    with au(fin, heure=18):
        assert not _ouvre(client_de, d.secretaire, inscrite)


def test_quelquun_de_lexterieur_vient_sans_rien_lire_et_son_nom_est_chiffre(d, coord, inscrite):
    coord.post(
        adresse("situation_conviees", inscrite),
        {"nom_externe": "Rita Poirier", "organisme": "Maison d’aide", "titre": "invite"},
    )
    ligne = inscrite.participations.get(personne=None)
    assert (ligne.nom_externe, ligne.organisme) == ("Rita Poirier", "Maison d’aide")
    page = texte_de(coord.get(adresse("situation_conviees", inscrite)))
    assert "Rita Poirier" in page
    assert "Ne lit rien ici" in page
    with connection.cursor() as curseur:
        curseur.execute("SELECT nom_externe, organisme FROM concertation_participationcomite WHERE personne_id IS NULL")
        assert "Poirier" not in str(curseur.fetchall())


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"titre": "invite"}, "Choisissez une personne, ou nommez quelqu’un"),
        ({"personne": "Zzyzx", "titre": "invite"}, "Aucune personne en poste ne porte ce nom"),
        ({"personne": "Zélie Babin", "nom_externe": "Rita", "titre": "invite"}, "Une personne à la fois"),
        ({"nom_externe": "Rita", "titre": "representant"}, "elle ne représente pas une direction"),
        ({"personne": "Zélie Babin", "titre": "representant"}, "Dites quelle direction cette personne représente"),
        ({"personne": "Zélie Babin", "titre": "chef"}, "Dites à quel titre"),
        ({"personne": "Babin", "titre": "invite"}, "Plusieurs personnes portent ce nom"),
        ({"nom_externe": "x" * 171, "titre": "invite"}, "170 caractères"),
    ],
)
def test_une_personne_mal_designee_est_expliquee_et_la_saisie_reste(coord, inscrite, envoi, phrase):
    with rien_decrit():
        reponse = coord.post(adresse("situation_conviees", inscrite), envoi)
    assert phrase in texte_de(reponse)
    for champ in ("personne", "nom_externe"):
        assert envoi.get(champ, "") in texte_de(reponse)


def test_une_personne_deja_conviee_ou_exclue_ne_lest_pas_de_nouveau(d, coord, inscrite):
    page = coord.post(adresse("situation_conviees", inscrite), {"personne": d.collegue.matricule, "titre": "invite"})
    assert page.status_code == 409
    assert "est déjà conviée" in texte_de(page)
    exclusions.exclure(inscrite, par=d.mentore, personne=d.secretaire)
    with rien_decrit():
        page = coord.post(
            adresse("situation_conviees", inscrite), {"personne": d.secretaire.matricule, "titre": "invite"}
        )
    assert page.status_code == 409
    assert "ne peut pas être conviée" in texte_de(page)


def test_on_ne_convie_qua_une_situation_inscrite(d, coord, recevable):
    page = coord.get(adresse("situation_conviees", recevable))
    assert "n’est inscrite à aucune rencontre" in texte_de(page)
    with rien_decrit():
        page = coord.post(
            adresse("situation_conviees", recevable), {"personne": d.secretaire.matricule, "titre": "invite"}
        )
    assert page.status_code == 409


def test_ajoutee_apres_la_convocation_la_personne_lit_et_recoit_la_sienne_aussitot(d, coord, client_de, convoquee):
    coord.post(adresse("situation_conviees", convoquee), {"personne": d.secretaire.matricule, "titre": "invite"})
    assert _ouvre(client_de, d.secretaire, convoquee)
    assert [lu[0] for lu in agenda(d.secretaire)] == ["REQUEST"]


# — Combien liront, et qui


@pytest.mark.exigence("R-250")
def test_avant_denvoyer_le_coordonnateur_voit_combien_de_personnes_liront_et_qui(d, coord, inscrite):
    convocations.convier(inscrite, par=d.coordonnatrice, titre=TitreConvie.INVITE, personne=d.animatrice)
    convocations.convier(inscrite, par=d.coordonnatrice, titre=TitreConvie.INVITE, nom_externe="Rita Poirier")
    attendus = {d.mentore, d.gestionnaire, d.delegue, d.coordonnatrice, d.autre_gestionnaire, d.collegue, d.animatrice}
    for nom, objet in (("situation_conviees", inscrite), ("rencontre_convoquer", inscrite.inscription.rencontre)):
        page = texte_de(coord.get(adresse(nom, objet)))
        assert f"{len(attendus)} personnes" in page
        for personne in attendus:
            assert str(personne) in page
    comite.convoquer_rencontre(inscrite.inscription.rencontre, par=d.coordonnatrice)
    lisent = {p for _, p in d if p.is_active and convocations.DROITS_SITUATION.peut(p, "lire_recit", relire(inscrite))}
    assert lisent == attendus


def test_une_personne_exclue_nest_pas_du_compte(d, inscrite):
    assert d.delegue in convocations.lecteurs_prevus(inscrite)
    exclusions.exclure(inscrite, par=d.mentore, personne=d.delegue)
    assert d.delegue not in convocations.lecteurs_prevus(inscrite)


def test_une_direction_sans_representant_se_signale(d, coord, inscrite):
    inscrite.directions.add(Direction.objects.get(nom__startswith="Direction des ressources humaines"))
    for nom, objet in (("situation_conviees", inscrite), ("rencontre_convoquer", inscrite.inscription.rencontre)):
        assert "Sans représentant convié : Direction des ressources humaines" in texte_de(
            coord.get(adresse(nom, objet))
        )


# — Retirer, prolonger


def test_retiree_la_personne_ne_lit_plus_a_la_requete_suivante_et_son_agenda_se_libere(d, coord, client_de, convoquee):
    ligne = convoquee.participations.get(personne=d.animatrice)
    client = client_de(d.animatrice)
    assert client.get(adresse("situation", convoquee)).status_code == 302
    assert coord.post(adresse("participation_retirer", ligne)).url == adresse("situation_conviees", convoquee)
    assert client.get(adresse("situation", convoquee)).status_code == 404
    (invitation, retrait) = agenda(d.animatrice)
    assert (invitation[0], retrait[0], retrait[4]) == ("REQUEST", "CANCEL", "CANCELLED")
    assert retrait[1] == invitation[1]
    assert retrait[2] > invitation[2]
    with rien_decrit():
        coord.post(adresse("participation_retirer", ligne))


def test_encore_attendue_pour_une_autre_situation_la_personne_garde_la_rencontre_a_son_agenda(d, coord, convoquee):
    autre = scenes.situation_recevable(d)
    convocations.inscrire_situation(autre, convoquee.inscription.rencontre, par=d.coordonnatrice)
    ligne = convoquee.participations.get(personne=d.collegue)
    coord.post(adresse("participation_retirer", ligne))
    assert "CANCEL" not in [lu[0] for lu in agenda(d.collegue)]


def test_exclure_libere_aussi_lagenda(d, client_de, convoquee):
    exclusions.exclure(convoquee, par=d.mentore, personne=d.animatrice)
    assert not _ouvre(client_de, d.animatrice, convoquee)
    assert [lu[0] for lu in agenda(d.animatrice)] == ["REQUEST", "CANCEL"]


def test_prolonger_laisse_lire_quelques_jours_de_plus_et_garde_la_raison_chiffree(d, coord, client_de, convoquee):
    ligne = convoquee.participations.get(personne=d.animatrice)
    fin = ligne.ferme_le
    coord.post(adresse("participation_prolonger", ligne), {"jours": "5", "motif": "Vacances de la personne."})
    ligne.refresh_from_db()
    assert ligne.ferme_le == fin + datetime.timedelta(days=5)
    entree = Entree.objects.get(acte="concertation.prolonger")
    assert "Vacances" not in str(entree.details)
    assert coffre.dechiffrer(convoquee.uuid, entree.details["raison_chiffree"]) == "Vacances de la personne."
    with au(jour_local(fin) + datetime.timedelta(days=4)):
        assert _ouvre(client_de, d.animatrice, convoquee)


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"jours": "31", "motif": "Congé."}, "de 1 à 30"),
        ({"jours": "0", "motif": "Congé."}, "de 1 à 30"),
        ({"jours": "٣x", "motif": "Congé."}, "de 1 à 30"),
        ({"jours": "5", "motif": " "}, "Écrivez la raison"),
        ({"jours": "5", "motif": "Mme Tremblay"}, "Ce texte semble contenir"),
    ],
)
def test_prolonger_exige_une_raison_et_une_duree_raisonnable(coord, d, convoquee, envoi, phrase):
    ligne = convoquee.participations.get(personne=d.animatrice)
    with rien_decrit():
        reponse = coord.post(adresse("participation_prolonger", ligne), envoi)
    assert phrase in texte_de(reponse)


def test_quelquun_de_lexterieur_na_pas_dacces_a_prolonger(coord, convoquee):
    ligne = convoquee.participations.get(personne=None)
    with rien_decrit():
        reponse = coord.post(adresse("participation_prolonger", ligne), {"jours": "5", "motif": "Congé."})
    assert reponse.status_code == 409


@pytest.mark.parametrize("page", ["participation_retirer", "participation_prolonger"])
def test_une_personne_exclue_ne_distingue_pas_une_participation_dune_inconnue(d, client_de, convoquee, page):
    exclusions.exclure(convoquee, par=d.mentore, personne=d.coordonnatrice)
    ligne = convoquee.participations.filter(retiree=False).first()
    client = client_de(d.coordonnatrice)
    connue = client.get(adresse(page, ligne))
    inconnue = client.get(adresse(page, ParticipationComite()))
    assert connue.status_code == inconnue.status_code == 404
    assert len(connue.content) == len(inconnue.content)


# — Les pages coûtent pareil


def test_la_page_des_conviees_coute_autant_pour_vingt_personnes_que_pour_une(d, coord, inscrite):
    page = adresse("situation_conviees", inscrite)
    coord.get(page)
    with CaptureQueriesContext(connection) as peu:
        coord.get(page)
    for _ in range(15):
        convocations.convier(inscrite, par=d.coordonnatrice, titre=TitreConvie.INVITE, personne=PersonneFactory())
    with CaptureQueriesContext(connection) as beaucoup:
        coord.get(page)
    assert len(beaucoup) == len(peu)


# — Les agendas


def test_une_seule_convocation_quel_que_soit_le_nombre_de_situations(d, inscrite):
    autre = scenes.situation_recevable(d)
    rencontre = inscrite.inscription.rencontre
    convocations.inscrire_situation(autre, rencontre, par=d.coordonnatrice)
    comite.convoquer_rencontre(rencontre, par=d.coordonnatrice)
    (lu,) = agenda(d.collegue)
    assert lu[0] == "REQUEST"
    assert lu[3] == timezone.localtime(rencontre.debut)
    assert lu[5].replace("\xa0", " ") == "Comité de concertation : rencontre"
    assert len(agenda(d.coordonnatrice)) == 1


def test_deplacee_puis_annulee_la_meme_entree_suit_et_sefface(d, convoquee):
    rencontre = convoquee.inscription.rencontre
    debut = rencontre.debut + datetime.timedelta(days=7)
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, debut=debut, fin=debut + datetime.timedelta(hours=2))
    comite.annuler_rencontre(rencontre, par=d.coordonnatrice, motif="Tempête.")
    lus = agenda(d.collegue)
    assert [lu[0] for lu in lus] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({lu[1] for lu in lus}) == 1
    assert [lu[2] for lu in lus] == sorted({lu[2] for lu in lus})
    assert lus[1][3] == timezone.localtime(debut)
    assert relire(convoquee).etat == "recevable"
    assert RencontreComite.objects.get().etat == EtatComite.ANNULEE


def test_changer_la_seule_date_de_depot_ne_derange_aucun_agenda(d, coord, convoquee):
    rencontre = convoquee.inscription.rencontre
    comite.deplacer_rencontre(rencontre, par=d.coordonnatrice, depot_le=jour_local())
    assert len(agenda(d.collegue)) == 1
    assert RencontreComite.objects.get().depot_le == jour_local()


def test_qui_declare_un_lien_quitte_la_rencontre_et_le_coordonnateur_lapprend(d, client_de, convoquee):
    client_de(d.animatrice).post(adresse("situation_declarer", convoquee), {"lien": "lien"})
    assert [lu[0] for lu in agenda(d.animatrice)] == ["REQUEST", "CANCEL"]
    assert courriels("lien_declare") == [d.coordonnatrice.prenom]


def test_le_convie_lit_le_dossier_apres_avoir_declare(d, client_de, convoquee):
    declares(convoquee, d.animatrice)
    page = texte_de(client_de(d.animatrice).get(adresse("situation", convoquee)))
    assert scenes.RECIT["question"] in page
    for geste in ("Déclarer recevable", "Qui est convié, qui lira", "Qui a lu cette situation", "Reporter à une autre"):
        assert geste not in page


def test_apres_la_fermeture_de_la_fenetre_ecrire_reste_refuse(d, convoquee):
    with au(jour_local() + datetime.timedelta(days=90)), pytest.raises(Exception, match="revient à"):
        situations.ecrire_situation(convoquee, par=d.animatrice, question="Quoi?")
