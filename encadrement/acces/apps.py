from django.apps import AppConfig


class AccesConfig(AppConfig):
    name = "encadrement.acces"
    label = "acces"
    verbose_name = "accès"
