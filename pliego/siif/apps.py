from django.apps import AppConfig


class SiifConfig(AppConfig):
    name = "pliego.siif"
    label = "siif"
