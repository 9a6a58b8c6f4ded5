from django.apps import AppConfig


class IndicateursConfig(AppConfig):
    name = "encadrement.indicateurs"
    label = "indicateurs"
    verbose_name = "indicateurs"

    def ready(self):
        from encadrement.accueil import navigation
        from encadrement.indicateurs.droits import regarde_des_chiffres

        navigation.inscrire(
            navigation.LienDuMenu("indicateurs", "Tableau de bord", "indicateurs:tableau", regarde_des_chiffres)
        )
