"""La connexion de l’établissement (OIDC), de bout en bout contre un fournisseur d’essai : matricule, jeton, sortie."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from encadrement.signatures.forms import SignatureForm
from tests.encadrement.personnes.fournisseur import CLIENT, Fournisseur, reglages
from tests.factories import PersonneFactory

ALLER = "/compte/oidc/etablissement/login/"


@pytest.fixture(params=["keycloak"])
def fournisseur(request, settings):
    ouvert = Fournisseur(entra=request.param == "entra")
    settings.SOCIALACCOUNT_PROVIDERS = reglages(ouvert)
    settings.OIDC_ISSUER = ouvert.emetteur
    yield ouvert
    ouvert.fermer()


@pytest.fixture
def personne(db):
    quelqu_un = PersonneFactory(matricule="10004", courriel="a@cisss.exemple")
    quelqu_un.set_unusable_password()
    quelqu_un.save()
    return quelqu_un


def entrer(client, suite="/profil/", **question):
    """Part, s’identifie chez le fournisseur, revient ; rend la réponse du retour."""
    depart = client.post(f"{ALLER}?{'&'.join(f'{nom}={v}' for nom, v in {'next': suite, **question}.items())}")
    assert depart.status_code == 302, depart.content
    chez_lui = requests.get(depart.url, allow_redirects=False, timeout=5)
    retour = urlsplit(chez_lui.headers["Location"])
    return client.get(f"{retour.path}?{retour.query}")


def connectee(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("fournisseur", ["keycloak", "entra"], indirect=True)
def test_le_matricule_ouvre_le_compte_de_la_personne_et_n_y_ecrit_rien(client, fournisseur, personne):
    ou = fournisseur.jeton if fournisseur.entra else fournisseur.profil
    ou |= {"employeeid": 10004, "email": "b@ailleurs.exemple", "name": "Quelqu’un d’autre"}
    reponse = entrer(client)
    assert (reponse.status_code, reponse.url) == (302, "/profil/")
    assert connectee(client) == str(personne.pk)
    demande = fournisseur.recu[0]
    assert demande["code_challenge_method"] == "S256"
    assert demande["nonce"]
    assert demande["state"]
    assert "prompt" not in demande
    avant = personne.courriel, personne.nom
    personne.refresh_from_db()
    assert (personne.courriel, personne.nom) == avant
    assert not personne.emailaddress_set.exists()
    gardees = SocialAccount.objects.get().extra_data
    assert set(gardees) == {"matricule", "nonce", "identifie_le", "fin"}
    # La fois suivante, le compte est connu par son sujet, même si la réclamation n’y est plus.
    client.logout()
    ou.pop("employeeid")
    entrer(client)
    assert connectee(client) == str(personne.pk)
    assert SocialAccount.objects.count() == 1


def test_la_reclamation_du_matricule_se_regle(client, fournisseur, personne, settings):
    settings.OIDC_MATRICULE = ["no_employe"]
    fournisseur.jeton = {"no_employe": "10004", "matricule": "99"}
    entrer(client)
    assert connectee(client) == str(personne.pk)


@pytest.mark.parametrize(
    ("reclamations", "phrase"),
    [
        ({"matricule": "40404"}, "dsm@cisss.exemple"),
        ({"matricule": "10005"}, "dsm@cisss.exemple"),
        ({"matricule": "systeme"}, "dsm@cisss.exemple"),
        ({"email": "a@cisss.exemple", "email_verified": True}, "Appelez le soutien informatique"),
    ],
    ids=["inconnu", "compte fermé", "application", "courriel seulement"],
)
def test_personne_n_est_cree_a_la_volee_et_la_page_dit_qui_appeler(client, fournisseur, personne, reclamations, phrase):
    PersonneFactory(matricule="10005", is_active=False)
    Personne.objects.systeme()
    combien = Personne.objects.count()
    fournisseur.jeton = reclamations
    reponse = entrer(client)
    assert phrase in client.get(reponse.url).text
    assert connectee(client) is None
    assert not SocialAccount.objects.exists()
    assert Personne.objects.count() == combien


def test_un_compte_passe_a_quelqu_un_d_autre_n_ouvre_pas_les_dossiers_du_premier(client, fournisseur, personne):
    PersonneFactory(matricule="10006")
    fournisseur.jeton = {"matricule": "10004"}
    entrer(client)
    client.logout()
    fournisseur.jeton = {"matricule": "10006"}
    reponse = entrer(client)
    assert connectee(client) is None
    assert "soutien informatique" in client.get(reponse.url).text


def _autre_cle(f):
    f.cle_du_jeton = f.autre


def _sans_signature(f):
    f.algorithme = "none"


def _cle_partagee(f):
    # La clé publique, prise pour un secret : l’attaque classique quand l’algorithme vient de l’en-tête.
    f.algorithme, f.cle_du_jeton = "HS256", "k" * 64


def _jeton(**reclamations):
    return lambda f: f.jeton.update(reclamations)


@pytest.mark.parametrize(
    "alterer",
    [
        _autre_cle,
        _sans_signature,
        _cle_partagee,
        lambda f: f.entete.update(kid="inconnue"),
        _jeton(nonce="un-autre"),
        _jeton(nonce=None),
        _jeton(aud="une-autre-application"),
        _jeton(aud=[CLIENT, "autre"], azp="autre"),
        _jeton(aud=[CLIENT, "autre"]),
        _jeton(iss="http://127.0.0.1:9/realms/essai"),
        _jeton(exp=int(time.time()) - 3600),
        _jeton(exp=None),
        _jeton(matricule=None, sub="sujet-2"),
    ],
    ids=[
        "autre clé",
        "sans signature",
        "clé partagée",
        "clé inconnue",
        "autre nonce",
        "sans nonce",
        "autre application",
        "demandé par une autre",
        "plusieurs sans azp",
        "autre émetteur",
        "échu",
        "sans échéance",
        "profil d’un autre",
    ],
)
def test_un_jeton_qui_ne_prouve_rien_est_refuse(client, fournisseur, personne, alterer):
    fournisseur.jeton = {"matricule": "10004"}
    fournisseur.profil = {"matricule": "10004"}
    alterer(fournisseur)
    reponse = entrer(client)
    assert reponse.status_code == 401
    assert "La connexion n’a pas abouti" in reponse.text
    assert connectee(client) is None
    assert not SocialAccount.objects.exists()


def test_le_code_d_un_autre_depart_ou_rejoue_est_refuse(client, fournisseur, personne):
    fournisseur.jeton = {"matricule": "10004"}
    depart = client.post(ALLER)
    retour = urlsplit(requests.get(depart.url, allow_redirects=False, timeout=5).headers["Location"])
    ailleurs = client.__class__()
    assert ailleurs.get(f"{retour.path}?{retour.query}").status_code == 401
    assert client.get(f"{retour.path}?{retour.query}").status_code == 302
    client.logout()
    assert client.get(f"{retour.path}?{retour.query}").status_code == 401


def test_le_fournisseur_muet_donne_une_page_pas_une_panne(client, fournisseur, personne):
    fournisseur.fermer()
    assert client.post(ALLER).status_code == 401


def _peut_signer(client, rf, personne):
    requete = rf.post("/")
    requete.user, requete.session = personne, client.session
    return SignatureForm({"engagement": "on"}, request=requete, engagement="J’approuve.").is_valid()


def test_signer_demande_que_le_fournisseur_ait_redemande_l_identite(client, rf, fournisseur, personne):
    """Une session restée ouverte chez le fournisseur laisse entrer, pas signer : c’est `auth_time` qui compte."""
    fournisseur.jeton = {"matricule": "10004", "auth_time": int(time.time()) - 3600}
    entrer(client)
    assert not _peut_signer(client, rf, personne)
    # Le fournisseur n’a rien redemandé : la confirmation est refusée, la session d’avant reste.
    assert entrer(client, confirmer=1).status_code == 401
    assert fournisseur.recu[-1]["prompt"] == "login"
    assert fournisseur.recu[-1]["max_age"] == "300"
    fournisseur.jeton["auth_time"] = None
    assert entrer(client, confirmer=1).status_code == 401
    assert not _peut_signer(client, rf, personne)
    fournisseur.jeton["auth_time"] = int(time.time()) + 10**6
    entrer(client)
    assert _peut_signer(client, rf, personne)


def test_une_heure_a_venir_ne_prolonge_pas_les_cinq_minutes(client, rf, fournisseur, personne, time_machine):
    fournisseur.jeton = {"matricule": "10004", "auth_time": int(time.time()) + 10**6}
    entrer(client, confirmer=1)
    assert _peut_signer(client, rf, personne)
    time_machine.move_to(time.time() + 301)
    assert not _peut_signer(client, rf, personne)


def test_l_adresse_ne_change_pas_ce_qui_est_demande_au_fournisseur(client, fournisseur, personne):
    entrer(client, confirmer=1, auth_params="prompt%3Dnone", scope="offline_access")
    assert fournisseur.recu[0]["prompt"] == "login"
    assert "offline" not in fournisseur.recu[0]["scope"]


def test_sortir_d_ici_sort_aussi_du_compte_de_l_etablissement(client, fournisseur, personne, settings):
    fournisseur.jeton = {"matricule": "10004"}
    entrer(client)
    fin = urlsplit(client.post("/compte/logout/").url)
    assert f"{fin.scheme}://{fin.netloc}{fin.path}" == f"{fournisseur.emetteur}/logout"
    assert parse_qs(fin.query)["post_logout_redirect_uri"] == ["http://testserver/compte/login/"]
    assert connectee(client) is None
    settings.OIDC_DECONNEXION = False
    entrer(client)
    assert client.post("/compte/logout/").url == "/"


def test_une_personne_partie_est_dehors_a_la_requete_suivante_et_sa_session_est_fermee(client, fournisseur, personne):
    fournisseur.jeton = {"matricule": "10004"}
    entrer(client)
    assert client.get("/profil/").status_code == 200
    Personne.objects.filter(pk=personne.pk).update(is_active=False)
    assert client.get("/profil/").url.startswith("/compte/login/")
    Personne.objects.filter(pk=personne.pk).update(is_active=True)
    assert client.get("/profil/").url.startswith("/compte/login/")
    Personne.objects.filter(pk=personne.pk).update(is_active=False)
    assert entrer(client).url == "/compte/inactive/"
    assert connectee(client) is None


# — Les groupes, le bris de glace


def test_un_groupe_ne_donne_rien_par_defaut_et_ne_fait_que_proposer(client, fournisseur, distribution, settings):
    d = distribution
    fournisseur.jeton = {"matricule": d.collegue.matricule, "groups": ["EC-APPR", "autre"]}
    entrer(client)
    assert not d.collegue.attributions.exists()
    assert "groupes" not in SocialAccount.objects.get().extra_data
    settings.OIDC_GROUPES = {"EC-APPR": "appr"}
    for _ in range(2):
        entrer(client)
    propose = Attribution.objects.get(personne=d.collegue)
    assert propose.role == RoleAttribue.APPR
    assert propose.approuvee_par is None
    assert "EC-APPR" in propose.motif
    assert Courriel.objects.filter(a=d.dsm, objet__contains="Rôle à approuver").count() == 1


@pytest.mark.parametrize("secours", [True, False])
def test_le_mot_de_passe_local_ne_sert_plus_qu_au_bris_de_glace(client, fournisseur, distribution, settings, secours):
    d = distribution
    d.collegue.set_password("Essai-clinique-2026")
    d.collegue.save()
    settings.COMPTES_DE_SECOURS = [d.collegue.matricule] if secours else []
    envoi = {"login": d.collegue.matricule, "password": "Essai-clinique-2026"}
    page = client.get("/compte/login/").text
    assert page.index("Entrer par «&nbsp;Compte de l’établissement") < page.index("Compte de secours")
    reponse = client.post("/compte/login/", envoi)
    assert bool(connectee(client)) is secours
    annonces = Courriel.objects.filter(objet__contains="Compte de secours")
    if secours:
        assert Entree.objects.filter(acte="accueil.compte_de_secours", par=d.collegue).count() == 1
        assert set(annonces.values_list("a", flat=True)) == {d.dsm.pk, d.prp.pk, d.pilote.pk}
        return
    assert "Connectez-vous avec le compte de l’établissement" in reponse.text
    assert not annonces.exists()
    rouvrir = {"identifiant": d.collegue.matricule, "mot_de_passe": "Essai-clinique-2026"}
    refus = client.post(reverse("accueil:reconnexion"), rouvrir)
    assert refus.status_code == 400
    assert "compte de l’établissement" in refus.json()["message"]
    # Un mot de passe resté en base ne sert pas davantage à signer.
    assert "mot_de_passe" not in SignatureForm(request=_requete(d.collegue)).fields


def _requete(personne):
    return type("Requete", (), {"user": personne, "session": {}})()
