from django.apps import AppConfig


class ExecutionConfig(AppConfig):
    name = "pliego.execution"
    label = "execution"
