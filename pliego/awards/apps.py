from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "pliego.awards"
    label = "awards"
