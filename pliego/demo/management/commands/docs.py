"""`pliego docs generate [--check]`: write docs/generated from the tables, or say which pages are stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.demo import generated_docs


class Command(BaseCommand):
    help = "Write docs/generated from the tables of methods, states, permissions and events."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["generate"])
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            for name in generated_docs.write():
                self.stdout.write(f"docs/generated/{name}")
        elif found := generated_docs.stale():
            raise CommandError("Stale: " + ", ".join(found) + ". Run `make docs`.")
