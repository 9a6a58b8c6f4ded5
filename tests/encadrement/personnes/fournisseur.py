"""Un fournisseur d’identité d’essai, sur la boucle locale : découverte, code et PKCE, clés, profil, fin de session."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "encadrement", "secret-d-essai"


def _cle_neuve():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _publique(cle, kid):
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(cle.public_key())), "kid": kid, "use": "sig"}


class Fournisseur:
    """Forme Entra ID (`entra=True` : tout dans le jeton, clés sans « alg ») ou Keycloak (matricule au profil).

    `jeton`, `profil` et `entete` se changent d’un essai à l’autre ; `recu` garde ce que l’application a demandé.
    """

    cle, autre = _cle_neuve(), _cle_neuve()

    def __init__(self, *, entra=False):
        self.jeton, self.profil, self.entete = {}, {}, {}
        self.cle_du_jeton, self.algorithme, self.pkce, self.recu = self.cle, "RS256", True, []
        self.entra, self._codes = entra, {}
        self._serveur = ThreadingHTTPServer(("127.0.0.1", 0), type("Reponses", (_Reponses,), {"fournisseur": self}))
        self._fil = threading.Thread(target=self._serveur.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._fil.start()

    @property
    def emetteur(self):
        base = f"http://127.0.0.1:{self._serveur.server_port}"
        return f"{base}/locataire/v2.0" if self.entra else f"{base}/realms/essai"

    def fermer(self):
        self._serveur.shutdown()
        self._serveur.server_close()
        self._fil.join()

    def decouverte(self):
        e = self.emetteur
        return {
            "issuer": e,
            "authorization_endpoint": f"{e}/auth",
            "token_endpoint": f"{e}/token",
            "userinfo_endpoint": f"{e}/userinfo",
            "jwks_uri": f"{e}/certs",
            "end_session_endpoint": f"{e}/logout",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }

    def cles(self):
        signature = _publique(self.cle, "k1")
        if self.entra:
            return {"keys": [signature]}
        chiffrement = {**_publique(self.autre, "k0"), "use": "enc", "alg": "RSA-OAEP"}
        return {"keys": [chiffrement, {**signature, "alg": "RS256"}]}

    def autoriser(self, demande):
        """La personne s’est identifiée : rend l’adresse de retour, code compris."""
        code = f"code-{len(self.recu)}"
        self.recu.append(demande)
        self._codes[code] = demande
        return f"{demande['redirect_uri']}?{urlencode({'code': code, 'state': demande['state']})}"

    def echanger(self, envoi):
        """Rend la réponse du point de jeton, ou None si le code, le secret ou le PKCE ne tient pas."""
        demande = self._codes.pop(envoi.get("code"), None)
        empreinte = hashlib.sha256(envoi.get("code_verifier", "").encode()).digest()
        verifie = base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode()
        if demande is None or envoi.get("client_secret") != SECRET:
            return None
        if demande.get("code_challenge_method") != "S256" or demande.get("code_challenge") != verifie:
            return None
        return {"access_token": "jeton-d-acces", "token_type": "Bearer", "id_token": self._signer(demande)}

    def _signer(self, demande):
        instant = int(time.time())
        reclamations = {
            "iss": self.emetteur,
            "sub": "sujet-1",
            "aud": CLIENT,
            "iat": instant,
            "exp": instant + 300,
            "nonce": demande.get("nonce"),
            "auth_time": instant,
            **self.jeton,
        }
        reclamations = {nom: valeur for nom, valeur in reclamations.items() if valeur is not None}
        cle = "" if self.algorithme == "none" else self.cle_du_jeton
        return jwt.encode(reclamations, cle, self.algorithme, headers={"kid": "k1", **self.entete})


class _Reponses(BaseHTTPRequestHandler):
    def log_message(self, *_):
        """Rien à l’écran."""

    def _json(self, contenu, statut=200):
        octets = json.dumps(contenu).encode()
        self.send_response(statut)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def _aller(self, adresse):
        self.send_response(302)
        self.send_header("Location", adresse)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        adresse = urlsplit(self.path)
        question = dict(parse_qsl(adresse.query))
        match adresse.path.rsplit("/", 1)[-1]:
            case "openid-configuration":
                self._json(self.fournisseur.decouverte())
            case "certs":
                self._json(self.fournisseur.cles())
            case "userinfo":
                self._json({"sub": "sujet-1", **self.fournisseur.profil})
            case "auth":
                self._aller(self.fournisseur.autoriser(question))
            case "logout":
                self._aller(question["post_logout_redirect_uri"])
            case _:
                self._json({}, 404)

    def do_POST(self):
        corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
        jetons = self.fournisseur.echanger(dict(parse_qsl(corps)))
        self._json(jetons or {"error": "invalid_grant"}, 200 if jetons else 400)


def reglages(fournisseur):
    """Rend SOCIALACCOUNT_PROVIDERS pour ce fournisseur."""
    application = {
        "provider_id": "etablissement",
        "name": "Compte de l’établissement",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": fournisseur.emetteur},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [application]}}
