from django.apps import AppConfig


class AuthorityConfig(AppConfig):
    name = "pliego.authority"
    label = "authority"
