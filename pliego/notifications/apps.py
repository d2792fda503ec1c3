from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "pliego.notifications"
    label = "notifications"
