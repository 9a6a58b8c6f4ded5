"""Ce que la maison demande à allauth : pas d’inscription, compte lié au matricule, secret TOTP chiffré."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse

from encadrement.personnes.models import Personne


class AdaptateurDeCompte(DefaultAccountAdapter):
    """Les comptes viennent des données RH : personne ne s’inscrit."""

    def is_open_for_signup(self, request):
        return False


class AdaptateurOIDC(DefaultSocialAccountAdapter):
    """La connexion de l’établissement retrouve la personne par son matricule, ou refuse."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        if sociallogin.is_existing:
            return
        donnees = sociallogin.account.extra_data
        donnees = {**donnees, **donnees.get("userinfo", {}), **donnees.get("id_token", {})}
        matricule = str(donnees.get("matricule") or donnees.get("employee_number") or donnees.get("employeeid") or "")
        personne = Personne.objects.actives().filter(matricule=matricule).first() if matricule else None
        if personne is None:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login") + "?compte=inconnu"))
        if not personne.is_active:
            raise PermissionDenied
        sociallogin.connect(request, personne)


class AdaptateurMFA(DefaultMFAAdapter):
    """Le secret du second facteur est chiffré au repos avec les clés des champs."""

    @property
    def _coffre(self):
        return MultiFernet([Fernet(cle) for cle in settings.CLES_CHAMPS])

    def encrypt(self, text):
        return self._coffre.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return self._coffre.decrypt(encrypted_text.encode()).decode()
