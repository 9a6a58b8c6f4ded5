from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "encadrement.incidents"
    label = "incidents"
    verbose_name = "incidents de confidentialité"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.incidents.rappels import echeances, tient_encore
        from encadrement.incidents.taches import taches
        from encadrement.notifications import rappels

        rappels.inscrire(rappels.SourceDeRappels("incidents", echeances, tient_encore=tient_encore))
        mesures.inscrire(
            mesures.Mesure(
                code="incidents",
                nom="Incidents de confidentialité",
                nom_url="incidents:signaler",
                resume="Signaler un incident de confidentialité; en tenir le registre.",
                rang=85,
                taches=taches,
            )
        )
