from django.apps import AppConfig


class FichiersConfig(AppConfig):
    name = "encadrement.fichiers"
    label = "fichiers"
    verbose_name = "fichiers déposés"
