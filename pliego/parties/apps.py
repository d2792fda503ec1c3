from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "pliego.parties"
    label = "parties"
