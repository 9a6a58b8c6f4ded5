"""Se reconnecter sans quitter sa page, quand la session a pris fin pendant qu’on écrivait."""

from allauth.account import app_settings
from allauth.account.forms import LoginForm
from allauth.core import ratelimit
from allauth.utils import get_form_class
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from encadrement.personnes.comptes import PAR_L_ETABLISSEMENT


@login_not_required
@never_cache
@require_POST
@csrf_protect
def reconnexion(request):
    """Ouvre une session par `identifiant` et `mot_de_passe` ; rend {jeton_csrf}, ou {message} avec 400, 403 ou 429.

    Le témoin CSRF survit à la session : le jeton déjà dans la page est donc encore bon ici, et la connexion en donne
    un neuf. Avec `personne` (uuid), seule cette personne se reconnecte : un texte ne change pas d’auteur en route.
    """
    if not ratelimit.consume(request, action="login"):
        return _non("Trop d’essais : attendez une minute. Votre texte reste à l’écran.", 429)
    classe = get_form_class(app_settings.FORMS, "login", LoginForm)
    donnees = {"login": request.POST.get("identifiant", ""), "password": request.POST.get("mot_de_passe", "")}
    form = classe(data=donnees, request=request)
    if not form.is_valid():
        return _non(_raison(form))
    attendue = request.POST.get("personne", "")
    if attendue and str(form.user.uuid) != attendue:
        return _non("Cette page est celle d’une autre personne : reconnectez-vous avec le même compte.")
    form.login(request)
    if not request.user.is_authenticated:
        return _non(_suite(form.user), 403)
    return JsonResponse({"jeton_csrf": get_token(request)})


def _raison(form):
    if any(erreur.code == "too_many_login_attempts" for erreur in form.non_field_errors().as_data()):
        return "Trop d’essais : attendez quelques minutes. Votre texte reste à l’écran."
    if any(erreur.code == PAR_L_ETABLISSEMENT for erreur in form.non_field_errors().as_data()):
        return "Connectez-vous avec le compte de l’établissement dans un autre onglet, puis réessayez ici."
    return "Ce matricule et ce mot de passe ne vont pas ensemble."


def _suite(personne):
    if not personne.is_active:
        return "Votre compte est fermé. Votre texte reste à l’écran : copiez-le, puis écrivez à la DSM."
    return "Votre compte demande un second facteur : connectez-vous dans un autre onglet, puis réessayez ici."


def _non(message, statut=400):
    return JsonResponse({"message": message}, status=statut)
