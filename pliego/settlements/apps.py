from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    name = "pliego.settlements"
    label = "settlements"
