from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "encadrement.documents"
    label = "documents"
    verbose_name = "documents"
