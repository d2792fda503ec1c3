from django.apps import AppConfig


class PanelsConfig(AppConfig):
    name = "pliego.panels"
    label = "panels"
