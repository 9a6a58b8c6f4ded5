from django.apps import AppConfig


class ImportationsConfig(AppConfig):
    name = "encadrement.importations"
    label = "importations"
    verbose_name = "importations"
