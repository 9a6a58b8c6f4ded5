"""Ce que toute réponse porte, et la page 409 d’un refus prévu par les règles."""

from django.shortcuts import render

from encadrement.socle.erreurs import ErreurMetier


class EntetesDeSurete:
    """En-têtes que Django ne pose pas ; aucune page de personne connectée ne se garde en mémoire cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        reponse.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        reponse.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            reponse.headers.setdefault("Cache-Control", "no-store")
        return reponse


class RefusExpliques:
    """Un refus des règles devient une page 409 en français, avec le renvoi au cadre."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, ErreurMetier):
            return render(request, "erreurs/409.html", {"erreurs": [exception]}, status=409)
        return None
