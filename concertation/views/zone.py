"""L’entrée de la zone des renseignements sur les usagers : rien en mémoire, quinze minutes d’inactivité, une déclaration.

Toute vue qui montre ou reçoit quelque chose d’une situation porte `@en_zone`. Après quinze minutes d’inactivité, une visite
passe par la réauthentification ; un envoi revient dans une page qui le porte tout entier et attend qu’on confirme son
identité : rien n’est perdu, rien n’est gardé dans la session (O-17, S-14, D-03). Une session ouverte depuis longtemps est
déjà verrouillée à sa première entrée. Qui a le droit de lire sans formation attestée l’apprend ici, et de même (O-09).
"""

import hashlib
import json
import time
from functools import wraps

import structlog
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import ratelimit
from django.core import signing
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from concertation.actions.recits import DeclarationRequise
from encadrement.personnes.comptes import passe_par_l_etablissement
from encadrement.protection.droits import AttestationRequise
from encadrement.signatures.forms import vient_de_se_connecter
from encadrement.socle.coffre import CoffreFerme

INACTIVITE = 15 * 60
MOT_DE_PASSE = "zone_mot_de_passe"
JETON = "zone_jeton"
# Le temps de passer par la connexion de l’établissement et d’en revenir.
JETON_VALIDE = 60 * 60
_CLE = "zone"
_SEL = "concertation.zone"
_journal = structlog.get_logger(__name__)
_A_NOUS = frozenset({"csrfmiddlewaretoken", MOT_DE_PASSE, JETON})


def en_zone(vue):
    """Rend la vue, gardée : identité reconfirmée après quinze minutes d’inactivité, déclaration d’intérêt avant lecture."""

    @wraps(vue)
    def gardee(request, *args, **kwargs):
        mot = _retirer_le_mot_de_passe(request)
        if _est_verrouillee(request) and (attente := _demander_l_identite(request, mot)) is not None:
            return _sans_trace(attente)
        request.session[_CLE] = int(time.time())
        try:
            reponse = vue(request, *args, **kwargs)
        except DeclarationRequise as requise:
            reponse = _vers_la_declaration(request, requise.situation)
        except AttestationRequise as requise:
            reponse = _vers_l_attestation(request, requise)
        except CoffreFerme:
            # Sans la clé, rien ne se montre et rien ne s’écrit ; le journal technique ne dit que cela.
            _journal.error("coffre_ferme")
            reponse = render(request, "concertation/coffre_ferme.html", status=503)
        return _sans_trace(reponse)

    return gardee


def _est_verrouillee(request):
    derniere = request.session.get(_CLE) or _connectee_depuis(request)
    return time.time() - derniere > INACTIVITE and not vient_de_se_connecter(request)


def _connectee_depuis(request):
    """Rend l’instant où l’identité a été prouvée : la session le garde ; à défaut, le compte ; à défaut, jamais."""
    if preuves := get_authentication_records(request, request.user):
        return preuves[-1]["at"]
    return request.user.last_login.timestamp() if request.user.last_login else 0


def _sans_trace(reponse):
    reponse.headers["Cache-Control"] = "no-store"
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return reponse


def _vers_la_declaration(request, situation):
    adresse = reverse("concertation:situation_declarer", args=[situation.uuid])
    if request.method in {"GET", "HEAD"}:
        adresse = f"{adresse}?{urlencode({'suite': request.get_full_path()})}"
    return redirect(adresse)


def _vers_l_attestation(request, requise):
    """Dit quoi faire, à qui a le droit de lire : la vue l’a reconnu avant, et un autre a déjà reçu sa 404 (N-02)."""
    if request.htmx:
        return HttpResponseClientRefresh()
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"message": requise.message}, status=403)
    envoi = request.method == "POST"
    adresse = reverse("protection:attestations")
    contexte = {
        "raison": requise.message,
        "chemin": request.get_full_path(),
        "envoi": envoi,
        "champs": list(_champs(request)) if envoi else (),
        "url": adresse if envoi else f"{adresse}?{urlencode({'suite': request.get_full_path()})}",
    }
    return render(request, "concertation/attestation_requise.html", contexte, status=403)


def _retirer_le_mot_de_passe(request):
    """Rend le mot de passe joint à un envoi repris, et l’ôte de l’envoi : aucune vue n’a à le recevoir."""
    if request.method != "POST" or MOT_DE_PASSE not in request.POST:
        return None
    envoi = request.POST.copy()
    mot = envoi.pop(MOT_DE_PASSE)[-1]
    request.POST = envoi
    return mot


# — Demander l’identité


def _demander_l_identite(request, mot):
    """Rend la réponse qui attend que l’identité soit confirmée, ou None si le mot de passe joint la confirme."""
    if request.htmx:
        # Recharger la page entière : c’est elle qui mène à la réauthentification.
        return HttpResponseClientRefresh()
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"message": "La page s’est verrouillée : confirmez votre identité."}, status=401)
    if request.method != "POST":
        return redirect(_reauthentification(request, request.get_full_path()))
    if mot is None:
        return _page(request, request.get_full_path())
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return _page(
            request, request.get_full_path(), "Trop d’essais : attendez quelques minutes, puis recommencez ici."
        )
    if not request.user.check_password(mot):
        return _page(request, request.get_full_path(), "Ce mot de passe n’est pas le vôtre.")
    return None


def _reauthentification(request, suite):
    if not passe_par_l_etablissement(request.user):
        return f"{reverse('account_reauthenticate')}?{urlencode({'next': suite})}"
    return f"{_connexion_de_l_etablissement()}?{urlencode({'process': 'login', 'confirmer': 1, 'next': suite})}"


def _connexion_de_l_etablissement():
    try:
        return reverse("openid_connect_login", args=["etablissement"])
    except NoReverseMatch:
        return reverse("account_login")


def _page(request, chemin, faute="", *, confirmee=False):
    """Montre l’envoi retenu ; `confirmee` quand il ne reste qu’à le renvoyer, avec un jeton neuf."""
    contexte = {
        "chemin": chemin,
        "champs": list(_champs(request)),
        "nom_du_mot": MOT_DE_PASSE,
        "nom_du_jeton": JETON,
        "faute": faute,
        "confirmee": confirmee,
        "par_etablissement": passe_par_l_etablissement(request.user),
        "url_identite": f"{_connexion_de_l_etablissement()}?{urlencode({'process': 'login', 'confirmer': 1})}",
        "jeton": signing.dumps(_empreinte(request, chemin), salt=_SEL),
    }
    return render(request, "concertation/verrou.html", contexte, status=200 if confirmee else 401)


def _champs(request):
    for nom, valeurs in request.POST.lists():
        if nom not in _A_NOUS:
            yield from ((nom, valeur) for valeur in valeurs)


def _empreinte(request, chemin):
    champs = [[nom, _lignes(valeur)] for nom, valeur in _champs(request)]
    contenu = json.dumps([request.user.pk, chemin, champs], ensure_ascii=False)
    return {"chemin": chemin, "empreinte": hashlib.sha256(contenu.encode("utf-8", "surrogatepass")).hexdigest()}


def _lignes(texte):
    # Un navigateur renvoie ses sauts de ligne à sa façon : ce n’est pas un autre texte.
    return texte.replace("\r\n", "\n").replace("\r", "\n")


# — Revenir de la connexion de l’établissement


@csrf_exempt
@require_POST
def reprendre(request):
    """Rend l’envoi retenu à qui revient de la connexion de l’établissement, prêt à partir avec un jeton neuf.

    Se reconnecter change le jeton de formulaire, et le jeton de la page retenue ne vaut plus. Celui, signé, que nous y avions
    mis en tient lieu : il dit que cette page venait de nous, pour cette personne, cette adresse et ces champs-là. Rien ne
    s’écrit ici.
    """
    try:
        lu = signing.loads(request.POST.get(JETON, ""), salt=_SEL, max_age=JETON_VALIDE)
    except signing.BadSignature:
        lu = None
    if lu is None or lu != _empreinte(request, lu["chemin"]):
        return _sans_trace(
            render(request, "erreurs/jeton.html", {"retour": reverse("concertation:accueil")}, status=403)
        )
    if not vient_de_se_connecter(request):
        return _sans_trace(_page(request, lu["chemin"], "Votre identité n’est pas encore confirmée."))
    return _sans_trace(_page(request, lu["chemin"], confirmee=True))
