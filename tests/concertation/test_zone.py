"""L’entrée de la zone des usagers : verrou après quinze minutes, rien de perdu, rien en mémoire (O-17, S-14, D-03)."""

import datetime
import json
import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from concertation.models import DeclarationInteret, Exclusion
from concertation.views import zone
from encadrement.journal.models import Entree
from encadrement.personnes.models import Personne
from encadrement.socle import coffre
from tests.concertation import mondes, scenes
from tests.conftest import ClientDeLaMaison
from tests.encadrement.protection.scenes import attestation, sans_attestation
from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

MOTIF = "Zibeline : ce texte ne doit ni se perdre ni rester."
INVENTE = "00000000-0000-4000-8000-000000000000"
SAISIE = {"numero": "CC-2026-99", "motif": MOTIF}


def ouvrir(personne):
    """Rend un client que le jeton de formulaire protège, comme en production, et déjà entré dans la zone."""
    client = ClientDeLaMaison(enforce_csrf_checks=True)
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("concertation:exceptions"))
    return client


def laisser(client, minutes):
    """Fait comme si la dernière page de la zone datait de tant de minutes."""
    session = client.session
    session["zone"] = int(time.time() - minutes * 60) - 1
    session.save()


def confirmer_par_l_etablissement(client, personne):
    """Fait comme si la personne revenait de la connexion de l’établissement ; le jeton de formulaire change."""
    client.cookies.pop("csrftoken", None)
    client.force_login(personne, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["zone"] = int(time.time()) - 3600
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session["account_authentication_methods_user"] = str(personne.pk)
    session.save()


def jeton(reponse):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', reponse.text)[1]


def poster(client, page, adresse, donnees):
    return client.post(adresse, {**donnees, "csrfmiddlewaretoken": jeton(page)})


def en_session(texte):
    return any(texte in str(session.get_decoded()) for session in Session.objects.all())


# — Le verrou


@pytest.mark.parametrize(("minutes", "verrouillee"), [(0, False), (14, False), (15, True), (300, True)])
def test_s_14_la_visite_apres_quinze_minutes_passe_par_la_reauthentification_puis_revient(
    distribution, minutes, verrouillee
):
    client = ouvrir(distribution.dsm)
    laisser(client, minutes)
    adresse = reverse("concertation:exceptions")
    reponse = client.get(adresse)
    if not verrouillee:
        assert reponse.status_code == 200
        return
    assert reponse.status_code == 302
    assert reponse.url.startswith(reverse("account_reauthenticate"))
    page = client.get(reponse.url)
    retour = poster(client, page, reponse.url, {**champs_de(page), "password": MOT_DE_PASSE})
    assert (retour.status_code, retour.url) == (302, adresse)
    assert client.get(adresse).status_code == 200


@pytest.mark.parametrize(("minutes", "verrouillee"), [(14, False), (16, True)])
def test_s_14_une_session_ouverte_depuis_longtemps_est_verrouillee_des_l_entree(distribution, minutes, verrouillee):
    """La dernière preuve d’identité compte tant qu’aucune page de la zone n’a été vue ; sans preuve gardée, la connexion."""
    for preuve in (True, False):
        client = ClientDeLaMaison()
        client.force_login(distribution.dsm, backend="allauth.account.auth_backends.AuthenticationBackend")
        instant = timezone.now() - datetime.timedelta(minutes=minutes)
        if preuve:
            session = client.session
            session["account_authentication_methods"] = [{"method": "password", "at": instant.timestamp()}]
            session["account_authentication_methods_user"] = str(distribution.dsm.pk)
            session.save()
        else:
            Personne.objects.filter(pk=distribution.dsm.pk).update(last_login=instant)
        reponse = client.get(reverse("concertation:exceptions"))
        assert (reponse.status_code == 302) is verrouillee, preuve


def test_chaque_page_de_la_zone_remet_le_compteur_a_zero(distribution):
    client = ouvrir(distribution.dsm)
    for _ in range(3):
        laisser(client, 10)
        assert client.get(reverse("concertation:exceptions")).status_code == 200


def test_le_verrou_ne_dit_pas_si_une_situation_existe(distribution):
    situation = scenes.situation_transmise(distribution)
    client = ouvrir(distribution.dsm)
    for uuid in (situation.uuid, "00000000-0000-4000-8000-000000000000"):
        laisser(client, 20)
        reponse = client.get(reverse("concertation:situation_lectures", args=[uuid]))
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("account_reauthenticate"))


def test_s_14_chaque_adresse_d_une_situation_se_verrouille(distribution):
    """Une vue qui montre ou reçoit quelque chose d’une situation, ajoutée sans sa garde, échoue ici."""
    client = ouvrir(distribution.dsm)
    ouvertes = []
    for nom in (*mondes.adresses_d_un_dossier(), "situations", "orientations", "exceptions", "conservation", "accueil"):
        if nom.startswith(("rencontre", "nomination", "impasse")):
            continue
        arguments = [] if nom not in mondes.adresses_d_un_dossier() else [INVENTE]
        laisser(client, 20)
        reponse = client.get(reverse(f"concertation:{nom}", args=arguments))
        gardee = reponse.status_code == 302 and reponse.url.startswith(reverse("account_reauthenticate"))
        if not gardee and reponse.status_code != 405:
            ouvertes.append((nom, reponse.status_code))
    assert ouvertes == []


def test_hors_de_la_zone_rien_ne_se_verrouille(distribution):
    client = ouvrir(distribution.dsm)
    laisser(client, 300)
    assert client.get(reverse("accueil:a_faire")).status_code == 200


# — Un envoi retenu : rien de perdu, rien de gardé


def test_d_03_un_envoi_retenu_revient_entier_dans_la_page_et_jamais_dans_la_session(distribution):
    d = distribution
    scenes.situation_transmise(d)
    client = ouvrir(d.dsm)
    adresse = reverse("concertation:exception_demander")
    page = client.get(adresse)
    laisser(client, 20)
    retenu = poster(client, page, adresse, SAISIE)
    assert retenu.status_code == 401
    assert retenu.headers["Cache-Control"] == "no-store"
    assert "noindex" in retenu.headers["X-Robots-Tag"]
    assert champs_de(retenu) | SAISIE == champs_de(retenu)
    assert "csrfmiddlewaretoken" not in champs_de(retenu)
    assert not en_session("Zibeline")
    assert not Entree.objects.filter(acte__startswith="concertation.exception").exists()


def test_le_mot_de_passe_juste_envoie_ce_qui_attendait(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    client = ouvrir(d.dsm)
    adresse = reverse("concertation:exception_demander")
    page = client.get(adresse)
    laisser(client, 20)
    retenu = poster(client, page, adresse, {**SAISIE, "numero": situation.numero})
    rendu = poster(client, retenu, adresse, {**champs_de(retenu), zone.MOT_DE_PASSE: MOT_DE_PASSE})
    assert rendu.status_code == 302
    assert situation.acces_exceptionnels.get().motif == MOTIF
    assert client.get(reverse("concertation:exceptions")).status_code == 200
    assert not en_session("Zibeline")


def test_un_mauvais_mot_de_passe_ne_perd_rien_et_n_envoie_rien(distribution):
    client = ouvrir(distribution.dsm)
    adresse = reverse("concertation:exception_demander")
    page = client.get(adresse)
    laisser(client, 20)
    retenu = poster(client, page, adresse, SAISIE)
    refuse = poster(client, retenu, adresse, {**champs_de(retenu), zone.MOT_DE_PASSE: "pas le bon"})
    assert refuse.status_code == 401
    assert "n’est pas le vôtre" in texte_de(refuse)
    assert champs_de(refuse)["motif"] == MOTIF
    assert "pas le bon" not in refuse.text


def test_les_essais_de_mot_de_passe_sont_comptes(distribution):
    client = ouvrir(distribution.dsm)
    adresse = reverse("concertation:exception_demander")
    page = client.get(adresse)
    laisser(client, 20)
    for _ in range(11):
        page = poster(client, page, adresse, {**SAISIE, zone.MOT_DE_PASSE: "non"})
    assert "Trop d’essais" in texte_de(page)
    juste = poster(client, page, adresse, {**SAISIE, zone.MOT_DE_PASSE: MOT_DE_PASSE})
    assert juste.status_code == 401
    assert champs_de(juste)["motif"] == MOTIF


def test_le_mot_de_passe_n_arrive_jamais_a_la_vue(distribution, rf):
    recu = {}
    vue = zone.en_zone(lambda request: recu.update(request.POST.dict()) or zone.JsonResponse({}))
    requete = rf.post("/", {"texte": "x", zone.MOT_DE_PASSE: MOT_DE_PASSE})
    requete.user, requete.session = distribution.dsm, {"zone": int(time.time())}
    vue(requete)
    assert recu == {"texte": "x"}


def test_sans_jeton_de_formulaire_l_envoi_repris_est_refuse(distribution):
    client = ouvrir(distribution.dsm)
    laisser(client, 20)
    reponse = client.post(reverse("concertation:exception_demander"), {**SAISIE, zone.MOT_DE_PASSE: MOT_DE_PASSE})
    assert reponse.status_code == 403
    assert not Entree.objects.filter(acte__startswith="concertation.exception").exists()


def test_plusieurs_valeurs_et_des_sauts_de_ligne_reviennent_tels_quels(distribution):
    client = ouvrir(distribution.dsm)
    adresse = reverse("concertation:exception_demander")
    page = client.get(adresse)
    laisser(client, 20)
    texte = "\nUne ligne\r\n\r\n<b>\"deux\"</b> & 'trois'"
    retenu = poster(client, page, adresse, {"numero": ["un", "deux"], "motif": texte})
    assert retenu.text.count('name="numero"') == 2
    assert champs_de(retenu)["motif"] == texte
    assert "<b>" not in retenu.text


def test_l_enregistrement_a_mesure_demande_de_se_reconnecter_sur_place(distribution):
    client = ouvrir(distribution.dsm)
    page = client.get(reverse("concertation:exception_demander"))
    laisser(client, 20)
    reponse = client.post(
        reverse("concertation:exception_demander"),
        {**SAISIE, "csrfmiddlewaretoken": jeton(page)},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert reponse.status_code == 401
    assert "message" in json.loads(reponse.content)


def test_un_fragment_recharge_la_page_entiere(distribution):
    client = ouvrir(distribution.dsm)
    laisser(client, 20)
    reponse = client.get(reverse("concertation:exceptions"), headers={"HX-Request": "true"})
    assert reponse.headers["HX-Refresh"] == "true"
    assert "<main" not in reponse.text


# — Le compte de l’établissement


@pytest.fixture
def par_etablissement(distribution):
    """La DSM sans mot de passe local, un envoi retenu devant elle ; rend (client, page retenue, situation)."""
    d = distribution
    situation = scenes.situation_transmise(d)
    d.dsm.set_unusable_password()
    d.dsm.save()
    client = ouvrir(d.dsm)
    adresse = reverse("concertation:exception_demander")
    page = client.get(adresse)
    laisser(client, 20)
    return client, poster(client, page, adresse, {**SAISIE, "numero": situation.numero}), situation


REPRENDRE = "/concertation/zone/reprendre/"


def test_sans_mot_de_passe_local_la_page_mene_a_la_connexion_de_l_etablissement(par_etablissement):
    _, retenu, _ = par_etablissement
    assert retenu.status_code == 401
    assert zone.MOT_DE_PASSE not in retenu.text
    assert 'target="_blank"' in retenu.text
    assert champs_de(retenu)["motif"] == MOTIF


def test_se_reconnecter_change_le_jeton_et_l_envoi_part_quand_meme(par_etablissement, distribution):
    client, retenu, situation = par_etablissement
    trop_tot = client.post(REPRENDRE, champs_de(retenu))
    assert trop_tot.status_code == 401
    assert "pas encore confirmée" in texte_de(trop_tot)
    confirmer_par_l_etablissement(client, distribution.dsm)
    # Le jeton de formulaire de la page retenue ne vaut plus : c’est le jeton signé qui la reconnaît.
    confirmee = client.post(REPRENDRE, champs_de(trop_tot))
    assert confirmee.status_code == 200
    assert not situation.acces_exceptionnels.exists()
    rendu = poster(client, confirmee, reverse("concertation:exception_demander"), champs_de(confirmee))
    assert rendu.status_code == 302
    assert situation.acces_exceptionnels.get().motif == MOTIF
    assert not en_session("Zibeline")


@pytest.mark.parametrize(
    "alterer",
    [
        lambda champs: {**champs, "motif": "Autre chose."},
        lambda champs: {**champs, "de_plus": "x"},
        lambda champs: {**champs, zone.JETON: ""},
        lambda champs: {**champs, zone.JETON: champs[zone.JETON][:-2] + "xx"},
        lambda champs: {cle: valeur for cle, valeur in champs.items() if cle != "numero"},
    ],
)
def test_le_jeton_signe_ne_vaut_que_pour_ces_champs_la(par_etablissement, distribution, alterer):
    client, retenu, _ = par_etablissement
    confirmer_par_l_etablissement(client, distribution.dsm)
    reponse = client.post(REPRENDRE, alterer(champs_de(retenu)))
    assert reponse.status_code == 403
    assert "Zibeline" not in reponse.text


def test_le_jeton_signe_ne_vaut_que_pour_cette_personne_et_une_heure(par_etablissement, distribution, time_machine):
    client, retenu, _ = par_etablissement
    confirmer_par_l_etablissement(client, distribution.prp)
    assert client.post(REPRENDRE, champs_de(retenu)).status_code == 403
    time_machine.move_to(time.time() + zone.JETON_VALIDE + 5)
    confirmer_par_l_etablissement(client, distribution.dsm)
    assert client.post(REPRENDRE, champs_de(retenu)).status_code == 403


def test_la_visite_d_un_compte_de_l_etablissement_passe_par_sa_connexion(par_etablissement):
    client, _, _ = par_etablissement
    reponse = client.get(reverse("concertation:exceptions"))
    assert reponse.status_code == 302
    assert reponse.url.startswith("/compte/oidc/etablissement/login/")
    assert "next=%2Fconcertation%2Fexceptions%2F" in reponse.url


# — La déclaration d’intérêt, le coffre, les en-têtes


@pytest.mark.parametrize("suite", ["https://ailleurs.exemple/", "//ailleurs.exemple/", "/accueil/", "javascript:x"])
def test_la_declaration_ne_renvoie_que_dans_la_zone(distribution, client_de, suite):
    situation = scenes.situation_transmise(distribution)
    adresse = reverse("concertation:situation_declarer", args=[situation.uuid])
    reponse = client_de(distribution.coordonnatrice).post(adresse, {"lien": "aucun", "suite": suite})
    assert reponse.url == situation.get_absolute_url()


def test_declarer_ramene_a_la_page_demandee(distribution, client_de):
    situation = scenes.situation_transmise(distribution)
    client = client_de(distribution.coordonnatrice)
    adresse, suite = (
        reverse("concertation:situation_declarer", args=[situation.uuid]),
        f"/concertation/situations/{situation.uuid}/attester/",
    )
    page = client.get(adresse, {"suite": suite})
    assert client.post(adresse, {**champs_de(page), "lien": "aucun"}).url == suite
    assert DeclarationInteret.objects.get().en_conflit is False
    assert not Exclusion.objects.exists()


def test_une_page_de_la_zone_ne_se_garde_ni_ne_s_indexe(distribution, client_de):
    situation = scenes.situation_transmise(distribution)
    for nom in ("situation_lectures", "situation_exclusions", "situation_declarer", "situation_lectures_exporter"):
        reponse = client_de(distribution.mentore).get(reverse(f"concertation:{nom}", args=[situation.uuid]))
        assert reponse.status_code == 200, nom
        assert reponse.headers["Cache-Control"] == "no-store", nom
        assert "noindex" in reponse.headers["X-Robots-Tag"], nom


def test_sans_la_cle_du_dossier_la_page_le_dit_et_rien_n_est_consigne(distribution, client_de):
    d = distribution
    situation = scenes.situation_transmise(d)
    coffre.detruire_cle(situation.uuid)
    reponse = client_de(d.mentore).get(situation.get_absolute_url())
    assert reponse.status_code == 503
    assert scenes.RECIT["question"][:20] not in reponse.text
    assert not Entree.objects.filter(acte="concertation.lecture").exists()


def test_o_23_l_avis_dit_l_amende_et_que_chaque_lecture_est_consignee(distribution, client_de):
    situation = scenes.situation_transmise(distribution)
    client = client_de(distribution.coordonnatrice)
    for adresse in (
        reverse("concertation:accueil"),
        reverse("concertation:situation_declarer", args=[situation.uuid]),
        reverse("concertation:exception_demander"),
    ):
        page = texte_de(client.get(adresse))
        assert "Chaque lecture est consignée" in page, adresse
        assert "5 000 $ à 100 000 $" in page, adresse


# — La formation attestée (O-09)


def test_o_09_sans_formation_la_page_dit_quoi_faire_et_rien_ne_se_lit_ni_ne_se_consigne(distribution, client_de):
    d = distribution
    situation = scenes.situation_transmise(d)
    sans_attestation(d.gestionnaire)
    client = client_de(d.gestionnaire)
    reponse = client.get(situation.get_absolute_url())
    assert (reponse.status_code, reponse.headers["Cache-Control"]) == (403, "no-store")
    assert f"{reverse('protection:attestations')}?suite=" in reponse.text
    assert scenes.RECIT["question"][:20] not in reponse.text
    assert not Entree.objects.filter(acte="concertation.lecture", par=d.gestionnaire).exists()
    # Qui n’y a pas droit reçoit la même 404, attesté ou non.
    sans_attestation(d.membre)
    assert client_de(d.membre).get(situation.get_absolute_url()).status_code == 404
    # Les codes restent visibles, l’accueil dit quoi faire, et tout s’ouvre une fois la formation attestée.
    assert situation.numero in client.get(reverse("concertation:situations")).text
    assert "attestez votre formation" in client.get(reverse("concertation:accueil")).text
    attestation(d, d.gestionnaire)
    assert client.get(situation.get_absolute_url()).status_code == 302


def test_o_09_un_envoi_retenu_faute_de_formation_revient_entier_et_part_une_fois_attestee(distribution):
    d = distribution
    situation = scenes.situation_transmise(d)
    scenes.lu(situation, d.coordonnatrice)
    client = ouvrir(d.coordonnatrice)
    adresse = reverse("concertation:situation_recevoir", args=[situation.uuid])
    page = client.get(adresse)
    sans_attestation(d.coordonnatrice)
    retenu = poster(client, page, adresse, {**champs_de(page), "motif": MOTIF})
    assert (retenu.status_code, champs_de(retenu)["motif"]) == (403, MOTIF)
    assert not situation.passages.filter(transition="recevoir").exists()
    assert not en_session("Zibeline")
    sur_place = client.post(
        adresse,
        {"motif": MOTIF, "csrfmiddlewaretoken": jeton(retenu)},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert (sur_place.status_code, "formation" in sur_place.json()["message"]) == (403, True)
    attestation(d, d.coordonnatrice)
    assert poster(client, retenu, adresse, champs_de(retenu)).status_code == 302
    assert situation.passages.get(transition="recevoir").texte == MOTIF
