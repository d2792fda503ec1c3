from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "pliego.ledger"
    label = "ledger"
