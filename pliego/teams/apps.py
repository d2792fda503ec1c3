from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "pliego.teams"
    label = "teams"
