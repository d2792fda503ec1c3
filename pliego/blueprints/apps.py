from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    name = "pliego.blueprints"
    label = "blueprints"
