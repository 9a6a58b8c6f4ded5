from django.apps import AppConfig


class OutilsConfig(AppConfig):
    name = "encadrement.outils"
    label = "outils"
    verbose_name = "outils"
