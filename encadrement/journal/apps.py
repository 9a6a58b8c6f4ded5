from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "encadrement.journal"
    label = "journal"
    verbose_name = "journal"
