from django.apps import AppConfig


class AccueilConfig(AppConfig):
    name = "encadrement.accueil"
    label = "accueil"
    verbose_name = "accueil"
