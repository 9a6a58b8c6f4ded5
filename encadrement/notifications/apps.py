from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "encadrement.notifications"
    label = "notifications"
    verbose_name = "notifications"
