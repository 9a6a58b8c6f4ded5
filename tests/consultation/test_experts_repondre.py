"""L’expert répond : accepter, décliner, convenir d’un moment; l’agenda de chacun suit (R-174, R-180, R-181, R-204)."""

import datetime

import pytest

from consultation.actions import dsm, experts
from consultation.models import EtatConsultation, Plage, ReponseExpert
from encadrement.rencontres.serie import moment_local
from tests.consultation import scenes
from tests.consultation.agenda import convocations
from tests.consultation.gestes import adresse, relire, texte_de
from tests.consultation.traces import courriels, rien_decrit
from tests.mentorat.formulaire import champs_de

pytestmark = pytest.mark.django_db
LE_7 = {"jour": "2026-09-07", "heure": "13 h 30", "lieu": "Salle 2"}
MOTIF = {"motif": "Hors de mon champ."}


@pytest.fixture(autouse=True)
def en_septembre(time_machine):
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)


def local(jour, heure, minute=0):
    return moment_local(datetime.date(2026, 9, jour), datetime.time(heure, minute))


@pytest.fixture
def demande(distribution):
    return scenes.demande_chez_expert(distribution)


@pytest.fixture
def expert(distribution, client_de):
    return client_de(distribution.mentor)


@pytest.fixture
def demandeur(distribution, client_de):
    return client_de(distribution.mentore)


# — Accepter


@pytest.mark.exigence("R-180", "R-204")
def test_lexpert_lit_la_demande_et_laccepte(demande, expert):
    page = texte_de(expert.get(adresse("demande_accepter", demande)))
    assert "héminégligence persistante" in page
    assert "Une brève consultation" in page
    assert expert.post(adresse("demande_accepter", demande)).url == demande.get_absolute_url()
    assert relire(demande).etat == EtatConsultation.ACCEPTEE
    assert demande.sollicitations.get().reponse == ReponseExpert.ACCEPTEE
    assert courriels("demande_acceptee") == ["Loïc"]
    assert courriels("moment_convenu") == []
    with rien_decrit():
        assert expert.post(adresse("demande_accepter", demande)).status_code == 409


@pytest.mark.exigence("R-174", "R-176")
def test_accepter_une_plage_reservee_convient_du_moment_et_linscrit_aux_deux_agendas(distribution, expert):
    d = distribution
    plage = scenes.plage_libre(d)
    demande = scenes.demande_chez_expert(d, plage)
    assert "Accepter, c’est aussi convenir du moment réservé" in texte_de(
        expert.get(adresse("demande_accepter", demande))
    )
    expert.post(adresse("demande_accepter", demande))
    assert courriels("moment_convenu") == ["Guylaine", "Loïc"]
    for personne in (d.mentor, d.mentore):
        ((methode, _, version, debut, lieu, resume),) = convocations(personne)
        assert (methode, version, debut, lieu) == ("REQUEST", 0, plage.debut, plage.lieu)
        assert resume == f"Consultation {demande.numero}"


@pytest.mark.parametrize("nom", ["mentore", "gestionnaire", "animatrice", "dsm", "appr"])
def test_personne_ne_repond_a_la_place_de_lexpert(distribution, client_de, demande, nom):
    attendu = 403 if nom in ("mentore", "gestionnaire") else 404
    envois = {"accepter": {}, "decliner": MOTIF, "proposer_moment": LE_7, "rendre_avis": {"avis": "Non."}}
    with rien_decrit():
        for verbe, envoi in envois.items():
            reponse = client_de(distribution[nom]).post(adresse(f"demande_{verbe}", demande), envoi)
            assert reponse.status_code == attendu


def test_qui_a_rendu_son_avis_ne_repond_plus_pour_lexpert_suivant(distribution, client_de):
    d = distribution
    demande = scenes.avis_rendu(d)
    dsm_ouverte = scenes.issues.poursuivre_vers_la_dsm
    dsm_ouverte(demande, par=d.mentore, reponses=scenes.REPONSES)
    dsm.transmettre_a_la_dsm(relire(demande), par=d.mentore, confirmation=scenes.CONFIRMATION)
    dsm.analyser_demande(relire(demande), par=d.appr, motif="À voir.")
    experts.reorienter_vers_expert(relire(demande), par=d.appr, fiche=scenes.autre_fiche(d), motif="Elle saura.")
    assert client_de(d.mentor).get(adresse("demande", demande)).status_code == 200
    assert client_de(d.mentor).post(adresse("demande_accepter", demande)).status_code == 403
    assert client_de(d.animatrice).post(adresse("demande_accepter", demande)).status_code == 302


# — Décliner


@pytest.mark.exigence("R-177", "R-180", "R-181")
def test_lexpert_decline_et_le_demandeur_lit_pourquoi(distribution, demande, expert, demandeur):
    assert expert.post(adresse("demande_decliner", demande), MOTIF).status_code == 302
    assert relire(demande).etat == EtatConsultation.AUTORISEE
    page = texte_de(demandeur.get(adresse("demande", demande)))
    assert MOTIF["motif"] in page
    assert "Demander à la DSM" in page
    assert courriels("demande_declinee") == ["Loïc"]
    # Il n’a plus à la lire; son second clic ne l’inquiète pas.
    assert expert.get(adresse("demande", demande)).status_code == 404
    with rien_decrit():
        seconde = expert.post(adresse("demande_decliner", demande), MOTIF, follow=True)
    assert "C’est déjà noté" in texte_de(seconde)


def test_decliner_sans_motif_ou_avec_un_nom_ne_part_pas(demande, expert):
    with rien_decrit():
        vide = expert.post(adresse("demande_decliner", demande), {"motif": ""})
        nomme = expert.post(adresse("demande_decliner", demande), {"motif": "Je suis déjà TREM 5501 0112."})
    assert "Écrivez le motif" in texte_de(vide)
    assert "Ce texte semble contenir" in texte_de(nomme)


@pytest.mark.exigence("R-174", "R-176")
def test_decliner_apres_avoir_accepte_retire_le_moment_des_agendas_et_rend_la_plage(distribution, expert):
    d = distribution
    plage = scenes.plage_libre(d)
    demande = scenes.demande_acceptee(d, plage)
    expert.post(adresse("demande_decliner", demande), MOTIF)
    for personne in (d.mentor, d.mentore):
        convenu, annule = convocations(personne)
        assert (convenu[0], annule[0]) == ("REQUEST", "CANCEL")
        assert convenu[1] == annule[1]
        assert convenu[2] < annule[2]
    assert plage in Plage.objects.libres()


# — Le moment


@pytest.mark.exigence("R-174")
def test_lexpert_propose_le_demandeur_accepte_et_les_deux_agendas_linscrivent(distribution, demande, expert, demandeur):
    d = distribution
    assert "Mardi et jeudi après-midi" in texte_de(expert.get(adresse("demande_proposer_moment", demande)))
    assert expert.post(adresse("demande_proposer_moment", demande), LE_7).status_code == 302
    assert courriels("moment_propose") == ["Loïc"]
    dossier = demandeur.get(adresse("demande", demande))
    # Ce qu’on attend de lui d’abord.
    assert dossier.context["boutons"][0]["code"] == "accepter_moment"
    page = texte_de(dossier)
    assert "Un moment est proposé" in page
    assert "lundi 7 septembre 2026 à 13 h 30" in page
    assert "Accepter le moment proposé" in page
    assert demandeur.post(adresse("demande_accepter_moment", demande)).status_code == 302
    assert relire(demande).etat == EtatConsultation.ACCEPTEE
    for personne in (d.mentor, d.mentore):
        ((methode, uid, version, debut, lieu, _),) = convocations(personne)
        assert (methode, version, debut, lieu) == ("REQUEST", 0, local(7, 13, 30), "Salle 2")
        assert uid.startswith(str(demande.sollicitations.get().uuid))
    with rien_decrit():
        assert demandeur.post(adresse("demande_accepter_moment", demande)).status_code == 409


@pytest.mark.exigence("R-174")
def test_un_moment_deplace_puis_un_lieu_change_puis_annule_montent_de_version(distribution, demande, expert, demandeur):
    d = distribution
    for moment in (LE_7, {**LE_7, "jour": "2026-09-08"}, {**LE_7, "jour": "2026-09-08", "lieu": "Salle 5"}):
        expert.post(adresse("demande_proposer_moment", demande), moment)
        demandeur.post(adresse("demande_accepter_moment", demande))
    demandeur.post(adresse("demande_retirer", demande))
    for personne in (d.mentor, d.mentore):
        lues = convocations(personne)
        assert [lue[0] for lue in lues] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
        assert len({lue[1] for lue in lues}) == 1
        assert [lue[2] for lue in lues] == [0, 1, 2, 3]
        assert [lue[3].day for lue in lues] == [7, 8, 8, 8]
        assert [lue[4] for lue in lues[:3]] == ["Salle 2", "Salle 2", "Salle 5"]


def test_la_plage_quitte_pour_un_autre_moment_redevient_libre(distribution, expert, demandeur):
    plage = scenes.plage_libre(distribution)
    demande = scenes.demande_acceptee(distribution, plage)
    expert.post(adresse("demande_proposer_moment", demande), {**LE_7, "jour": "2026-09-11"})
    assert plage not in Plage.objects.libres()
    assert "Il remplacerait celui du" in texte_de(demandeur.get(adresse("demande", demande)))
    demandeur.post(adresse("demande_accepter_moment", demande))
    assert plage in Plage.objects.libres()


@pytest.mark.exigence("R-174")
def test_un_moment_qui_ne_convient_pas_rend_les_disponibilites_a_lexpert(distribution, expert, demandeur):
    demande = scenes.moment_propose(distribution)
    lus = champs_de(demandeur.get(adresse("demande_refuser_moment", demande)))
    assert lus["disponibilites"] == demande.disponibilites
    with rien_decrit():
        vide = demandeur.post(adresse("demande_refuser_moment", demande), {"disponibilites": " "})
    assert "Dites quand vous êtes disponible" in texte_de(vide)
    demandeur.post(adresse("demande_refuser_moment", demande), {"disponibilites": "Mercredi matin"})
    assert courriels("moment_refuse") == ["Guylaine"]
    assert "Mercredi matin" in texte_de(expert.get(adresse("demande_proposer_moment", demande)))
    with rien_decrit():
        assert demandeur.post(adresse("demande_accepter_moment", demande)).status_code == 409


def test_un_moment_propose_puis_passe_ne_sinscrit_pas_a_lagenda(distribution, demande, client_de, expert, time_machine):
    expert.post(adresse("demande_proposer_moment", demande), LE_7)
    time_machine.move_to("2026-09-08T08:00:00-04:00", tick=False)
    client = client_de(distribution.mentore)
    with rien_decrit():
        reponse = client.post(adresse("demande_accepter_moment", demande))
    assert reponse.status_code == 409
    assert "Le moment proposé est déjà passé" in texte_de(reponse)
    assert client.post(adresse("demande_refuser_moment", demande), {"disponibilites": "Jeudi"}).status_code == 302


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"jour": "2026-08-31"}, "Proposez un moment à venir."),
        ({"jour": "2026-09-01", "heure": "07:59"}, "Proposez un moment à venir."),
        ({"jour": ""}, "Écrivez la date que vous proposez."),
        ({"jour": "2026-09-31"}, "Cette date n’existe pas"),
        ({"heure": "25 h"}, "Écrivez une heure comme 13:30"),
        ({"heure": ""}, "Écrivez l’heure, par exemple 13:30."),
        ({"jour": "2027-03-14", "heure": "02:30"}, "on avance l’heure"),
        ({"jour": "2026-11-01", "heure": "01:30"}, "on recule l’heure"),
        ({"lieu": "x" * 201}, "200 caractères"),
        ({"lieu": "Chez Mme Tremblay, 418 555-1234"}, "Ce texte semble contenir"),
    ],
)
def test_un_moment_impossible_est_explique(demande, expert, champs, phrase):
    with rien_decrit():
        reponse = expert.post(adresse("demande_proposer_moment", demande), {**LE_7, **champs})
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    assert not courriels("moment_propose")


def test_sans_moment_propose_le_dossier_ne_montre_pas_de_quoi_laccepter(demande, demandeur):
    assert "Accepter le moment proposé" not in texte_de(demandeur.get(adresse("demande", demande)))
    with rien_decrit():
        reponse = demandeur.post(adresse("demande_accepter_moment", demande))
    assert reponse.status_code == 409
    assert "il n’y a rien à accepter" in texte_de(reponse)
