"""Aller à la connexion de l’établissement et en revenir."""

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404

from encadrement.personnes.etablissement import AdaptateurDuJeton


def _vue(classe, request, provider_id):
    try:
        return classe.adapter_view(AdaptateurDuJeton(request, provider_id))(request)
    except SocialApp.DoesNotExist as absente:
        raise Http404 from absente


@login_not_required
def aller(request, provider_id):
    """Demande une confirmation (GET), puis envoie au fournisseur d’identité (POST) ; ?confirmer=1 l’oblige à redemander."""
    return _vue(OAuth2LoginView, request, provider_id)


@login_not_required
def revenir(request, provider_id):
    """Reçoit le code du fournisseur, l’échange, vérifie le jeton et ouvre la session."""
    return _vue(OAuth2CallbackView, request, provider_id)
