from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "pliego.publication"
    label = "publication"
