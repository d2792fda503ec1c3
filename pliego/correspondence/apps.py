from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "pliego.correspondence"
    label = "correspondence"
