"""Les paramètres se lisent au plus une fois par demande."""

from encadrement.parametres.lecture import lecture


class ParametresLusUneFois:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with lecture():
            return self.get_response(request)
