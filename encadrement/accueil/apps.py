from django.apps import AppConfig


class AccueilConfig(AppConfig):
    name = "encadrement.accueil"
    label = "accueil"
    verbose_name = "accueil"

    def ready(self):
        from encadrement.accueil.connexions import apres_la_connexion
        from encadrement.accueil.mesures import Mesure, inscrire
        from encadrement.accueil.taches import roles_a_approuver
        from encadrement.personnes import connexions

        connexions.inscrire("accueil", apres_la_connexion)

        inscrire(Mesure("roles", "Rôles", "accueil:roles", rang=90, taches=roles_a_approuver))
