from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pliego.web"
    label = "web"
