"""`pliego config show`: the settings in force, secrets hidden."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

SECRET = ("KEY", "TOKEN", "PASSWORD")


class Command(BaseCommand):
    help = "Show the settings in force; each is set by the environment variable of the same name."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["show"])

    def handle(self, *args: Any, **options: Any) -> None:
        table = Table("setting", "value")
        for name in sorted(dir(settings)):
            if name.startswith("PLIEGO_"):
                table.add_row(
                    name, "…" if name.endswith(SECRET) and getattr(settings, name) else str(getattr(settings, name))
                )
        database = settings.DATABASES["default"]
        table.add_row(
            "DATABASE_URL",
            f"postgresql://{database['USER']}:…@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        )
        Console().print(table)
