from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "pliego.demo"
    label = "demo"
