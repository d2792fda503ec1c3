from django.apps import AppConfig


class BreachesConfig(AppConfig):
    name = "pliego.breaches"
    label = "breaches"
