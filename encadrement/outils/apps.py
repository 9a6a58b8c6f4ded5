from django.apps import AppConfig


class OutilsConfig(AppConfig):
    name = "encadrement.outils"
    label = "outils"
    verbose_name = "outils"

    def ready(self):
        from encadrement.accueil import essai
        from encadrement.outils import troupe

        essai.fournir(troupe.comptes)
