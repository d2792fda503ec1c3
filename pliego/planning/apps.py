from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "pliego.planning"
    label = "planning"
