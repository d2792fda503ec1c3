from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "pliego.config"
    label = "config"
