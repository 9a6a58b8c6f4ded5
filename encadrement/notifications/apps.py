from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "encadrement.notifications"
    label = "notifications"
    verbose_name = "notifications"

    def ready(self):
        from encadrement.notifications.coup_de_pouce import inscrire
        from encadrement.notifications.tasks import expedier

        inscrire("expedier", expedier.delay)
