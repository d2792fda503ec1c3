from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "pliego.workspace"
    label = "workspace"
