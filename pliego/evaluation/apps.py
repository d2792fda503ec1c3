from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "pliego.evaluation"
    label = "evaluation"
