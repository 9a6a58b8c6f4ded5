from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "encadrement.notifications"
    label = "notifications"
    verbose_name = "notifications"

    def ready(self):
        from encadrement.notifications.coup_de_pouce import inscrire
        from encadrement.notifications.reglables import PARAMETRES
        from encadrement.notifications.tasks import expedier
        from encadrement.parametres.registre import declarer

        declarer(*PARAMETRES)
        inscrire("expedier", expedier.delay)
