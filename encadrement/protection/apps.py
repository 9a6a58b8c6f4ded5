from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "encadrement.protection"
    label = "protection"
    verbose_name = "protection des renseignements"

    def ready(self):
        from encadrement.accueil import mesures
        from encadrement.notifications import rappels
        from encadrement.parametres.registre import declarer
        from encadrement.protection.rappels import PARAMETRES, echeances, tient_encore
        from encadrement.protection.taches import donnees, taches

        declarer(*PARAMETRES)
        rappels.inscrire(rappels.SourceDeRappels("protection", echeances, tient_encore=tient_encore))
        mesures.inscrire(
            mesures.Mesure(
                code="protection",
                nom="Protection des renseignements",
                nom_url="protection:renseignements",
                resume="Attestations de formation, revue annuelle des rôles, qui voit quoi et comment c’est gardé.",
                rang=86,
                taches=taches,
                donnees=donnees,
            )
        )
