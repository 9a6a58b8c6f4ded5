from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "encadrement.socle"
    label = "socle"
    verbose_name = "socle"
