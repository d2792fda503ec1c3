from django.apps import AppConfig


class ConsortiaConfig(AppConfig):
    name = "pliego.consortia"
    label = "consortia"
