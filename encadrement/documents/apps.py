from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "encadrement.documents"
    label = "documents"
    verbose_name = "documents"

    def ready(self):
        from encadrement.documents import controles  # noqa: F401  (inscrit les contrôles du système)
        from encadrement.documents.coup_de_pouce import inscrire
        from encadrement.documents.tasks import balayer_documents

        inscrire(balayer_documents.delay)
