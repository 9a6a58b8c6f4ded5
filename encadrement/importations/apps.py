from django.apps import AppConfig


class ImportationsConfig(AppConfig):
    name = "encadrement.importations"
    label = "importations"
    verbose_name = "importations"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.importations import controles  # noqa: F401  (inscrit le contrôle du système)
        from encadrement.importations.taches import taches

        mesures.inscrire(
            mesures.Mesure(
                code="importations",
                nom="Importations RH",
                nom_url="importations:liste",
                resume="Tenir l’organigramme à jour depuis les données des ressources humaines.",
                rang=88,
                taches=taches,
            )
        )
