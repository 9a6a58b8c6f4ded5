"""Un compte fermé perd sa session à la requête suivante (N-05)."""

from django.contrib.auth import SESSION_KEY


class SessionsFermees:
    """Efface la session d’une personne qui n’est plus active : rouvrir le compte ne la ranime pas."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session and not request.user.is_authenticated:
            request.session.flush()
        return self.get_response(request)
