from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "pliego.directory"
    label = "directory"
