from django.apps import AppConfig


class TenderingConfig(AppConfig):
    name = "pliego.tendering"
    label = "tendering"
