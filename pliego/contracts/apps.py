from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "pliego.contracts"
    label = "contracts"
