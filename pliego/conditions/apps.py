from django.apps import AppConfig


class ConditionsConfig(AppConfig):
    name = "pliego.conditions"
    label = "conditions"
