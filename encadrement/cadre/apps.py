from django.apps import AppConfig


class CadreConfig(AppConfig):
    name = "encadrement.cadre"
    label = "cadre"
    verbose_name = "cadre de référence"
