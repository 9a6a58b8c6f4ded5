from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "encadrement.socle"
    label = "socle"
    verbose_name = "socle"

    def ready(self):
        from encadrement.socle import controles  # noqa: F401  (inscrit les contrôles du système)
