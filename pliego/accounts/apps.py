from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "pliego.accounts"
    label = "accounts"

    def ready(self) -> None:
        from pliego.accounts import standing_tasks  # noqa: F401 - jobs beside those of `tasks`
