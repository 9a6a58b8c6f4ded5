from django.apps import AppConfig


class TrajectoireConfig(AppConfig):
    name = "encadrement.trajectoire"
    label = "trajectoire"
    verbose_name = "trajectoire"
