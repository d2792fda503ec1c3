from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "pliego.bulk"
    label = "bulk"
