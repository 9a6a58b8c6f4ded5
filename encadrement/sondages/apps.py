from django.apps import AppConfig


class SondagesConfig(AppConfig):
    name = "encadrement.sondages"
    label = "sondages"
    verbose_name = "sondages"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer
        from encadrement.sondages.rappels import RELANCES, echeances, tient_encore
        from encadrement.sondages.taches import donnees, taches

        declarer(RELANCES.parametre)
        rappels.inscrire(rappels.SourceDeRappels("sondages", echeances, tient_encore=tient_encore))
        mesures.inscrire(
            mesures.Mesure("sondages", "Sondages", "sondages:campagnes", rang=80, taches=taches, donnees=donnees)
        )
