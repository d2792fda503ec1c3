from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "pliego.suppliers"
    label = "suppliers"
