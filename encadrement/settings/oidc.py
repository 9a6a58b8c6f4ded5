"""La connexion de l’établissement (OpenID Connect) ; sans OIDC_ISSUER, seuls les comptes locaux existent."""

from urllib.parse import urlsplit

from .lecture import lire

OIDC_ISSUER = lire("OIDC_ISSUER").rstrip("/")
OIDC_MATRICULE = lire("OIDC_MATRICULE")
OIDC_PORTEES = lire("OIDC_PORTEES")
OIDC_DECONNEXION = lire("OIDC_DECONNEXION")
# Groupe → rôle : éteint par défaut. Allumé, un groupe ne fait que proposer un rôle; la DSM l’approuve (N-12).
OIDC_GROUPES = lire("OIDC_GROUPES")
OIDC_RECLAMATION_GROUPES = lire("OIDC_RECLAMATION_GROUPES")
# Les matricules qui gardent un mot de passe local quand la connexion de l’établissement est ouverte.
COMPTES_DE_SECOURS = lire("COMPTES_DE_SECOURS")
# Chromium applique form-action à la redirection qui suit l’envoi : l’adresse du fournisseur doit y être.
OIDC_ORIGINES = lire("OIDC_ORIGINES")
if OIDC_ISSUER:
    OIDC_ORIGINES = [f"{urlsplit(OIDC_ISSUER).scheme}://{urlsplit(OIDC_ISSUER).netloc}", *OIDC_ORIGINES]

SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "etablissement",
            "name": lire("OIDC_NOM"),
            "client_id": lire("OIDC_CLIENT_ID"),
            "secret": lire("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": OIDC_ISSUER, "scope": OIDC_PORTEES},
        }
    )
