from django.apps import AppConfig


class HearingsConfig(AppConfig):
    name = "pliego.hearings"
    label = "hearings"
