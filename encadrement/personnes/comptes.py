"""Ce que la maison demande à allauth : pas d’inscription, compte lié au matricule, secret TOTP chiffré."""

from urllib.parse import urlencode

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

from encadrement.personnes import connexions
from encadrement.personnes.etablissement import JetonRefuse, exiger_le_meme_depart
from encadrement.personnes.models import MATRICULE_SYSTEME, Personne

_journal = structlog.get_logger(__name__)
_FIN = "etablissement_fin"
PAR_L_ETABLISSEMENT = "compte_de_l_etablissement"
_PAS_ENSEMBLE = "Cet identifiant et ce mot de passe ne vont pas ensemble. Vérifiez les deux, puis recommencez."


def mot_de_passe_permis(personne):
    """Dit si la personne peut entrer par un mot de passe local : toujours sans OIDC, sinon au seul bris de glace."""
    return not settings.OIDC_ISSUER or personne.matricule in settings.COMPTES_DE_SECOURS


def passe_par_l_etablissement(personne):
    """Dit si la personne prouve son identité par le compte de l’établissement plutôt que par un mot de passe."""
    return not (personne.has_usable_password() and mot_de_passe_permis(personne))


class AdaptateurDeCompte(DefaultAccountAdapter):
    """Les comptes viennent des données RH : personne ne s’inscrit."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est fermé. S’il devrait être ouvert, écrivez à la DSM.",
        "username_password_mismatch": _PAS_ENSEMBLE,
        "email_password_mismatch": _PAS_ENSEMBLE,
        "too_many_login_attempts": "Trop d’essais : attendez cinq minutes, puis recommencez.",
        "rate_limited": "Trop d’essais : attendez un moment, puis recommencez.",
        "incorrect_password": "Ce mot de passe n’est pas le vôtre.",
        "enter_current_password": "Écrivez votre mot de passe actuel.",
        "same_as_current": "Le nouveau mot de passe doit être différent de l’actuel.",
        "unknown_email": "Aucun compte n’a cette adresse de courriel.",
        PAR_L_ETABLISSEMENT: "Connectez-vous avec le compte de l’établissement : le mot de passe d’ici ne sert plus "
        "qu’aux comptes de secours. S’il ne répond pas, appelez le soutien informatique.",
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        personne = super().authenticate(request, **credentials)
        if personne is not None and not mot_de_passe_permis(personne):
            raise self.validation_error(PAR_L_ETABLISSEMENT)
        return personne

    def post_login(self, request, user, **suite):
        reponse = super().post_login(request, user, **suite)
        arrivee = (suite.get("signal_kwargs") or {}).get("sociallogin")
        if arrivee is not None:
            _dater_l_identite(request, arrivee.account.extra_data)
            groupes = arrivee.account.extra_data.get("groupes", [])
            connexions.annoncer(connexions.Connexion(user, "etablissement", groupes))
        elif settings.OIDC_ISSUER:
            connexions.annoncer(connexions.Connexion(user, "secours"))
        return reponse

    def get_logout_redirect_url(self, request):
        """Rend la fin de session du fournisseur, qui ramène ici : sur un poste partagé, sortir d’ici ne suffit pas."""
        fin = request.session.get(_FIN) if settings.OIDC_DECONNEXION else ""
        if not fin:
            return super().get_logout_redirect_url(request)
        retour = request.build_absolute_uri(reverse("account_login"))
        client = get_social_adapter().get_app(request, provider="etablissement").client_id
        return f"{fin}?{urlencode({'client_id': client, 'post_logout_redirect_uri': retour})}"


def _dater_l_identite(request, donnees):
    """Date la preuve du moment où la personne s’est identifiée chez le fournisseur, qui a pu la laisser passer sans rien
    redemander : c’est cette heure qui permet de signer, et sans elle on ne signe pas.
    """
    preuves = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**preuve, "at": donnees.get("identifie_le") or 0} if preuve.get("method") == "socialaccount" else preuve
        for preuve in preuves
    ]
    request.session[_FIN] = donnees.get("fin", "")


class AdaptateurOIDC(DefaultSocialAccountAdapter):
    """La connexion de l’établissement retrouve la personne par son matricule, ou refuse ; elle n’en crée jamais."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """Relie une première connexion à la personne en poste du même matricule ; sinon, retour à la connexion."""
        donnees = sociallogin.account.extra_data
        exiger_le_meme_depart(sociallogin.state, donnees)
        matricule = donnees.get("matricule", "")
        if sociallogin.is_existing:
            # Un compte repris par quelqu’un d’autre chez le fournisseur n’ouvre pas les dossiers du premier.
            if matricule and matricule != sociallogin.user.matricule:
                raise ImmediateHttpResponse(_retour("autre"))
            return
        en_poste = Personne.objects.actives().exclude(matricule=MATRICULE_SYSTEME)
        personne = en_poste.filter(matricule=matricule).first() if matricule else None
        if personne is None:
            raise ImmediateHttpResponse(_retour("inconnu" if matricule else "sans_matricule"))
        sociallogin.connect(request, personne)

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        # La raison va au journal technique, sans jeton ni nom : qui l’exploite doit pouvoir dire ce qui cloche.
        raison = str(exception) if isinstance(exception, JetonRefuse) else type(exception).__name__
        _journal.warning("connexion_refusee", raison=raison, erreur=str(error or ""))


def _retour(compte):
    return HttpResponseRedirect(f"{reverse('account_login')}?compte={compte}")


class AdaptateurMFA(DefaultMFAAdapter):
    """Le secret du second facteur est chiffré au repos avec les clés des champs."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon : attendez le suivant, puis recommencez.",
    }

    @property
    def _coffre(self):
        return MultiFernet([Fernet(cle) for cle in settings.CLES_CHAMPS])

    def get_totp_label(self, user):
        return user.matricule

    def encrypt(self, text):
        return self._coffre.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return self._coffre.decrypt(encrypted_text.encode()).decode()
