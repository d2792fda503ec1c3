from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "pliego.documents"
    label = "documents"
