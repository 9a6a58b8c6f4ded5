"""Envoyer : rien de perdu, rien de doublé, l’incertain se voit."""

import datetime
import random
import smtplib

import pytest
from django.utils import timezone

from encadrement.journal.models import Entree
from encadrement.notifications.actions import BoiteFonctionnelle, trancher_envoi
from encadrement.notifications.envoi import (
    Compte,
    _reclamer,
    expedier_courriels,
    purger_le_registre,
)
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.registre import NON_PARTI, PARTI, Registre, registre_ouvert
from encadrement.socle.erreurs import ErreurMetier
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

INSTANT = datetime.datetime(2026, 11, 16, 15, 0, tzinfo=datetime.UTC)


@pytest.fixture
def horloge(time_machine):
    time_machine.move_to(INSTANT, tick=False)
    return time_machine


@pytest.fixture
def dix(annoncer, horloge):
    """Dix courriels à envoyer, à dix personnes."""
    return annoncer(*PersonneFactory.create_batch(10, mot_de_passe=None))


def etats():
    return sorted(Courriel.objects.values_list("etat", flat=True))


def test_un_lot_part_sur_une_seule_connexion(courrier, dix):
    assert expedier_courriels().envoyes == 10
    assert (courrier.connexions, len(courrier.recus)) == (1, 10)
    assert etats() == [EtatCourriel.ENVOYE] * 10
    assert not Courriel.objects.filter(envoye_le=None).exists()


def test_le_message_porte_les_deux_versions_et_son_identifiant(courrier, dix):
    expedier_courriels(limite=1)
    (message,) = courrier.recus
    ligne = Courriel.objects.get(etat=EtatCourriel.ENVOYE)
    assert message.extra_headers["Message-ID"] == ligne.message_id
    assert (message.body, message.alternatives[0].content) == (ligne.texte, ligne.html)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_dix_messages_se_lisent_en_une_requete(courrier, dix, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        expedier_courriels()
    assert len(courrier.recus) == 10


def test_rien_a_envoyer_n_ouvre_aucune_connexion(courrier):
    assert expedier_courriels() == Compte()
    assert courrier.connexions == 0


def test_le_plus_ancien_part_d_abord(courrier, annoncer, horloge):
    personnes = PersonneFactory.create_batch(3, mot_de_passe=None)
    for rang, personne in enumerate(personnes):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=rang), tick=False)
        annoncer(personne)
    expedier_courriels()
    assert courrier.adresses == [personne.courriel for personne in personnes]


def test_l_adresse_se_lit_au_moment_de_l_envoi(courrier, annoncer):
    personne = PersonneFactory()
    annoncer(personne, BoiteFonctionnelle("DSM", "dsm@cisss.exemple"))
    personne.courriel = "nouvelle@cisss.exemple"
    personne.save(update_fields=["courriel"])
    expedier_courriels()
    assert sorted(courrier.adresses) == ["dsm@cisss.exemple", "nouvelle@cisss.exemple"]


def test_un_compte_ferme_entre_temps_ne_recoit_rien(courrier, annoncer):
    personne = PersonneFactory()
    annoncer(personne)
    personne.is_active = False
    personne.save(update_fields=["is_active"])
    expedier_courriels()
    assert courrier.recus == []
    assert etats() == [EtatCourriel.ABANDONNE]


def test_une_personne_sans_adresse_se_voit(courrier, annoncer):
    annoncer(PersonneFactory(courriel=""))
    assert expedier_courriels().refuses == 1
    assert Courriel.objects.en_souffrance().get().erreur == "Aucune adresse de courriel."


# --- Pannes du serveur de courriel ------------------------------------------------------------------------------


def test_serveur_injoignable_trois_heures_rien_ne_se_perd(courrier, dix, horloge):
    courrier.a_l_ouverture = ConnectionRefusedError("refusé")
    for minute in range(180):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=minute), tick=False)
        expedier_courriels()
    assert etats() == [EtatCourriel.A_ENVOYER] * 10
    assert Courriel.objects.first().essais > 10
    courrier.a_l_ouverture = None
    for minute in range(180, 196):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=minute), tick=False)
        expedier_courriels()
    assert etats() == [EtatCourriel.ENVOYE] * 10
    assert len(set(courrier.identifiants)) == len(courrier.recus) == 10


@pytest.mark.parametrize(
    "panne",
    [
        smtplib.SMTPConnectError(421, b"occup\xe9"),
        smtplib.SMTPAuthenticationError(535, b"non"),
        smtplib.SMTPServerDisconnected("coupure"),
        TimeoutError("muet"),
    ],
)
def test_une_connexion_refusee_remet_tout_a_plus_tard(courrier, dix, panne):
    courrier.a_l_ouverture = panne
    assert expedier_courriels() == Compte(reportes=10, reclames=10)
    ligne = Courriel.objects.first()
    assert (ligne.etat, ligne.essais) == (EtatCourriel.A_ENVOYER, 1)
    assert ligne.pas_avant == INSTANT + datetime.timedelta(minutes=1)
    assert "injoignable" in ligne.erreur


@pytest.mark.parametrize(
    "panne",
    [
        smtplib.SMTPSenderRefused(421, b"trop de messages", "de@cisss.exemple"),
        smtplib.SMTPRecipientsRefused({"a@cisss.exemple": (421, b"trop de messages")}),
        smtplib.SMTPDataError(421, b"trop de messages"),
    ],
)
def test_421_remet_le_message_a_plus_tard_et_rend_les_suivants(courrier, dix, panne):
    courrier.pannes = [None, None, panne]
    compte = expedier_courriels()
    assert (compte.envoyes, compte.reportes, compte.au_complet) == (2, 1, False)
    assert etats() == [EtatCourriel.A_ENVOYER] * 8 + [EtatCourriel.ENVOYE] * 2
    assert sorted(Courriel.objects.filter(etat="a_envoyer").values_list("essais", flat=True)) == [0] * 7 + [1]


def test_un_refus_temporaire_n_arrete_pas_les_suivants(courrier, dix, horloge):
    courrier.pannes = [smtplib.SMTPRecipientsRefused({"a@cisss.exemple": (450, b"plus tard")})]
    assert expedier_courriels() == Compte(envoyes=9, reportes=1, reclames=10)
    horloge.move_to(INSTANT + datetime.timedelta(minutes=1), tick=False)
    assert expedier_courriels().envoyes == 1
    assert len(set(courrier.identifiants)) == 10


def test_un_refus_temporaire_de_cinq_jours_se_voit(courrier, annoncer, horloge):
    annoncer(PersonneFactory())
    horloge.move_to(INSTANT + datetime.timedelta(days=5, minutes=1), tick=False)
    courrier.pannes = [smtplib.SMTPRecipientsRefused({"a@cisss.exemple": (450, b"plus tard")})]
    assert expedier_courriels().refuses == 1


@pytest.mark.parametrize(
    "panne",
    [
        smtplib.SMTPRecipientsRefused({"a@cisss.exemple": (550, b"bo\xeete inconnue")}),
        smtplib.SMTPDataError(554, b"contenu refus\xe9"),
        smtplib.SMTPNotSupportedError("SMTPUTF8"),
        ValueError("adresse illisible"),
    ],
)
def test_un_refus_definitif_se_voit_et_n_arrete_pas_les_suivants(courrier, dix, panne):
    courrier.pannes = [panne]
    assert expedier_courriels() == Compte(envoyes=9, refuses=1, reclames=10)
    assert Courriel.objects.en_souffrance().get().etat == EtatCourriel.ECHEC
    assert expedier_courriels().envoyes == 0


def test_un_expediteur_refuse_ne_condamne_aucun_message(courrier, dix):
    courrier.pannes = [smtplib.SMTPSenderRefused(553, b"expediteur", "de@cisss.exemple")]
    assert expedier_courriels() == Compte(envoyes=9, reportes=1, reclames=10)


def coupure(apres_data):
    panne = smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out")
    panne.apres_data = apres_data
    return panne


def test_un_delai_depasse_apres_le_contenu_ne_repart_jamais_en_silence(courrier, dix, horloge):
    courrier.pannes, courrier.remis_malgre_tout = [None, coupure(apres_data=True)], True
    compte = expedier_courriels()
    assert (compte.envoyes, compte.ambigus) == (1, 1)
    for minute in (1, 11, 700):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=minute), tick=False)
        expedier_courriels()
    assert etats() == [EtatCourriel.AMBIGU] + [EtatCourriel.ENVOYE] * 9
    assert len(set(courrier.identifiants)) == len(courrier.recus) == 10
    assert Courriel.objects.en_souffrance().count() == 1


def test_une_coupure_avant_le_contenu_repart(courrier, dix, horloge):
    courrier.pannes = [None, coupure(apres_data=False)]
    assert expedier_courriels().ambigus == 0
    horloge.move_to(INSTANT + datetime.timedelta(minutes=1), tick=False)
    expedier_courriels()
    assert etats() == [EtatCourriel.ENVOYE] * 10
    assert len(set(courrier.identifiants)) == 10


def test_dix_pour_cent_de_pannes_au_hasard_rien_de_perdu_ni_double(courrier, annoncer, horloge):
    hasard = random.Random(7)
    annoncer(*PersonneFactory.create_batch(60, mot_de_passe=None))
    for minute in range(0, 400, 2):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=minute), tick=False)
        courrier.pannes = [hasard.choice([coupure(True), coupure(False)]) if hasard.random() < 0.1 else None] * 1
        expedier_courriels(limite=3)
    ambigus = Courriel.objects.filter(etat=EtatCourriel.AMBIGU).count()
    assert len(set(courrier.identifiants)) == len(courrier.recus) == 60 - ambigus
    assert ambigus
    assert etats() == [EtatCourriel.AMBIGU] * ambigus + [EtatCourriel.ENVOYE] * (60 - ambigus)


# --- Travailleur tué --------------------------------------------------------------------------------------------


def test_tue_vingt_fois_entre_la_reclamation_et_l_envoi_rien_ne_se_perd(courrier, dix, horloge):
    for fois in range(20):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=11 * fois), tick=False)
        with registre_ouvert() as registre:
            _reclamer(limite=3, registre=registre)
        expedier_courriels(limite=1)
    horloge.move_to(INSTANT + datetime.timedelta(hours=5), tick=False)
    expedier_courriels()
    assert etats() == [EtatCourriel.ENVOYE] * 10
    assert len(set(courrier.identifiants)) == len(courrier.recus) == 10


def test_tue_vingt_fois_pendant_l_envoi_seuls_les_incertains_sont_retenus(courrier, annoncer, horloge):
    annoncer(*PersonneFactory.create_batch(60, mot_de_passe=None))
    for fois in range(20):
        horloge.move_to(INSTANT + datetime.timedelta(minutes=11 * fois), tick=False)
        with registre_ouvert() as registre:
            premiere, *_ = _reclamer(limite=3, registre=registre).a_rendre.values()
            registre.commencer(premiere.message_id, premiere.essais)
    for heure in (4, 5):
        horloge.move_to(INSTANT + datetime.timedelta(hours=heure), tick=False)
        expedier_courriels()
    assert etats() == [EtatCourriel.AMBIGU] * 20 + [EtatCourriel.ENVOYE] * 40
    assert len(set(courrier.identifiants)) == len(courrier.recus) == 40


def test_tue_entre_l_envoi_et_le_compte_rendu_le_registre_s_en_souvient(courrier, dix, horloge):
    with registre_ouvert() as registre:
        for ligne in _reclamer(limite=10, registre=registre).a_rendre.values():
            registre.commencer(ligne.message_id, ligne.essais)
            registre.conclure(ligne.message_id, ligne.essais, PARTI)
    horloge.move_to(INSTANT + datetime.timedelta(minutes=11), tick=False)
    expedier_courriels()
    assert courrier.recus == []
    assert etats() == [EtatCourriel.ENVOYE] * 10


def test_un_lot_interrompu_rend_ce_qu_il_n_a_pas_tente(courrier, dix):
    courrier.pannes = [None, None, KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        expedier_courriels()
    assert etats() == [EtatCourriel.A_ENVOYER] * 8 + [EtatCourriel.ENVOYE] * 2
    expedier_courriels()
    assert etats() == [EtatCourriel.AMBIGU] + [EtatCourriel.ENVOYE] * 9


def test_une_reclamation_recente_est_laissee_a_son_travailleur(courrier, dix, horloge):
    with registre_ouvert() as registre:
        _reclamer(limite=10, registre=registre)
    horloge.move_to(INSTANT + datetime.timedelta(minutes=9), tick=False)
    assert expedier_courriels() == Compte()


def test_la_reclamation_d_un_autre_serveur_se_voit_au_lieu_de_repartir(courrier, dix, horloge, tmp_path):
    ailleurs = Registre(tmp_path / "ailleurs" / "registre.sqlite3")
    _reclamer(limite=1, registre=ailleurs)
    ailleurs.fermer()
    horloge.move_to(INSTANT + datetime.timedelta(minutes=11), tick=False)
    expedier_courriels()
    assert etats() == [EtatCourriel.AMBIGU] + [EtatCourriel.ENVOYE] * 9


def test_l_horloge_avance_de_deux_heures_deux_travailleurs_ne_doublent_rien(courrier, dix, horloge):
    courrier.pannes = []
    with registre_ouvert() as registre:
        lot = _reclamer(limite=10, registre=registre)
        horloge.shift(datetime.timedelta(hours=2))
        expedier_courriels()
        for ligne in lot.a_rendre.values():
            assert not registre.commencer(ligne.message_id, ligne.essais)
    assert len(courrier.recus) == 10


def test_une_base_restauree_ne_renvoie_pas_ce_qui_etait_parti(courrier, dix):
    expedier_courriels()
    Courriel.objects.update(etat=EtatCourriel.A_ENVOYER, envoye_le=None, essais=0)
    assert expedier_courriels() == Compte(deja_partis=10, reclames=10)
    assert len(courrier.recus) == 10
    assert etats() == [EtatCourriel.ENVOYE] * 10


# --- Ce qu’une personne tranche ---------------------------------------------------------------------------------


def test_un_envoi_incertain_repart_sur_decision_sous_le_meme_identifiant(courrier, annoncer, horloge):
    pilote = PersonneFactory()
    (courriel,) = annoncer(PersonneFactory())
    courrier.pannes = [coupure(apres_data=True)]
    expedier_courriels()
    trancher_envoi(courriel, par=pilote, renvoyer=True)
    assert expedier_courriels().envoyes == 1
    assert courrier.identifiants == [courriel.message_id]
    assert Entree.objects.get(acte="notifications.courriel.trancher").par == pilote
    with pytest.raises(ErreurMetier):
        trancher_envoi(courriel, par=pilote, renvoyer=True)


def test_un_envoi_incertain_s_abandonne(courrier, annoncer, horloge):
    (courriel,) = annoncer(PersonneFactory())
    courrier.pannes = [coupure(apres_data=True)]
    expedier_courriels()
    assert trancher_envoi(courriel, par=PersonneFactory(), renvoyer=False).etat == EtatCourriel.ABANDONNE
    assert expedier_courriels() == Compte()


def test_le_registre_oublie_le_conclu_garde_l_incertain(horloge):
    with registre_ouvert() as registre:
        for nom in ("parti", "non parti", "incertain"):
            registre.commencer(nom, 0)
        registre.conclure("parti", 0, PARTI)
        registre.conclure("non parti", 0, NON_PARTI)
    horloge.move_to(timezone.now() + datetime.timedelta(days=401), tick=False)
    purger_le_registre()
    with registre_ouvert() as registre:
        assert list(registre.issues(["parti", "non parti", "incertain"])) == ["incertain"]
