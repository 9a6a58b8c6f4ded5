from django.apps import AppConfig


class ParametresConfig(AppConfig):
    name = "encadrement.parametres"
    label = "parametres"
    verbose_name = "paramètres de la DSM"
