from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "encadrement.signatures"
    label = "signatures"
    verbose_name = "signatures"
