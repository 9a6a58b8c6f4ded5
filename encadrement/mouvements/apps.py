from django.apps import AppConfig


class MouvementsConfig(AppConfig):
    name = "encadrement.mouvements"
    label = "mouvements"
    verbose_name = "départs et changements de gestionnaire"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.mouvements.taches import taches

        mesures.inscrire(
            mesures.Mesure(
                code="mouvements",
                nom="Départs et changements",
                nom_url="mouvements:liste",
                resume="Les dossiers ouverts de qui part ou change de gestionnaire.",
                rang=80,
                taches=taches,
            )
        )
