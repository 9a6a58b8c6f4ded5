"""Ce que la maison demande à allauth : pas d’inscription, compte lié au matricule, secret TOTP chiffré."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse

from encadrement.personnes.models import MATRICULE_SYSTEME, Personne

_PAS_ENSEMBLE = "Cet identifiant et ce mot de passe ne vont pas ensemble. Vérifiez les deux, puis recommencez."
# Les noms que donnent au matricule les fournisseurs d’identité courants.
_CHAMPS_DU_MATRICULE = ("matricule", "employee_number", "employeeNumber", "employeeid", "employeeId")


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
    }

    def is_open_for_signup(self, request):
        return False


class AdaptateurOIDC(DefaultSocialAccountAdapter):
    """La connexion de l’établissement retrouve la personne par son matricule, ou refuse."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """Relie une première connexion à la personne en poste du même matricule ; sinon, retour à la connexion."""
        # L’adresse vient des données RH : celle du fournisseur ne doit ni ouvrir ni recevoir quoi que ce soit (B-04).
        sociallogin.email_addresses = []
        if sociallogin.is_existing:
            return
        matricule = _matricule(sociallogin.account.extra_data)
        en_poste = Personne.objects.actives().exclude(matricule=MATRICULE_SYSTEME)
        personne = en_poste.filter(matricule=matricule).first() if matricule else None
        if personne is None:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login") + "?compte=inconnu"))
        sociallogin.connect(request, personne)


def _matricule(donnees):
    """Rend le matricule donné par le fournisseur ; le jeton signé l’emporte sur le reste."""
    for source in (donnees.get("id_token"), donnees.get("userinfo"), donnees):
        for champ in _CHAMPS_DU_MATRICULE:
            if isinstance(source, dict) and (valeur := str(source.get(champ) or "").strip()):
                return valeur
    return ""


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
