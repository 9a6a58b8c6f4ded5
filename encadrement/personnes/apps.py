from django.apps import AppConfig


class PersonnesConfig(AppConfig):
    name = "encadrement.personnes"
    label = "personnes"
    verbose_name = "personnes et organisation"
