from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "pliego.accounts"
    label = "accounts"
