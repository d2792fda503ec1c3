from django.apps import AppConfig


class MethodsConfig(AppConfig):
    name = "pliego.methods"
    label = "methods"
