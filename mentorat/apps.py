from django.apps import AppConfig


class MentoratConfig(AppConfig):
    name = "mentorat"
    label = "mentorat"
    verbose_name = "mentorat"
