from django.apps import AppConfig


class CodelistsConfig(AppConfig):
    name = "pliego.codelists"
    label = "codelists"
