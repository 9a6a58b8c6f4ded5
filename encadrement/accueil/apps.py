from django.apps import AppConfig


class AccueilConfig(AppConfig):
    name = "encadrement.accueil"
    label = "accueil"
    verbose_name = "accueil"

    def ready(self):
        from encadrement.accueil.mesures import Mesure, inscrire
        from encadrement.accueil.taches import roles_a_approuver

        inscrire(Mesure("roles", "Rôles", "accueil:roles", rang=90, taches=roles_a_approuver))
