from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "encadrement.supervision"
    label = "supervision"
    verbose_name = "supervision"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.supervision.taches import taches

        mesures.inscrire(
            mesures.Mesure(
                code="supervision",
                nom="Registre des courriels",
                nom_url="supervision:courriels",
                resume="Savoir ce qui est parti, et décider de ce qui a peut-être été perdu.",
                rang=89,
                taches=taches,
            )
        )
