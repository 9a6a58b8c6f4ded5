"""Consigne les accès refusés, après que la transaction refusée a été annulée."""

from encadrement.acces.matrice import AccesRefuse, Invisible
from encadrement.journal.actions import consigner


class RefusConsignes:
    """Chaque 403 ou 404 d’une matrice laisse une trace : qui, quoi, sur quel objet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, AccesRefuse | Invisible):
            objet = exception.objet
            consigner(
                "acces.refus",
                par=request.user if request.user.is_authenticated else None,
                chaine="acces.refus",
                details={
                    "acte": exception.acte,
                    "objet": str(getattr(objet, "uuid", "")),
                    "methode": request.method,
                },
            )
        return None
