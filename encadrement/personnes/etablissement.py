"""Le jeton de l’établissement, vérifié en entier : signature, émetteur, destinataire, échéance, nonce (OIDC Core, 3.1.3.7).

allauth se fie au canal TLS et ne pose pas de nonce ; signer engage, alors on ne se fie qu’au jeton.
"""

import hmac
import secrets
import time

import jwt
import requests
from allauth.account import app_settings
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings

# Signatures à clé publique seulement : ni « none » ni clé partagée ne peuvent se glisser dans l’en-tête du jeton.
ALGORITHMES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
EXIGEES = ["iss", "sub", "aud", "exp", "iat"]
# Les horloges de deux serveurs ne battent pas ensemble.
ECART_D_HORLOGE = 30


class JetonRefuse(OAuth2Error):
    """Le fournisseur a répondu, mais son jeton ne prouve pas qui vient d’arriver."""


class AdaptateurDuJeton(OpenIDConnectOAuth2Adapter):
    """Le parcours OIDC d’allauth, avec un jeton d’identité vérifié et le moins de réclamations possible."""

    def get_provider(self):
        return Etablissement(self.request, app=super().get_provider().app)

    def complete_login(self, request, app, token, **kwargs):
        if self.openid_config.get("issuer", "").rstrip("/") != settings.OIDC_ISSUER:
            raise JetonRefuse("émetteur annoncé par la découverte différent de celui des réglages")
        jeton = verifier(
            kwargs["response"].get("id_token") or "",
            cles=self._cles(),
            emetteur=self.openid_config["issuer"],
            client=app.client_id,
        )
        reclamations = jeton if matricule_de(jeton) else {**self._profil(token, jeton), **jeton}
        fin = self.openid_config.get("end_session_endpoint", "")
        return self.get_provider().sociallogin_from_response(request, {**reclamations, "fin": fin})

    def _cles(self):
        return _lire(self.openid_config["jwks_uri"])

    def _profil(self, token, jeton):
        """Rend les réclamations du point userinfo, si ce sont bien celles de la personne du jeton (OIDC Core, 5.3.2)."""
        if not (adresse := self.openid_config.get("userinfo_endpoint")):
            return {}
        profil = _lire(adresse, headers={"Authorization": f"Bearer {token.token}"})
        if profil.get("sub") != jeton["sub"]:
            raise JetonRefuse("le profil n’est pas celui de la personne du jeton")
        return profil


class Etablissement(OpenIDConnectProvider):
    """Le fournisseur d’identité : nonce à chaque départ, et rien de l’adresse du navigateur dans la demande."""

    oauth2_adapter_class = AdaptateurDuJeton

    def get_auth_params_from_request(self, request, action):
        return self.get_auth_params()

    def get_scope_from_request(self, request):
        return self.get_scope()

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        nonce = secrets.token_urlsafe(32)
        confirmer = "confirmer" in request.GET
        params = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        if confirmer:
            # Pour signer : le fournisseur redemande l’identité et doit dire quand il l’a eue (OIDC Core, 3.1.2.1).
            params |= {"prompt": "login", "max_age": str(app_settings.REAUTHENTICATION_TIMEOUT)}
        suite = {"auth_params": params, "nonce": nonce, "confirmer": confirmer, **kwargs}
        try:
            return super().redirect(request, process, next_url, data, **suite)
        except (requests.RequestException, KeyError, ValueError) as panne:
            return render_authentication_error(request, self, exception=panne)

    def extract_uid(self, data):
        return str(data["sub"])

    def extract_extra_data(self, data):
        """Garde ce qui sert à relier le compte, rien d’autre : ni nom, ni courriel, ni groupes qui ne servent pas."""
        gardees = {
            "matricule": matricule_de(data),
            "nonce": data.get("nonce") or "",
            "identifie_le": _heure(data.get("auth_time")),
            "fin": data.get("fin") or "",
        }
        if settings.OIDC_GROUPES:
            groupes = data.get(settings.OIDC_RECLAMATION_GROUPES)
            gardees["groupes"] = [g for g in groupes if isinstance(g, str)] if isinstance(groupes, list) else []
        return gardees

    def extract_common_fields(self, data):
        return {}

    def extract_email_addresses(self, data):
        # L’adresse vient des données RH : celle du fournisseur ne doit ni ouvrir ni recevoir quoi que ce soit (B-04).
        return []


def verifier(jeton, *, cles, emetteur, client):
    """Rend les réclamations d’un jeton d’identité signé pour nous ; lève JetonRefuse sinon."""
    try:
        kid = jwt.get_unverified_header(jeton).get("kid")
        connues = jwt.PyJWKSet.from_dict(cles).keys
        cle = next((cle for cle in connues if kid is None or cle.key_id == kid), None)
        if cle is None:
            raise JetonRefuse("clé de signature inconnue")
        reclamations = jwt.decode(
            jeton,
            key=cle,
            algorithms=ALGORITHMES,
            audience=client,
            issuer=emetteur,
            leeway=ECART_D_HORLOGE,
            options={"require": EXIGEES},
        )
    except (jwt.PyJWTError, AttributeError, TypeError, ValueError) as faute:
        raise JetonRefuse(type(faute).__name__) from faute
    # Un jeton destiné à plusieurs doit dire qui l’a demandé : nous (OIDC Core, 3.1.3.7, points 4 et 5).
    plusieurs = isinstance(reclamations["aud"], list) and len(reclamations["aud"]) > 1
    if reclamations.get("azp", None if plusieurs else client) != client:
        raise JetonRefuse("jeton demandé par une autre application")
    return reclamations


def exiger_le_meme_depart(etat, reclamations):
    """Lève JetonRefuse si le jeton n’est pas celui de ce départ, ou n’atteste pas l’identité redemandée pour signer."""
    attendu = (etat or {}).get("nonce") or ""
    if not attendu or not hmac.compare_digest(attendu, str(reclamations.get("nonce") or "")):
        raise JetonRefuse("nonce différent")
    if etat.get("confirmer"):
        age = time.time() - (reclamations.get("identifie_le") or 0)
        if age > app_settings.REAUTHENTICATION_TIMEOUT + ECART_D_HORLOGE:
            raise JetonRefuse("identité pas redemandée (auth_time)")


def matricule_de(reclamations):
    """Rend le matricule que portent les réclamations, « » si aucune ne le porte."""
    for nom in settings.OIDC_MATRICULE:
        valeur = reclamations.get(nom)
        if isinstance(valeur, str | int) and not isinstance(valeur, bool) and (texte := str(valeur).strip()):
            return texte
    return ""


def _heure(valeur):
    """Rend l’heure d’authentification en secondes, jamais à venir ; zéro si le fournisseur ne la dit pas."""
    return min(int(valeur), int(time.time())) if isinstance(valeur, int | float) else 0


def _lire(adresse, **options):
    with get_adapter().get_requests_session() as session:
        reponse = session.get(adresse, **options)
        reponse.raise_for_status()
        return reponse.json()
